import CanonicalRecords
import Testing

@Suite struct WireCursorTests {
    private func fields(of bytes: [UInt8]) throws(RecordError) -> [Int] {
        var cursor = WireCursor(over: bytes.span)
        var numbers: [Int] = []
        while let field = try cursor.next(in: bytes.span) { numbers.append(field.number) }
        return numbers
    }

    @Test func everyWireTypeIsWalkedOver() throws {
        let bytes: [UInt8] = [
            0x08, 0x96, 0x01,  // 1: varint 150
            0x11, 1, 0, 0, 0, 0, 0, 0, 0x80,  // 2: fixed64
            0x1A, 2, 0x61, 0x62,  // 3: "ab"
            0x23, 0x08, 1, 0x2B, 0x2C, 0x1A, 1, 0x61, 0x24,  // 4: a group with a varint, a group and a text
            0x35, 1, 0, 0, 0x80,  // 6: fixed32
        ]
        #expect(try fields(of: bytes) == [1, 2, 3, 4, 6])
        var cursor = WireCursor(over: bytes.span)
        #expect(try cursor.next(in: bytes.span)?.value == 150)
        #expect(try cursor.next(in: bytes.span)?.value == 1 | 1 << 63)
        #expect(try cursor.next(in: bytes.span)?.payload == 14..<16)
        #expect(try cursor.next(in: bytes.span)?.payload == 17..<25)
        #expect(try cursor.next(in: bytes.span)?.value == 1 | 1 << 31)
        #expect(try cursor.next(in: bytes.span) == nil)
    }

    @Test(
        arguments: [
            ("varint cut off", [0x08], "record.truncated", 1),
            ("varint without an end", [0x08, 0x80], "record.truncated", 1),
            ("varint of eleven bytes", [0x08] + [UInt8](repeating: 0x80, count: 10) + [1], "record.varint", 1),
            ("varint over 64 bits", [0x08] + [UInt8](repeating: 0xFF, count: 9) + [2], "record.varint", 1),
            ("field number 0", [0x00, 1], "record.tag", 0),
            ("field number too high", [0x80, 0x80, 0x80, 0x80, 0x10, 1], "record.tag", 0),
            ("wire type 6", [0x0E], "record.tag", 0),
            ("wire type 7", [0x0F], "record.tag", 0),
            ("length over the end", [0x0A, 5, 1, 2], "record.truncated", 2),
            ("length over Int", [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [1], "record.truncated", 11),
            ("fixed64 cut off", [0x09, 1, 2, 3], "record.truncated", 1),
            ("fixed32 cut off", [0x0D, 1, 2, 3], "record.truncated", 1),
            ("group without an end", [0x0B, 0x08, 1], "record.truncated", 3),
            ("field number 0 in a group", [0x7B, 0x30, 0x7B, 0x00, 0x00, 0x7C], "record.tag", 3),
            ("end of another group", [0x0B, 0x14], "record.tag", 1),
            ("end without a group", [0x0C], "record.group", 0),
            ("groups too deep", [UInt8](repeating: 0x0B, count: 100), "record.group", 33),
        ] as [(String, [UInt8], String, Int)])
    func damageIsToldWithItsPlace(name: String, bytes: [UInt8], code: String, offset: Int) {
        let error = #expect(throws: RecordError.self) { try fields(of: bytes) }
        #expect(error?.code.rawValue == code && error?.offset == offset, "\(name): \(String(describing: error))")
        #expect(error?.retryHelps == false && error?.nextStep.isEmpty == false)
    }
}
