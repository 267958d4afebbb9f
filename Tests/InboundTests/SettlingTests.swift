import Glibc
import Testing

@testable import Inbound

/// The state machine by itself: no folder, no clock.
@Suite struct SettlingTests {
    static func shape(size: Int, modified: Int64 = 1, inode: UInt64 = 1) -> FileShape {
        var shape = FileShape(stat())
        shape.kind = .regular
        shape.size = size
        shape.modified = modified
        shape.changed = modified
        shape.inode = inode
        return shape
    }

    static func settling(_ completion: Completion, pacing: Pacing = Pacing()) -> Settling {
        var settling = Settling(completion: completion, ignoring: .usual, pacing: pacing)
        guard case .scan(nil, _) = settling.next(at: .zero) else { return settling }
        settling.scanned([], isLast: true, at: .zero)
        return settling
    }

    static func name(_ text: String) -> FileName { FileName(trusted: Array(text.utf8)) }

    static func event(_ kind: FolderEvent.Kind, _ text: String) -> FolderEvent {
        FolderEvent(kind: kind, name: name(text))
    }

    @Test func startScansFirst() {
        var settling = Settling(completion: .closeWrite, ignoring: .usual, pacing: Pacing())
        #expect(settling.next(at: .zero) == .scan(after: nil, limit: 8192))
    }

    struct EventCase: Sendable, CustomTestStringConvertible {
        var completion: Completion
        var kind: FolderEvent.Kind
        var name: String
        var isClaimed: Bool
        var testDescription: String { "\(completion) \(kind) \(name)" }
    }

    @Test(arguments: [
        EventCase(completion: .closeWrite, kind: .closed, name: "x.csv", isClaimed: true),
        EventCase(completion: .closeWrite, kind: .arrived, name: "x.csv", isClaimed: true),
        EventCase(completion: .closeWrite, kind: .created, name: "x.csv", isClaimed: false),
        EventCase(completion: .closeWrite, kind: .closed, name: "x.csv.part", isClaimed: false),
        EventCase(completion: .closeWrite, kind: .closed, name: ".x.csv", isClaimed: false),
        EventCase(completion: .rename, kind: .arrived, name: "x.csv", isClaimed: true),
        EventCase(completion: .rename, kind: .closed, name: "x.csv", isClaimed: false),
        EventCase(completion: .rename, kind: .closed, name: "x.csv.tmp", isClaimed: false),
        EventCase(completion: .marker(), kind: .closed, name: "x.csv", isClaimed: false),
        EventCase(completion: .marker(), kind: .arrived, name: "x.csv", isClaimed: false),
        EventCase(completion: .stable(), kind: .closed, name: "x.csv", isClaimed: false),
    ])
    func eventAlone(_ test: EventCase) {
        var settling = Self.settling(test.completion)
        settling.heard(Self.event(test.kind, test.name), at: .zero)
        let isClaim = settling.next(at: .zero) == .claim(Self.name("x.csv"), markers: [], proof: .closed)
        #expect(isClaim == test.isClaimed)
    }

