import Testing

@testable import Inbound

/// Documents and their detached signatures in the state machine: no folder, no clock.
@Suite struct PairSettlingTests {
    static let document = SettlingTests.name("x.csv")
    static let signature = SettlingTests.name("x.csv.p7s")
    static let pair = Settling.Action.claimPair(document, signature: signature, markers: [], proof: .closed)
    static let wait = Duration.seconds(60)

    static func settling(isExpected: Bool, completion: Completion = .closeWrite) -> Settling {
        var settling = Settling(
            completion: completion, ignoring: .usual, pacing: Pacing(rescan: .seconds(600)),
            pairing: Pairing(wait: wait, isExpected: isExpected))
        guard case .scan(nil, _) = settling.next(at: .zero) else { return settling }
        settling.scanned([], isLast: true, at: .zero)
        return settling
    }

    @Test(arguments: [["x.csv", "x.csv.p7s"], ["x.csv.p7s", "x.csv"]], [true, false])
    func bothAreOfferedTogether(_ order: [String], _ isExpected: Bool) {
        var settling = Self.settling(isExpected: isExpected)
        for name in order { settling.heard(SettlingTests.event(.closed, name), at: .zero) }
        #expect(settling.next(at: .zero) == Self.pair)
        settling.claimed(Self.document)
        settling.claimed(Self.signature)
        #expect(settling.next(at: .zero) == .wait(until: .seconds(600)))
    }

    @Test(arguments: ["x.csv.P7S", "x.csv.sig", "x.csv.SIG"])
    func otherSpellingsAreSignaturesToo(_ name: String) {
        var settling = Self.settling(isExpected: true)
        settling.heard(SettlingTests.event(.closed, "x.csv"), at: .zero)
        settling.heard(SettlingTests.event(.closed, name), at: .zero)
        let pair = Settling.Action.claimPair(
            Self.document, signature: SettlingTests.name(name), markers: [], proof: .closed)
        #expect(settling.next(at: .zero) == pair)
    }

    @Test(arguments: [["x.csv", "x.csv.p7s"], ["x.csv.p7s", "x.csv"]])
    func oneWaitsForTheOther(_ order: [String]) {
        var settling = Self.settling(isExpected: true)
        settling.heard(SettlingTests.event(.closed, order[0]), at: .seconds(1))
        #expect(settling.next(at: .seconds(1)) == .wait(until: .seconds(61)))
        #expect(settling.next(at: .seconds(60)) == .wait(until: .seconds(61)))
        settling.heard(SettlingTests.event(.closed, order[1]), at: .seconds(60))
        #expect(settling.next(at: .seconds(60)) == Self.pair)
    }

    @Test(arguments: ["x.csv", "x.csv.p7s"])
    func afterTheWaitOneIsTakenAlone(_ name: String) {
        var settling = Self.settling(isExpected: true)
        settling.heard(SettlingTests.event(.closed, name), at: .zero)
        #expect(settling.next(at: .zero) == .wait(until: Self.wait))
        #expect(settling.next(at: Self.wait) == .claim(SettlingTests.name(name), markers: [], proof: .closed))
    }

    @Test func whereNoneIsExpectedADocumentDoesNotWait() {
        var settling = Self.settling(isExpected: false)
        settling.heard(SettlingTests.event(.closed, "x.csv"), at: .zero)
        #expect(settling.next(at: .zero) == .claim(Self.document, markers: [], proof: .closed))
    }

    @Test func aSignatureThatIsStillBeingWrittenIsWaitedFor() {
        var settling = Self.settling(isExpected: false)
        settling.heard(SettlingTests.event(.created, "x.csv.p7s"), at: .zero)
        settling.heard(SettlingTests.event(.closed, "x.csv"), at: .zero)
        #expect(settling.next(at: .zero) == .wait(until: Pacing().probe))
        settling.heard(SettlingTests.event(.closed, "x.csv.p7s"), at: .seconds(2))
        #expect(settling.next(at: .seconds(2)) == Self.pair)
    }

