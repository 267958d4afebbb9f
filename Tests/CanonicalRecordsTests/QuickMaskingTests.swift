import Testing

@testable import CanonicalRecords

@Suite struct QuickMaskingTests {
    private static let policies = [
        RecordPolicy.reveal, .operators, RecordPolicy(sensitive: .mask), RecordPolicy(sensitive: .drop),
        RecordPolicy(sensitive: .mask, fields: ["Person.name": .reveal, "Signer.subject": .drop]),
        RecordPolicy(
            sensitive: .hash,
            fields: ["Record.extension": .drop, "Provenance.line": .mask, "Provenance.signer": .hash],
            hashKey: SipHash128.Key(Array(0..<16))),
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
    @Test(arguments: 0..<8 as Range<UInt64>) func nothingDependsOnHowCloselyIsLooked(seed: UInt64) throws {
        var records = RandomRecords(seed: seed)
        var random = Steps(state: seed &+ 1)
        let maskers = try Self.policies.map { policy throws(RecordPolicyError) in
            (try RecordMasker(policy), try RecordMasker(policy, quickly: false))
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

    /// Numbers in more bytes than they need, fields that nobody knows, and fields in an odd order.
    @Test(arguments: 0..<4 as Range<UInt64>) func nothingDependsOnHowItIsWritten(seed: UInt64) throws {
        var records = RandomRecords(seed: seed &+ 100)
        var random = Steps(state: seed &+ 3)
        let maskers = try Self.policies.map { policy throws(RecordPolicyError) in
            (try RecordMasker(policy), try RecordMasker(policy, quickly: false))
        }
        for _ in 0..<150 {
            let record = try rewritten(records.record(), &random)
            for (quick, thorough) in maskers {
                #expect(outcome(quick, record) == outcome(thorough, record))
            }
        }
    }

    // The same fields, now and then with longer tags and lengths, twice, the other way round, or with unknown ones between.
    private func rewritten(_ record: [UInt8], _ random: inout Steps) throws -> [UInt8] {
        var fields: [[UInt8]] = []
        var cursor = WireCursor(over: record.span)
        while let field = try cursor.next(in: record.span) {
            guard field.wireType == .lengthDelimited else {
                fields.append(Array(record[field.start..<field.end]))
                continue
            }
            var payload = Array(record[field.payload])
            if Bool.random(using: &random), let inner = try? rewritten(payload, &random) { payload = inner }
            fields.append(
                varint(UInt64(field.number) << 3 | 2, &random) + varint(UInt64(payload.count), &random) + payload)
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: fields.reverse()
        case 1: fields += fields.prefix(3)
        case 2: fields.insert([0xF8, 0x07, 0x01], at: Int.random(in: 0...fields.count, using: &random))
        default: break
        }
        return fields.flatMap { $0 }
    }

    private func varint(_ value: UInt64, _ random: inout Steps) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        for _ in 0..<max(0, Int.random(in: -20...2, using: &random)) {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(0)
        }
        return bytes
    }

    /// Names of one and of several widths are masked alike, whether they are counted in bytes or in characters.
    @Test func widthsOfCharactersMakeNoDifference() {
        let scalars: [Unicode.Scalar] = [
            "a", "9", "é", "张", "\u{0FFF}", "\u{1000}", "\u{CFFF}", "\u{D000}", "𠮷", "\u{FFFD}",
        ]
        var random = Steps(state: 9)
        for _ in 0..<400 {
            let kinds = scalars.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
            var text = ""
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                text.unicodeScalars.append(kinds.randomElement(using: &random) ?? "a")
            }
            let count = text.unicodeScalars.count
            for audience in Masking.Audience.allCases {
                let name = String(text.unicodeScalars.prefix(count == 1 ? 0 : 1)) + stars(count == 1 ? 1 : count - 1)
                #expect(Masking.personName.masked(text, for: audience) == name)
                let first = count >= 10 ? 3 : 0
                let last = count >= 10 ? 4 : count > 5 ? 2 : 0
                let mobile =
                    String(text.unicodeScalars.prefix(first)) + stars(count - first - last)
                    + String(text.unicodeScalars.suffix(last))
                #expect(Masking.mobile.masked(text, for: audience) == mobile)
            }
        }
    }

    private func stars(_ count: Int) -> String { String(repeating: "*", count: count) }

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
                let (quick, thorough) = (try RecordMasker(policy), try RecordMasker(policy, quickly: false))
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
