import TextEncodings

extension FileName {
    /// The name as people may see it, on one line: in logs, receipts and pages.
    ///
    /// UTF-8 is shown as it is; other bytes are read as GB18030 where that gives text without faults, and are written
    /// `\xNN` where it does not. A backslash, control characters, line breaks, characters that turn the direction of
    /// writing and invisible ones are written as escapes, so two different UTF-8 names never look the same by them.
    public var displayed: String {
        if bytes.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x5C }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        if let text = String(validating: bytes, as: UTF8.self) { return Self.escaped(text) }
        if let text = gb18030Text(of: bytes) { return Self.escaped(text) }
        var shown = ""
        for byte in bytes {
            if byte < 0x80 {
                shown += Self.escaped(String(UnicodeScalar(byte)))
            } else {
                shown += "\\x" + Self.hexadecimal(byte)
            }
        }
        return shown
    }

    /// The bytes in lower-case hexadecimal when they are not UTF-8; nil when ``displayed`` came from UTF-8.
    public var hexadecimalWhenNotUTF8: String? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        return bytes.map(Self.hexadecimal).joined()
    }

    static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }

    static func escaped(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            case "\\": shown += "\\\\"
            default:
                if isSafe(scalar) {
                    shown.unicodeScalars.append(scalar)
                } else {
                    shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
                }
            }
        }
        return shown
    }

    private static func isSafe(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
        default: scalar.value != 0xFFFD
        }
    }
}
