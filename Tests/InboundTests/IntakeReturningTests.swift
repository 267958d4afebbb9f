import Foundation
import Glibc
import Testing

@testable import Inbound

/// Claims that come from elsewhere than the folder: an earlier run, the gateway, the quarantine.
@Suite(.timeLimit(.minutes(1))) struct IntakeReturningTests {
    @Test func leftoversComeFirstAndDangerousOnesAlone() async throws {
        let scene = try Scene()
        var ledger = ""
        for (name, attempt) in [("culprit", 2), ("suspect1", 1), ("waiting", 0), ("suspect2", 1)] {
            let claim = try scene.claim(name)
            if attempt > 0 { ledger += "\(claim.id) \(attempt)\n" }
        }
        try Data(ledger.utf8).write(to: URL(fileURLWithPath: scene.work + "/attempts"))
        try scene.deliver("fresh")
        let intake = scene.intake()
        var batches: [[String]] = []
        for _ in 0..<4 {
            batches.append(try await intake.claimNext().map { "\($0.name) \($0.standing)" })
        }
        // Both suspects were claimed in the same microsecond of the standing clock, so either may come first.
        #expect(batches[..<2] == [["culprit culprit"], ["waiting recovered"]])
        #expect(Set(batches[2...]) == [["suspect1 suspect"], ["suspect2 suspect"]])
        #expect(try await intake.claimNext().map { "\($0.name) \($0.standing)" } == ["fresh fresh"])
        #expect(scene.notices.codes.contains("inbound.recovered"))
    }

    @Test func givenBackFileMustHoldStill() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let intake = scene.intake(clock: clock.clock)
        try scene.deliver("x.csv", "abc")
        let claim = try #require(try await intake.claimNext().first)
        await intake.giveBack(claim)
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv"])
        async let claims = intake.claimNext()
        await clock.untilAlarms(1)
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv"])
        clock.advance(by: .seconds(2))
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    @Test func givenBackFileWhoseNameIsTakenWaits() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        try scene.deliver("x.csv", "old")
        let claim = try #require(try await intake.claimNext().first)
        try scene.deliver("x.csv", "new")
        await intake.giveBack(claim)
        #expect(await scene.notices.first("inbound.return-delayed").file == "x.csv")
        let newer = try #require(try await intake.claimNext().first)
        #expect(try newer.size == 3)
        #expect(try scene.contents(newer.workPath) == "new")
        #expect(try scene.contents(claim.workPath) == "old")
    }

    @Test func reclaimedFilingIsAClaim() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        try scene.deliver("x.csv", "abc")
        let claim = try #require(try await intake.claimNext().first)
        let kept = try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "no mapping")
        let again = try await intake.reclaim(kept)
        #expect(again.id > claim.id)
        #expect(try again.inspect().size == 3)
    }
}
