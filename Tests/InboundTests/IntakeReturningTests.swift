import Foundation
import Glibc
import Testing

@testable import Inbound

/// Claims that come from elsewhere than the folder: an earlier run, the gateway, the quarantine.
@Suite(.timeLimit(.minutes(3))) struct IntakeReturningTests {
    @Test func leftoversComeFirstAndDangerousOnesAlone() async throws {
        let scene = try Scene()
        var ledger = ""
        var time = Scene.time
        for (name, attempt) in [("suspect1", 1), ("waiting1", 0), ("waiting2", 0), ("culprit", 2), ("suspect2", 1)] {
            time += 1
            let claim = try scene.claim(name, at: time)
            if attempt > 0 { ledger += "\(claim.id) \(attempt)\n" }
        }
        try Data(ledger.utf8).write(to: URL(fileURLWithPath: scene.work + "/attempts"))
        try scene.deliver("fresh")
        let intake = scene.intake()
        var batches: [[String]] = []
        for _ in 0..<5 {
            batches.append(try await intake.claimNext().map { "\($0.name) \($0.standing)" })
        }
        // In the order in which they arrived: what a later filing says of a record must not be overwritten by an earlier one.
        #expect(
            batches == [
                ["suspect1 suspect"], ["waiting1 recovered", "waiting2 recovered"], ["culprit culprit"],
                ["suspect2 suspect"], ["fresh fresh"],
            ])
        #expect(scene.notices.codes.contains("inbound.recovered"))
    }

    @Test func claimThatIsLeftIsTakenUpAgainAfterAWhile() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let intake = scene.intake(clock: clock.clock)
        try scene.deliver("x.csv")
        let claim = try #require(try await intake.claimNext().first)
        await intake.leave(claim)
        async let claims = intake.claimNext()
        await clock.untilAlarms(1)
        clock.advance(by: .seconds(60))
        let again = try #require(try await claims.first)
        #expect(again.id == claim.id)
        #expect(again.standing == .recovered)
        #expect(scene.entries(scene.inbound) == [".qiao"])
    }

    @Test func claimThatIsHandedOutComesWithTheNextOnes() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        try scene.deliver("x.csv")
        let claim = try #require(try await intake.claimNext().first)
        let kept = try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "no mapping")
        async let claims = intake.claimNext()
        let again = try await intake.reclaim(kept)
        await intake.handOut(again)
        #expect(try await claims.map(\.id) == [again.id])
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
        clock.advance(by: .seconds(60))
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
