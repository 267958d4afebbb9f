import Findings
import Foundation
import Glibc
import Testing

@testable import Inbound

/// What a new process makes of what a killed one left. To end a process is to drop everything that it held.
@Suite struct RecoveryTests {
    struct Leftover: Sendable, CustomTestStringConvertible {
        var entries: [String]
        var ledger = ""
        var group: String
        var testDescription: String { "\(entries) \(ledger)" }
    }

    static let id = "20261121T000000123456Z-00000001"
    static let long = String(repeating: "n", count: 250)

    /// An inbound disk that is full would keep its own files from being taken in, could an attempt not be written down.
    @Test func attemptsNeedNoMoreRoomThanTheLedgerHasFromTheStart() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        _ = try work.recover()
        func size() throws -> Int { try Data(contentsOf: URL(fileURLWithPath: scene.work + "/attempts")).count }
        let before = try size()
        let claims = try (0..<64).map { index in
            try scene.deliver("\(index).csv")
            return try scene.claimed(work, "\(index).csv")
        }
        for claim in claims { try claim.beginAttempt() }
        #expect(try size() == before)
        for claim in claims { try claim.endAttempt() }
        _ = try work.recover()
        #expect(try size() == before)
    }

    @Test(arguments: [
        Leftover(entries: ["\(id)-x.csv"], group: "waiting"),
        Leftover(entries: ["\(id)-x.csv", "\(id).sidecar.sha256"], group: "waiting"),
        Leftover(entries: ["\(id)/\(long)"], group: "waiting"),
        Leftover(entries: ["\(id)-x.csv"], ledger: "\(id) 1\n", group: "suspect"),
        Leftover(entries: ["\(id)/\(long)"], ledger: "\(id) 1\n", group: "suspect"),
        Leftover(entries: ["\(id)-x.csv"], ledger: "\(id) 2\n", group: "culprit"),
        Leftover(entries: ["\(id)-x.csv"], ledger: "\(id) 2\n\(id) 1\n", group: "culprit"),
        Leftover(entries: ["\(id)-x.csv"], ledger: "\(id) 7\n", group: "waiting"),
        Leftover(entries: ["\(id)-x.csv"], ledger: "\0\0 damaged \n\(id)", group: "waiting"),
        Leftover(entries: ["\(id)-x.csv"], ledger: "20261121T000000123456Z-00000002 1\n", group: "waiting"),
        Leftover(entries: ["\(id)/"], group: "nothing"),
        Leftover(entries: ["\(id).sidecar.done"], ledger: "\(id) 1\n", group: "nothing"),
        Leftover(entries: ["\(id)/x.csv"], group: "foreign"),
        Leftover(entries: ["holiday photos/x.csv"], group: "foreign"),
        Leftover(entries: ["20261321T000000123456Z-00000001-x.csv"], group: "foreign"),
    ])
    func leftoversAreSorted(_ leftover: Leftover) throws {
        let scene = try Scene()
        try FileManager.default.createDirectory(atPath: scene.work, withIntermediateDirectories: true)
        try #require(chmod(scene.work, 0o700) == 0)
        for entry in leftover.entries {
            let path = scene.work + "/" + entry
            let folder = String(path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex))
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if !path.hasSuffix("/") { try Data("abc".utf8).write(to: URL(fileURLWithPath: path)) }
        }
        try Data(leftover.ledger.utf8).write(to: URL(fileURLWithPath: scene.work + "/attempts"))
        let work = try WorkFolder(scene.folder())
        let found = try work.recover()
        let groups = [
            "waiting": found.waiting.count, "suspect": found.suspects.count, "culprit": found.culprits.count,
            "foreign": found.foreign.count,
        ].filter { $0.value > 0 }
        #expect(groups == (leftover.group == "nothing" ? [:] : [leftover.group: 1]))
        #expect(scene.claimed.isEmpty == (leftover.group == "nothing"))
        for claim in found.waiting + found.suspects + found.culprits {
            #expect(try work.open(claim)?.inspect().size == 3)
        }
    }

    @Test func claimsThatAreHeldAreNoLeftovers() throws {
        let scene = try Scene()
        try scene.deliver("x.csv")
        let work = try WorkFolder(scene.folder())
        do {
            let claim = try scene.claimed(work, "x.csv")
            #expect(try work.recover().count == 0)
            withExtendedLifetime(claim) {}
        }
        #expect(try work.recover().waiting.count == 1)
    }

    /// An hour back between each two claims, and a run that ends between the second and the third.
    @Test func claimsKeepTheirOrderWhenTheClockIsSetBack() throws {
        let scene = try Scene()
        let hour: Int64 = 3_600_000_000
        for name in ["1.csv", "2.csv", "3.csv"] { try scene.deliver(name) }
        do {
            let work = try WorkFolder(scene.folder())
            let first = try scene.claimed(work, "1.csv")
            let second = try scene.claimed(work, "2.csv", at: Scene.time - hour)
            withExtendedLifetime((first, second)) {}
        }
        let work = try WorkFolder(scene.folder())
        let recovered = try work.recover().waiting
        #expect(recovered.map(\.name.displayed) == ["1.csv", "2.csv"])
        do {
            let held = try recovered.compactMap { try work.open($0) }
            let third = try scene.claimed(work, "3.csv", at: Scene.time - 2 * hour)
            withExtendedLifetime((held, third)) {}
        }
        #expect(try work.recover().waiting.map(\.name.displayed) == ["1.csv", "2.csv", "3.csv"])
    }

    /// The time of a claim is the time of receipt: it must not stay wrong for good.
    @Test func clockIsBelievedAgainWhenNothingIsHeld() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        for (name, time) in [("1.csv", Scene.time), ("2.csv", Scene.time - 1000)] {
            try scene.deliver(name)
            #expect(try scene.claimed(work, name, at: time).id.microseconds == time)
        }
    }

    @Test func attemptIsRecordedWhileItRuns() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        try claim.beginAttempt()
        #expect(try scene.contents(scene.work + "/attempts") == "\(claim.id) 1\n")
        try claim.endAttempt()
        #expect(try scene.contents(scene.work + "/attempts").allSatisfy(\.isWhitespace))
        try claim.endAttempt()
        try claim.beginAttempt()
        try claim.archive(into: scene.archive, hash: try claim.inspect().hash)
        #expect(scene.claimed == [])
        #expect(try scene.contents(scene.work + "/attempts").allSatisfy(\.isWhitespace))
    }

    @Test func ledgerGrowsNoLongerThanTheAttemptsThatRunAtOnce() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        for round in 0..<50 {
            let names = (0..<3).map { "f\(round)-\($0)" }
            for name in names { try scene.deliver(name) }
            let claims = try names.map { try scene.claimed(work, $0) }
            for claim in claims { try claim.beginAttempt() }
            for claim in claims { try claim.endAttempt() }
        }
        #expect(try scene.contents(scene.work + "/attempts").utf8.count == 3 * 34)
    }

    @Test func filingThatKillsTheProcessIsTriedOnceMoreAloneThenQuarantined() throws {
        let scene = try Scene()
        try scene.claim("x.csv", "abc").beginAttempt()
        // The process ends here, and again below.
        do {
            let work = try WorkFolder(scene.folder())
            let found = try #require(try work.recover().suspects.first)
            let claim = try #require(try work.open(found))
            #expect(claim.standing == .suspect)
            try claim.beginAttempt()
            #expect(try scene.contents(scene.work + "/attempts").hasPrefix("\(claim.id) 2\n"))
        }
        let work = try WorkFolder(scene.folder())
        let recovered = try work.recover()
        #expect(recovered.suspects.isEmpty)
        let found = try #require(recovered.culprits.first)
        let claim = try #require(try work.open(found))
        #expect(claim.standing == .culprit)
        try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "filing.crashed")
        #expect(scene.claimed == [])
        #expect(scene.entries(scene.quarantine.path + "/test/2026-11-21").count == 2)
    }

    @Test(arguments: [
        (AttemptLedger.Attempt.none, ClaimedFiling.Standing.recovered, ClaimedFiling.Standing.recovered),
        (.first, .suspect, .suspect), (.second, .culprit, .suspect), (.third, .culprit, .suspect),
        (.fourth, .culprit, .suspect), (.last, .culprit, .culprit),
    ])
    func whoeverIsKilledFromOutsideIsNotAccusedAtOnce(
        attempt: AttemptLedger.Attempt, afterCrash: ClaimedFiling.Standing, afterKill: ClaimedFiling.Standing
    ) {
        #expect(attempt.standing(afterCrash: true) == afterCrash)
        #expect(attempt.standing(afterCrash: false) == afterKill)
    }

    @Test func suspectThatIsKilledFromOutsideEachTimeIsAccusedInTheEnd() throws {
        let scene = try Scene()
        var folder = scene.folder()
        folder.lastRunCrashed = false
        try scene.claim("x.csv", "abc").beginAttempt()
        var standings: [ClaimedFiling.Standing] = []
        for _ in 0..<5 {
            let work = try WorkFolder(folder)
            let recovered = try work.recover()
            let found = try #require((recovered.suspects + recovered.culprits).first)
            let claim = try #require(try work.open(found))
            standings.append(claim.standing)
            if claim.standing == .suspect { try claim.beginAttempt() }
        }
        #expect(standings == [.suspect, .suspect, .suspect, .suspect, .culprit])
    }

    @Test func suspectThatSurvivesIsLikeAnyOther() throws {
        let scene = try Scene()
        try scene.claim("x.csv", "abc").beginAttempt()
        do {
            let work = try WorkFolder(scene.folder())
            let found = try #require(try work.recover().suspects.first)
            let claim = try #require(try work.open(found))
            try claim.beginAttempt()
            try claim.endAttempt()
        }
        #expect(try WorkFolder(scene.folder()).recover().waiting.count == 1)
    }

    @Test func suspectThatWasNotTriedStaysASuspect() throws {
        let scene = try Scene()
        try scene.claim("x.csv", "abc").beginAttempt()
        for _ in 0..<3 { #expect(try WorkFolder(scene.folder()).recover().suspects.count == 1) }
    }

    @Test func sidecarThatTheCrashLeftBehindIsFetched() throws {
        let scene = try Scene()
        _ = try scene.claim("x.csv", "abc")
        try scene.deliver("x.csv.sha256", String(repeating: "0", count: 64))
        let work = try WorkFolder(scene.folder(.marker()))
        let found = try #require(try work.recover().waiting.first)
        let claim = try #require(try work.open(found))
        #expect(try claim.inspect().findings.map(\.code) == ["filing.checksum-mismatch"])
    }

    @Test func sidecarOfANewerFileIsNotFetched() throws {
        let scene = try Scene()
        _ = try scene.claim("x.csv", "abc")
        try scene.deliver("x.csv", "newer")
        try scene.deliver("x.csv.sha256", String(repeating: "0", count: 64))
        let work = try WorkFolder(scene.folder(.marker()))
        let found = try #require(try work.recover().waiting.first)
        let claim = try #require(try work.open(found))
        #expect(claim.sidecarNames == [])
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv", "x.csv.sha256"])
    }

    enum CrashPoint: CaseIterable { case beforeTheMove, afterTheMove, afterTheCopy, afterTheSidecar }

    @Test(arguments: CrashPoint.allCases)
    func archivingIsFinishedAfterACrash(point: CrashPoint) throws {
        let scene = try Scene()
        let kept: KeptFiling
        do {
            let claim = try scene.claim("x.csv", "abc")
            kept = scene.archive.place(
                source: "test", id: claim.id, hash: try claim.inspect().hash, name: claim.name)
            let folder = kept.folder.displayed
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            switch point {
            case .beforeTheMove: break
            case .afterTheMove: try #require(rename(claim.workPath, kept.description) == 0)
            case .afterTheCopy: try FileManager.default.copyItem(atPath: claim.workPath, toPath: kept.description)
            case .afterTheSidecar:
                try Data().write(to: URL(fileURLWithPath: "\(scene.work)/\(claim.id).sidecar.sha256"))
                try #require(rename(claim.workPath, kept.description) == 0)
            }
        }
        let work = try WorkFolder(scene.folder())
        for waiting in try work.recover().waiting {
            let claim = try #require(try work.open(waiting))
            #expect(try claim.archive(into: scene.archive, hash: try claim.inspect().hash) == kept)
        }
        #expect(scene.claimed == [])
        #expect(scene.entries(kept.folder.displayed) == ["ba7816bf8f01-x.csv"])
        #expect(try scene.contents(kept.description) == "abc")
    }

    @Test func recoveredClaimThatVanishedIsPassedOver() throws {
        let scene = try Scene()
        _ = try scene.claim("x.csv", "abc")
        let work = try WorkFolder(scene.folder())
        let found = try #require(try work.recover().waiting.first)
        try FileManager.default.removeItem(atPath: "\(scene.work)/\(found.id)-x.csv")
        #expect(try work.open(found) == nil)
    }
}