    @Test(arguments: ["x.asice", "x.xml.p7m", "x.P7", "x.asics", "certificates.p7b"])
    func packagesDoNotWait(_ name: String) {
        var settling = Self.settling(isExpected: true)
        settling.heard(SettlingTests.event(.closed, name), at: .zero)
        #expect(settling.next(at: .zero) == .claim(SettlingTests.name(name), markers: [], proof: .closed))
    }

    @Test func withoutPairingASignatureIsAFileLikeOthers() {
        var settling = SettlingTests.settling(.closeWrite)
        settling.heard(SettlingTests.event(.closed, "x.csv.p7s"), at: .zero)
        #expect(settling.next(at: .zero) == .claim(Self.signature, markers: [], proof: .closed))
    }

    @Test func aRefusedSignatureLeavesTheDocumentWaiting() {
        var settling = Self.settling(isExpected: true)
        settling.heard(SettlingTests.event(.closed, "x.csv"), at: .zero)
        settling.heard(SettlingTests.event(.closed, "x.csv.p7s"), at: .zero)
        #expect(settling.next(at: .zero) == Self.pair)
        settling.signatureRefused(Self.signature, of: Self.document, .written, at: .zero)
        guard case .tell = settling.next(at: .zero) else {
            Issue.record("a writer is told of")
            return
        }
        #expect(settling.next(at: .zero) == .wait(until: Pacing().probe))
        settling.heard(SettlingTests.event(.closed, "x.csv.p7s"), at: .seconds(1))
        #expect(settling.next(at: .seconds(1)) == Self.pair)
    }

    @Test func aRefusedDocumentLeavesItsSignatureWaiting() {
        var settling = Self.settling(isExpected: false)
        for name in ["x.csv.p7s", "x.csv"] { settling.heard(SettlingTests.event(.closed, name), at: .zero) }
        #expect(settling.next(at: .zero) == Self.pair)
        settling.refused(Self.document, .vanished, at: .zero)
        settling.release(Self.signature, at: .zero)
        guard case .tell = settling.next(at: .zero) else {
            Issue.record("what vanished is told of")
            return
        }
        #expect(settling.next(at: .zero) == .wait(until: Self.wait))
        settling.heard(SettlingTests.event(.closed, "x.csv"), at: .seconds(3))
        #expect(settling.next(at: .seconds(3)) == Self.pair)
    }

    @Test func theMarkerOfTheDocumentSpeaksForThePair() {
        var settling = Self.settling(isExpected: true, completion: .marker())
        settling.heard(SettlingTests.event(.closed, "x.csv"), at: .zero)
        settling.heard(SettlingTests.event(.closed, "x.csv.p7s"), at: .zero)
        #expect(settling.next(at: .zero) == .wait(until: Self.wait))
        settling.heard(SettlingTests.event(.closed, "x.csv.done"), at: .seconds(2))
        #expect(
            settling.next(at: .seconds(2))
                == .claimPair(
                    Self.document, signature: Self.signature, markers: [SettlingTests.name("x.csv.done")],
                    proof: .closed))
    }

    @Test func whatAScanFindsIsPairedToo() {
        var settling = Settling(
            completion: .rename, ignoring: .usual, pacing: Pacing(), pairing: Pairing(wait: Self.wait))
        guard case .scan = settling.next(at: .zero) else {
            Issue.record("the start scans")
            return
        }
        settling.scanned([Self.document, Self.signature], isLast: true, at: .zero)
        #expect(
            settling.next(at: .zero)
                == .claimPair(Self.document, signature: Self.signature, markers: [], proof: .sighted))
    }

    /// Answers an offer of a pair in one of the ways there are.
    static func answer(
        _ name: FileName, _ signature: FileName, _ settling: inout Settling, _ now: Duration, _ random: inout SplitMix64
    ) {
        let refusals: [Settling.Refusal] = [.vanished, .written, .postponed]
        switch Int.random(in: 0..<8, using: &random) {
        case let choice where choice < 2:
            settling.refused(name, refusals[choice], at: now)
            settling.release(signature, at: now)
        case let choice where choice < 4:
            settling.signatureRefused(signature, of: name, refusals[choice - 2], at: now)
        default:
            settling.claimed(name)
            settling.claimed(signature)
        }
    }
}
