import Foundation
import Glibc
import Testing

@testable import Inbound

/// A document and its detached signature as one claim, in a real folder.
@Suite(.timeLimit(.minutes(3))) struct PairClaimingTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private static let pairing = Pairing(wait: .seconds(60), isExpected: true)
    // Processes that other tests fork can hold our files open for a moment.
    private static let pacing = Pacing(retry: .milliseconds(5), probe: .milliseconds(5), unproven: .milliseconds(5))

    private func intake(_ clock: InboundClock = .system, _ pairing: Pairing = Self.pairing) -> Intake {
        scene.intake(.rename, clock: clock, pacing: Self.pacing, pairing: pairing)
    }

    private func claim(_ intake: Intake, first: String = "x.csv", then: String = "x.csv.p7s") async throws
        -> ClaimedFiling
    {
        let texts = ["x.csv": "abc", "x.csv.p7s": "def"]
        try scene.deliver(first, texts[first] ?? "")
        try scene.deliver(then, texts[then] ?? "")
        let claims = try await intake.claimNext(limit: 9)
        #expect(claims.count == 1)
        return try #require(claims.first)
    }

    private func hash(_ text: String) -> FilingHash { FilingHash(of: Array(text.utf8)) }

    @Test(arguments: [["x.csv", "x.csv.p7s"], ["x.csv.p7s", "x.csv"]])
    func bothAreOneFiling(_ order: [String]) async throws {
        let claim = try await claim(intake(), first: order[0], then: order[1])
        #expect(claim.name.displayed == "x.csv")
        #expect(claim.signatureName?.displayed == "x.csv.p7s")
        let inspection = try claim.inspect()
        #expect(inspection.hash == hash("abcdef"))
        #expect(inspection.documentHash == hash("abc"))
        #expect(inspection.size == 6)
        #expect(inspection.head == Array("abc".utf8))
        var bytes: [UInt8] = []
        try claim.signatureBytes()?.read(at: 1, count: 9, into: &bytes)
        try claim.bytes().read(at: 0, count: 2, into: &bytes)
        #expect(bytes == Array("efab".utf8))
        #expect(scene.entries(scene.inbound) == [".qiao"])
    }

    @Test func oneWaitsInTheFolderUntilTheOtherComes() async throws {
        let clock = StandingClock()
        let intake = intake(clock.clock)
        try scene.deliver("x.csv", "abc")
        let claims = Task { try await intake.claimNext() }
        await clock.untilAlarms(1)
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv"])
        try scene.deliver("x.csv.p7s", "def")
        #expect(try await claims.value.first?.signatureName != nil)
    }

    @Test func afterTheWaitTheDocumentComesAlone() async throws {
        let clock = StandingClock()
        let intake = intake(clock.clock)
        try scene.deliver("x.csv", "abc")
        let claims = Task { try await intake.claimNext() }
        await clock.untilAlarms(1)
        clock.advance(by: .seconds(60))
        let claim = try #require(try await claims.value.first)
        #expect(claim.signatureName == nil)
        #expect(try claim.signatureBytes() == nil)
    }

    @Test func bothAreArchivedTogether() async throws {
        let claim = try await claim(intake())
        let hash = try claim.inspect().hash
        let kept = try claim.archive(into: scene.archive, hash: hash)
        #expect(try scene.contents(kept.description) == "abc")
        #expect(try scene.contents(kept.description + ".p7s") == "def")
        #expect(kept.signature?.description == kept.description + ".p7s")
        #expect(scene.claimed == [])
        #expect(scene.entries(scene.inbound) == [".qiao"])
    }

    @Test func sameLieInQuarantineAndAreTriedAgainTogether() async throws {
        let intake = intake()
        let claim = try await claim(intake)
        let kept = try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "x")
        let names = ["", ".p7s", ".reason.txt"].map { kept.description + $0 }
        #expect(names.allSatisfy { scene.exists($0) })
        let again = try await intake.reclaim(kept)
        #expect(try again.inspect().hash == hash("abcdef"))
        #expect(again.signatureName?.displayed == "x.csv.p7s")
        #expect(!scene.exists(kept.description + ".p7s"))
    }

    @Test func bothAreGivenBack() async throws {
        let intake = intake()
        let claim = try await claim(intake)
        try claim.putBack()
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv", "x.csv.p7s"])
        #expect(scene.claimed == [])
    }

    @Test(arguments: ["x.csv", "x.csv.p7s"])
    func neitherGoesBackWhereANameIsTaken(_ name: String) async throws {
        let claim = try await claim(intake())
        try scene.deliver(name, "newer")
        #expect(throws: InboundError.self) { try claim.putBack() }
        #expect(scene.entries(scene.inbound) == [".qiao", name])
        #expect(try scene.contents(scene.inbound + "/" + name) == "newer")
        #expect(try claim.inspect().hash == hash("abcdef"))
    }

    @Test func afterARestartTheClaimIsWhole() async throws {
        do { _ = try await claim(intake()) }
        let claim = try #require(try await intake().claimNext().first)
        #expect(claim.standing == .recovered)
        #expect(try claim.inspect().hash == hash("abcdef"))
    }

    @Test func aCrashBetweenTheTwoMovesLosesNothing() async throws {
        do { _ = try await claim(intake()) }
        let sidecar = try #require(scene.claimed.first { $0.hasSuffix(".sidecar.p7s") })
        try #require(rename("\(scene.work)/\(sidecar)", "\(scene.inbound)/x.csv.p7s") == 0)
        let claim = try #require(try await intake().claimNext().first)
        #expect(try claim.inspect().hash == hash("abcdef"))
    }

    @Test func aCrashWhileArchivingIsFinished() async throws {
        let hash: FilingHash
        do {
            let claim = try await claim(intake())
            hash = try claim.inspect().hash
            // As far as the crash let it come: the signature is in both places.
            let folder = scene.archive.path + "/test/2026-11-21"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let sidecar = try #require(scene.claimed.first { $0.hasSuffix(".sidecar.p7s") })
            try #require(link("\(scene.work)/\(sidecar)", "\(folder)/\(hash.short)-x.csv.p7s") == 0)
        }
        let claim = try #require(try await intake().claimNext().first)
        #expect(try claim.inspect().hash == hash)
        let kept = KeepFolder(path: scene.archive.path).place(
            source: "test", id: claim.id, hash: hash, name: claim.name)
        #expect(try claim.archive(into: scene.archive, hash: hash) == kept)
        #expect(kept.signature != nil)
        #expect(scene.claimed == [])
    }

    @Test func aLinkIsNoSignature() async throws {
        try scene.deliver("y", "def")
        try #require(symlink(scene.inbound + "/y", scene.inbound + "/x.csv.p7s") == 0)
        try scene.deliver("x.csv", "abc")
        let intake = intake(.system, Pairing(wait: .zero))
        var names: [String] = []
        while names.count < 2 { names += try await intake.claimNext().map(\.name.displayed) }
        #expect(names.sorted() == ["x.csv", "y"])
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv.p7s"])
    }
}
