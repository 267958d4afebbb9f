import CanonicalRecords
import Testing

@Suite struct SipHash128Tests {
    private static let key = SipHash128.Key(Array(0..<16))

    // Key 00…0f, message 00, 01, 02, …: the vectors of the reference implementation, which `openssl mac` gives too.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"), (3, "9c70b60c5267a94e5f33b6b02985ed51"),
        (4, "f88164c12d9c8faf7d0f6e7c7bcd5579"), (5, "1368875980776f8854527a07690e9627"),
        (6, "14eeca338b208613485ea0308fd7a15e"), (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
        (8, "3b62a9ba6258f5610f83e264f31497b4"), (9, "264499060ad9baabc47f8b02bb6d71ed"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"), (16, "6ee2a4ca67b054bbfd3315bf85230577"),
        (17, "473d06e8738db89854c066c47ae47740"), (31, "2939b0183223fafc1723de4f52c43d35"),
        (32, "7c3956ca5eeafc3e363e9d556546eb68"), (33, "77c6077146f01c32b6b69d5f4ea9ffcf"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ])
    func referenceVectors(length: Int, expected: String) throws {
        var hash = SipHash128(key: try #require(Self.key))
        hash.update([UInt8](0..<UInt8(length)).span)
        #expect(hash.digest().hexadecimal == expected)
        #expect(
            hash.digest().bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == expected)
    }

    @Test func piecesOfEveryLengthGiveTheSameHash() throws {
        let message = [UInt8](0..<100)
        for cut in 0...100 {
            for second in stride(from: cut, through: 100, by: 7) {
                var hash = SipHash128(key: try #require(Self.key))
                hash.update(message.span.extracting(0..<cut))
                hash.update(message.span.extracting(cut..<second))
                for byte in message[second...] { hash.update(byte) }
                var whole = SipHash128(key: try #require(Self.key))
                whole.update(message.span)
                #expect(hash.digest() == whole.digest(), "cut at \(cut) and \(second)")
            }
        }
    }

    @Test func bytesThatAreAppendedGiveTheSameHash() throws {
        let message = [UInt8](100..<200)
        for cut in 0...30 {
            for end in cut...100 {
                var hash = SipHash128(key: try #require(Self.key))
                hash.update(message.span.extracting(0..<cut))
                var whole = SipHash128(key: try #require(Self.key))
                for byte in message[..<end] { whole.update(byte) }
                let appended = hash.digest(appending: message.span.extracting(cut..<end))
                #expect(appended == whole.digest(), "cut at \(cut), to \(end)")
            }
        }
    }

    @Test func hashGoesOnAfterADigest() throws {
        var hash = SipHash128(key: try #require(Self.key))
        hash.update([0, 1, 2].span)
        #expect(hash.digest().hexadecimal == "9c70b60c5267a94e5f33b6b02985ed51")
        hash.update(3)
        #expect(hash.digest().hexadecimal == "f88164c12d9c8faf7d0f6e7c7bcd5579")
    }

    @Test func textsAreHashedAsUTF8() throws {
        var text = SipHash128(key: try #require(Self.key))
        text.update("鱼台")
        var bytes = SipHash128(key: try #require(Self.key))
        bytes.update([0xE9, 0xB1, 0xBC, 0xE5, 0x8F, 0xB0].span)
        #expect(text.digest() == bytes.digest())
    }

    @Test func keysHaveSixteenBytesAndAreNotPrinted() {
        #expect(SipHash128.Key([UInt8](repeating: 1, count: 15)) == nil)
        #expect(SipHash128.Key([UInt8](repeating: 1, count: 17)) == nil)
        #expect(SipHash128.Key([]) == nil)
        #expect(Self.key.map { "\($0)" } == "SipHash128.Key")
    }
}
