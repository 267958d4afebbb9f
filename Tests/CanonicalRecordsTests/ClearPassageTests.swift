import Testing

@testable import CanonicalRecords

@Suite struct ClearPassageTests {
    private static let policies = [
        RecordPolicy.reveal, .operators, RecordPolicy(sensitive: .drop),
        RecordPolicy(sensitive: .mask, fields: ["Person.name": .reveal, "Signer.subject": .drop]),
    ]

    private enum Outcome: Equatable {
        case rewritten([UInt8])
        case refused(String)
    }

    private func outcome(_ masker: RecordMasker, _ bytes: [UInt8]) -> Outcome {
        do throws(RecordError) {
            return .rewritten(try masker.rewrite(bytes.span))
        } catch {
            return .refused("\(error)")
        }
    }

    /// Whole records and broken ones come out as they do when every field is looked at.
    @Test(arguments: 0..<8 as Range<UInt64>) func nothingDependsOnWhatIsPassedOver(seed: UInt64) throws {
        var records = RandomRecords(seed: seed)
        var random = Steps(state: seed &+ 1)
        let maskers = try Self.policies.map { policy throws(RecordPolicyError) in
            (try RecordMasker(policy), try RecordMasker(policy, passesOver: false))
        }
        for _ in 0..<60 {
            var bytes = records.record()
            for damage in 0..<12 {
                for (quick, thorough) in maskers {
                    #expect(outcome(quick, bytes) == outcome(thorough, bytes))
                }
                guard !bytes.isEmpty else { break }
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch damage % 4 {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                case 2: bytes.remove(at: index)
                default: bytes.removeLast(min(bytes.count, Int.random(in: 0...3, using: &random)))
                }
            }
        }
    }

    /// Tags and lengths of two and three bytes, numbers of ten, and what ends too early.
    @Test func longNumbersAreReadAsTheyAre() throws {
        let text = [UInt8](repeating: 0x61, count: 20_000)
        var records: [[UInt8]] = []
        for count in [0, 1, 127, 128, 16_383, 16_384] {
            var person = RecordBuffer()
            let mark = person.beginMessage(field: 11)
            person.appendField(1, text: text.span.extracting(0..<count))
            person.endMessage(mark)
            records.append(person.copied())
        }
        for end in 0..<11 { records.append([0x0A, UInt8(end + 1), 0x20] + [UInt8](repeating: 0xFF, count: end)) }
        records.append([0x0A, 11, 0x20] + [UInt8](repeating: 0xFF, count: 9) + [1])
        records.append([0x8A, 0x80, 0x00, 0x02, 0x0A, 0x00])
        for record in records {
            for policy in Self.policies {
                let (quick, thorough) = (try RecordMasker(policy), try RecordMasker(policy, passesOver: false))
                #expect(outcome(quick, record) == outcome(thorough, record))
            }
        }
    }

    private struct Steps: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
