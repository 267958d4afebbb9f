/// RFC 4648 section 4, as a table.
enum Base64 {
    static let padding: UInt8 = 64
    static let blank: UInt8 = 65
    static let dash: UInt8 = 66
    static let other: UInt8 = 67

    /// For each byte its value, 0 to 63, or one of the marks above.
    static let values: [UInt8] = {
        var values = [UInt8](repeating: other, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        values[Int(UInt8(ascii: "="))] = padding
        values[Int(UInt8(ascii: "-"))] = dash
        for character in [0x09, 0x0A, 0x0D, 0x20] { values[character] = blank }
        return values
    }()

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Text with padding and lines of 64 characters, as RFC 7468 has it.
    static func lines(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + bytes.count / 48 + 8)
        var column = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0..<4 {
                text.append(
                    digit <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * digit)) & 63] : UInt8(ascii: "="))
            }
            column += 4
            if column == 64 {
                text.append(0x0A)
                column = 0
            }
        }
        if column > 0 { text.append(0x0A) }
        return String(decoding: text, as: UTF8.self)
    }
}