    @Test(arguments: [".done", ".ok", ".sha256", ".DONE"])
    func markerSpeaksForItsFile(suffix: String) {
        var settling = Self.settling(.marker())
        settling.heard(Self.event(.closed, "x.csv"), at: .zero)
        settling.heard(Self.event(.closed, "x.csv" + suffix), at: .zero)
        #expect(
            settling.next(at: .zero)
                == .claim(Self.name("x.csv"), markers: [Self.name("x.csv" + suffix)], proof: .closed))
    }

    @Test func markerBeforeItsFileWaitsAndIsToldOnce() {
        var settling = Self.settling(.marker())
        settling.heard(Self.event(.closed, "x.csv.done"), at: .zero)
        guard case .claim(let name, let markers, _) = settling.next(at: .zero) else {
            Issue.record("expected a claim")
            return
        }
        settling.refused(name, .vanished, at: .zero)
        guard case .tell(let notice) = settling.next(at: .zero) else {
            Issue.record("expected a notice")
            return
        }
        #expect(notice.code == "inbound.marker-without-file")
        #expect(notice.file == "x.csv.done")
        settling.heard(Self.event(.closed, "x.csv.done"), at: .zero)
        _ = settling.next(at: .zero)
        settling.refused(name, .vanished, at: .zero)
        guard case .wait = settling.next(at: .zero) else {
            Issue.record("told twice")
            return
        }
        settling.heard(Self.event(.arrived, "x.csv"), at: .zero)
        #expect(settling.next(at: .zero) == .claim(name, markers: markers, proof: .closed))
    }

    @Test(arguments: [".md5", ".sha1"])
    func weakChecksumIsToldAndSpeaksForNothing(suffix: String) {
        var settling = Self.settling(.marker())
        settling.heard(Self.event(.closed, "x.csv" + suffix), at: .zero)
        guard case .tell(let notice) = settling.next(at: .zero), case .wait = settling.next(at: .zero) else {
            Issue.record("expected one notice")
            return
        }
        #expect(notice.code == "inbound.weak-checksum")
    }

    @Test func fileWithAWriterWaitsForItsClose() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("x.csv")
        settling.heard(Self.event(.arrived, "x.csv"), at: .zero)
        _ = settling.next(at: .zero)
        settling.refused(name, .written, at: .zero)
        guard case .tell(let notice) = settling.next(at: .zero) else {
            Issue.record("expected a notice")
            return
        }
        #expect(notice.code == "inbound.still-written")
        #expect(settling.next(at: .seconds(1)) == .wait(until: .seconds(5)))
        settling.heard(Self.event(.closed, "x.csv"), at: .seconds(1))
        #expect(settling.next(at: .seconds(1)) == .claim(name, markers: [], proof: .closed))
    }

    @Test func closeThatWasMissedIsFoundByProbing() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("x.csv")
        settling.heard(Self.event(.created, "x.csv"), at: .zero)
        #expect(settling.next(at: .zero) == .wait(until: .seconds(5)))
        #expect(settling.next(at: .seconds(5)) == .claim(name, markers: [], proof: .sighted))
    }

    @Test func closeThatWasLostInAnOverflowIsFoundByTheScan() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("x.csv")
        settling.heard(Self.event(.created, "x.csv"), at: .zero)
        settling.lostTrack(at: .zero)
        guard case .scan = settling.next(at: .zero) else {
            Issue.record("expected a scan")
            return
        }
        #expect(!settling.passesOver(name))
        settling.scanned([name], isLast: true, at: .zero)
        #expect(settling.next(at: .zero) == .claim(name, markers: [], proof: .sighted))
    }

    @Test func unprovenFileMustHoldStillFromOurFirstSighting() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("x.csv")
        settling.lostTrack(at: .zero)
        _ = settling.next(at: .zero)
        settling.scanned([name], isLast: true, at: .zero)
        #expect(settling.next(at: .zero) == .claim(name, markers: [], proof: .sighted))
        settling.refused(name, .unproven(Self.shape(size: 1)), at: .zero)
        #expect(settling.next(at: .seconds(1)) == .wait(until: .seconds(60)))
        settling.scanned([], isLast: true, at: .seconds(60))
        #expect(settling.next(at: .seconds(60)) == .look(name))
        settling.looked(at: name, shape: Self.shape(size: 2), at: .seconds(60))
        #expect(settling.next(at: .seconds(60)) == .wait(until: .seconds(120)))
        settling.scanned([], isLast: true, at: .seconds(120))
        #expect(settling.next(at: .seconds(120)) == .look(name))
        settling.looked(at: name, shape: Self.shape(size: 2), at: .seconds(120))
        #expect(settling.next(at: .seconds(120)) == .claim(name, markers: [], proof: .steady))
    }

    /// An upload by another user over a bad line: it pauses for half a minute, and nobody can ask the kernel for its writer.
    @Test func uploadThatPausesIsNotTakenForWhole() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("x.csv")
        settling.heard(Self.event(.created, "x.csv"), at: .zero)
        #expect(settling.next(at: .seconds(5)) == .claim(name, markers: [], proof: .sighted))
        settling.refused(name, .unproven(Self.shape(size: 1)), at: .seconds(5))
        #expect(settling.next(at: .seconds(35)) == .wait(until: .seconds(60)))
        settling.heard(Self.event(.closed, "x.csv"), at: .seconds(36))
        #expect(settling.next(at: .seconds(36)) == .claim(name, markers: [], proof: .closed))
    }

    enum Change: CaseIterable { case none, size, modified, inode, vanished }

    @Test(arguments: Change.allCases)
    func stableCountsFromTheFirstSighting(change: Change) {
        var settling = Self.settling(.stable(period: .seconds(10), polling: .seconds(1)))
        let name = Self.name("x.csv")
        settling.lostTrack(at: .zero)
        _ = settling.next(at: .zero)
        settling.scanned([name], isLast: true, at: .zero)
        #expect(settling.next(at: .zero) == .look(name))
        // The file's own time says that it is decades old: copies keep it, so it counts for nothing.
        settling.looked(at: name, shape: Self.shape(size: 5, modified: 1), at: .zero)
        guard case .scan = settling.next(at: .seconds(10)) else {
            Issue.record("expected the poll")
            return
        }
        settling.scanned([], isLast: true, at: .seconds(10))
        #expect(settling.next(at: .seconds(10)) == .look(name))
        let seen: FileShape? =
            switch change {
            case .none: Self.shape(size: 5)
            case .size: Self.shape(size: 6)
            case .modified: Self.shape(size: 5, modified: 2)
            case .inode: Self.shape(size: 5, inode: 2)
            case .vanished: nil
            }
        settling.looked(at: name, shape: seen, at: .seconds(10))
        switch settling.next(at: .seconds(10)) {
        case .claim(name, _, .steady): #expect(change == .none)
        case .wait(let until): #expect(change != .none && until == .seconds(11))
        case let action: Issue.record("\(action)")
        }
        #expect(settling.candidates[name] == nil ? change == .vanished : true)
    }

    @Test func specialFileIsToldOncePerName() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("pipe")
        var told = 0
        for _ in 0..<3 {
            settling.heard(Self.event(.arrived, "pipe"), at: .zero)
            while true {
                let action = settling.next(at: .zero)
                if case .claim = action { settling.refused(name, .special(.fifo), at: .zero) }
                if case .tell = action { told += 1 }
                if case .wait = action { break }
            }
        }
        #expect(told == 1)
    }

    @Test func toldNamesAreForgottenWhenTheyAreGone() {
        var settling = Self.settling(.closeWrite)
        let name = Self.name("pipe")
        func refuse(_ settling: inout Settling) -> Int {
            settling.heard(Self.event(.arrived, "pipe"), at: .zero)
            var told = 0
            while true {
                switch settling.next(at: .zero) {
                case .claim: settling.refused(name, .special(.fifo), at: .zero)
                case .tell: told += 1
                default: return told
                }
            }
        }
        #expect(refuse(&settling) == 1)
        settling.lostTrack(at: .zero)
        _ = settling.next(at: .zero)
        settling.scanned([], isLast: true, at: .zero)
        #expect(refuse(&settling) == 1)
    }

    @Test func beyondTheCapacityNamesStayForAScan() {
        var settling = Self.settling(.closeWrite, pacing: Pacing(capacity: 16))
        for index in 0..<100 { settling.heard(Self.event(.closed, "f\(index)"), at: .zero) }
        #expect(settling.candidates.count == 16)
        var claimed = 0
        var action = settling.next(at: .zero)
        while case .claim(let name, _, _) = action {
            settling.claimed(name)
            claimed += 1
            action = settling.next(at: .zero)
        }
        // With half of the room free again it looks for the rest.
        #expect(claimed == 8)
        #expect(action == .scan(after: nil, limit: 8))
    }

    @Test func scanGoesOnBehindItsLastName() {
        var settling = Settling(completion: .closeWrite, ignoring: .usual, pacing: Pacing(capacity: 16))
        #expect(settling.next(at: .zero) == .scan(after: nil, limit: 16))
        settling.scanned((0..<16).map { Self.name("a\($0 + 10)") }, isLast: false, at: .zero)
        for _ in 0..<16 {
            guard case .claim(let name, _, _) = settling.next(at: .zero) else {
                Issue.record("expected a claim")
                return
            }
            settling.claimed(name)
        }
        #expect(settling.next(at: .zero) == .scan(after: Self.name("a25"), limit: 16))
    }

    @Test func rescanComesByItself() {
        var settling = Self.settling(.closeWrite)
        #expect(settling.next(at: .seconds(1)) == .wait(until: .seconds(60)))
        #expect(settling.next(at: .seconds(60)) == .scan(after: nil, limit: 8192))
    }

    @Test func postponedFileIsTheNextAgain() {
        var settling = Self.settling(.closeWrite)
        settling.heard(Self.event(.closed, "a"), at: .zero)
        settling.heard(Self.event(.closed, "b"), at: .zero)
        let first = settling.next(at: .zero)
        settling.refused(Self.name("a"), .postponed, at: .zero)
        #expect(settling.next(at: .zero) == first)
    }

    @Test func waitNeverLiesInThePast() {
        var random = SplitMix64(seed: 3)
        for round in 0..<200 {
            let completion: Completion = [.closeWrite, .rename, .marker(), .stable()][round % 4]
            let pairings = [nil, Pairing(wait: .seconds(1)), Pairing(wait: .seconds(1), isExpected: true)]
            var settling = Settling(
                completion: completion, ignoring: .usual, pacing: Pacing(capacity: 16), pairing: pairings[round % 3])
            var now = Duration.zero
            for _ in 0..<200 { step(&settling, &now, &random) }
            // However it got here, it must come to rest.
            var steps = 0
            while steps < 10_000 {
                let action = settling.next(at: now)
                if case .wait(let until) = action {
                    #expect(until > now)
                    break
                }
                answer(action, &settling, now, &random)
                steps += 1
            }
            #expect(steps < 10_000)
            #expect(settling.candidates.count <= 16)
        }
    }

    private func step(_ settling: inout Settling, _ now: inout Duration, _ random: inout SplitMix64) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: now += .milliseconds(Int.random(in: 0...3000, using: &random))
        case 1:
            let kinds: [FolderEvent.Kind] = [.created, .closed, .arrived]
            let suffix = ["", ".done", ".sha256", ".part", ".md5", ".p7s", ".sig"].randomElement(using: &random) ?? ""
            let text = "f\(Int.random(in: 0..<30, using: &random))\(suffix)"
            settling.heard(Self.event(kinds.randomElement(using: &random) ?? .closed, text), at: now)
        case 2: settling.lostTrack(at: now)
        default: answer(settling.next(at: now), &settling, now, &random)
        }
    }

    private func answer(
        _ action: Settling.Action, _ settling: inout Settling, _ now: Duration, _ random: inout SplitMix64
    ) {
        switch action {
        case .claim(let name, _, let proof):
            let refusals: [Settling.Refusal] = [
                .vanished, .written, .special(.fifo), .unproven(Self.shape(size: 1)),
            ]
            let choice = Int.random(in: 0..<8, using: &random)
            if choice < 4, !(choice == 3 && proof != .sighted) {
                settling.refused(name, refusals[choice], at: now)
            } else {
                settling.claimed(name)
            }
        case .claimPair(let name, let signature, _, _):
            PairSettlingTests.answer(name, signature, &settling, now, &random)
        case .look(let name):
            let size = Int.random(in: 0..<3, using: &random)
            settling.looked(at: name, shape: size == 0 ? nil : Self.shape(size: size), at: now)
        case .scan(let after, let limit):
            let count = Int.random(in: 0..<8, using: &random)
            let names: [FileName] = after == nil ? (0..<count).map { index in Self.name("g\(index)") } : []
            settling.scanned(Array(names.prefix(limit)), isLast: Bool.random(using: &random), at: now)
        case .tell, .wait: break
        }
    }
}
