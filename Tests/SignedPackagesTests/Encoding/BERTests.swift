import Testing

@testable import SignedPackages

/// BER in memory becomes DER; what cannot is refused.
@Suite struct BERTests {
    static func normalized(_ bytes: [UInt8]) throws(EncodingFault) -> [UInt8] {
        var normalizer = BERNormalizer(bytes[...], nesting: 32)
        var index = 0
        guard let value = try normalizer.next(at: &index), index == bytes.count else {
            throw EncodingFault("more bytes")
        }
        return Array(value)
    }

    @Test(
        arguments: [
            // DER stays as it is.
            ([0x30, 0x03, 0x02, 0x01, 0x05], [0x30, 0x03, 0x02, 0x01, 0x05]),
            // Indefinite lengths.
            ([0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00], [0x30, 0x03, 0x02, 0x01, 0x05]),
            ([0x30, 0x80, 0x30, 0x80, 0x00, 0x00, 0x00, 0x00], [0x30, 0x02, 0x30, 0x00]),
            // Lengths of more octets than needed.
            ([0x30, 0x81, 0x03, 0x02, 0x01, 0x05], [0x30, 0x03, 0x02, 0x01, 0x05]),
            ([0x04, 0x84, 0x00, 0x00, 0x00, 0x01, 0x41], [0x04, 0x01, 0x41]),
            // Strings in pieces.
            ([0x24, 0x80, 0x04, 0x01, 0x41, 0x04, 0x02, 0x42, 0x43, 0x00, 0x00], [0x04, 0x03, 0x41, 0x42, 0x43]),
            ([0x24, 0x08, 0x24, 0x03, 0x04, 0x01, 0x41, 0x04, 0x01, 0x42], [0x04, 0x02, 0x41, 0x42]),
            ([0x24, 0x00], [0x04, 0x00]),
        ] as [([UInt8], [UInt8])])
    func becomesDER(bytes: [UInt8], expected: [UInt8]) throws {
        #expect(try Self.normalized(bytes) == expected)
    }

    @Test(
        arguments: [
            [], [0x30], [0x30, 0x05, 0x00], [0x30, 0x80], [0x30, 0x80, 0x00], [0x04, 0x80, 0x00, 0x00],
            [0x00, 0x01, 0x00],
            [0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1], [0x30, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0x1F, 0x81, 0x01, 0x00], [0x23, 0x80, 0x03, 0x01, 0x00, 0x00, 0x00],
            [0x24, 0x03, 0x02, 0x01, 0x05], [0x30, 0x02, 0x02, 0x01], [0x30, 0x03, 0x02, 0x02, 0x01],
        ] as [[UInt8]])
    func isRefused(bytes: [UInt8]) {
        #expect(throws: EncodingFault.self) { try Self.normalized(bytes) }
    }

    @Test(arguments: [33, 10_000, 500_000]) func nestingIsBounded(depth: Int) {
        let indefinite = [UInt8](repeatElement([0x30, 0x80], count: depth).joined())
        #expect(throws: EncodingFault.self) { try Self.normalized(indefinite) }
        let strings = [UInt8](repeatElement([0x24, 0x80], count: depth).joined())
        #expect(throws: EncodingFault.self) { try Self.normalized(strings) }
    }

    @Test(
        arguments: [
            [0x02, 0x00], [0x02, 0x02, 0x00, 0x01], [0x02, 0x02, 0xFF, 0xFF], [0x02, 0x81, 0x01, 0x01], [0x02, 0x80],
            [0x02, 0x01], [0x02, 0x05, 1, 2, 3], [0x02, 0x85, 0, 0, 0, 0, 1, 1],
        ] as [[UInt8]])
    func integersThatAreNotDER(bytes: [UInt8]) {
        #expect(throws: EncodingFault.self) { try DERElement(bytes[...]).integer() }
    }

    @Test func objectIdentifiers() throws {
        let id = ObjectID(1, 2, 840, 113549, 1, 9, 16, 2, 47)
        #expect(id.description == "1.2.840.113549.1.9.16.2.47")
        #expect(id.bytes == [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F])
        #expect(ObjectID(2, 999, 3).description == "2.999.3")
        #expect(throws: EncodingFault.self) { try ObjectID(contents: [0x2A, 0x86]) }
        #expect(throws: EncodingFault.self) { try ObjectID(contents: []) }
        let huge = try ObjectID(contents: [0x2A] + [UInt8](repeating: 0xFF, count: 20) + [0x7F])
        #expect(huge.description == "1.2.?")
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_222_800, "2026-11-21T01:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (2_524_608_000, "2050-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] as [(Int64, String)])
    func times(seconds: Int64, text: String) throws {
        #expect(SigningTime.text(seconds) == text)
        #expect(try SigningTime.seconds(try DERElement(SigningTime.der(seconds)[...])) == seconds)
    }
}
