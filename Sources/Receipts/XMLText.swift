/// Text as XML 1.0 can carry it.
enum XMLText {
    /// Every character outside of the production `Char`, and every other control character, as U+FFFD; line ends as LF,
    /// as a parser would give them back.
    static func allowed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isPlain($0) }) else { return text }
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" || isPlain(scalar) {
                if !(scalar == "\n" && previous == "\r") { result.append(scalar) }
            } else {
                result.append(scalar == "\r" ? "\n" : "\u{FFFD}")
            }
            previous = scalar
        }
        return String(result)
    }

    /// The same on one line, for attributes, in which a parser turns line ends into spaces.
    static func oneLine(_ text: String) -> String {
        let allowed = allowed(text)
        guard allowed.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return allowed }
        return String(String.UnicodeScalarView(allowed.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }))
    }

    /// Appends text as the content of an element, escaped as XMLCoder escapes it.
    static func append(escaped text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: bytes += Array("&amp;".utf8)
            case 0x3C: bytes += Array("&lt;".utf8)
            case 0x3E: bytes += Array("&gt;".utf8)
            case 0x22: bytes += Array("&quot;".utf8)
            case 0x27: bytes += Array("&apos;".utf8)
            default: bytes.append(byte)
            }
        }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x1_0000...: scalar.value & 0xFFFE != 0xFFFE
        default: false
        }
    }
}
