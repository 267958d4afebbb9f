import SwiftASN1

/// Subjects as people write them into settings: `CN=…,O=…,C=CN` (RFC 4514), `C = CN, O = "…", CN = …` or
/// `/C=CN/O=…/CN=…` (the forms of `openssl x509 -subject` in its versions), with or without `\E9\B1` or `\xE9\xB1`
/// escapes, and values of types without a name as `#` and the hex of their DER.
enum SubjectText {
    /// Whether a text means that name, in either order of the parts.
    static func matches(_ text: String, _ name: CertificateName) -> Bool {
        guard let parsed = parse(text) else { return false }
        return parsed == name || name.isReversed(parsed)
    }

    /// The name that a text means; `nil` when it is none.
    static func parse(_ text: String) -> CertificateName? {
        var text = trimmed(text[...])
        if text.lowercased().hasPrefix("subject=") { text = trimmed(text.dropFirst("subject=".count)) }
        let form: Form = text.hasPrefix("/") ? .slashes : .commas
        let parts = split(form == .slashes ? text.dropFirst() : text, at: form.separator, form)
        let names = parts.map { part in split(part, at: UInt8(ascii: "+"), form).map { attribute($0, form) } }
        guard names.joined().allSatisfy({ $0 != nil }) else { return nil }
        return CertificateName(relativeNames: names.map { $0.compactMap(\.self) })
    }

    private enum Form {
        case commas
        // Nothing is quoted in it.
        case slashes

        var separator: UInt8 { self == .commas ? UInt8(ascii: ",") : UInt8(ascii: "/") }
    }

    private static func split(_ text: Substring, at separator: UInt8, _ form: Form) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var (isEscaped, isQuoted) = (false, false)
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if !isEscaped {
                if form == .commas, byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if !isQuoted, byte == separator {
                    parts.append(text[start..<index])
                    start = text.utf8.index(after: index)
                }
            }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return parts + [text[start...]]
    }

    private static func attribute(_ text: Substring, _ form: Form) -> CertificateName.Attribute? {
        guard let equals = text.firstIndex(of: "="), let type = type(trimmed(text[..<equals])) else { return nil }
        let value = trimmed(text[text.index(after: equals)...])
        return CertificateName.Attribute(type: type, text: form == .commas ? unwrapped(value) : unescaped(value))
    }

    private static func type(_ key: Substring) -> String? {
        let key = key.lowercased()
        let dotted = key.hasPrefix("oid.") ? key.dropFirst("oid.".count) : key[...]
        if dotted.first?.isNumber == true { return String(dotted) }
        return CertificateName.shortNames.first { $0.value.lowercased() == key }?.key ?? otherNames[key]
    }

    // As Windows, Java and GnuTLS call them.
    private static let otherNames = [
        "e": "1.2.840.113549.1.9.1", "email": "1.2.840.113549.1.9.1", "g": "2.5.4.42", "givenname": "2.5.4.42",
        "s": "2.5.4.8", "surname": "2.5.4.4", "t": "2.5.4.12",
    ]

    private static func trimmed(_ text: Substring) -> Substring {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return text.prefix(0) }
        return text[...last].drop(while: \.isWhitespace)
    }

    // `"a, b"` is a, b; `#0C0161` is a.
    private static func unwrapped(_ value: Substring) -> String {
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
            return unescaped(value.dropFirst().dropLast())
        }
        guard value.hasPrefix("#"), let der = bytes(hex: value.dropFirst()), let node = try? DER.parse(der) else {
            return unescaped(value)
        }
        return StringValue.text(node)
    }

    private static func bytes(hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }

    // `\,` is a comma, `\E9` and `\xE9` are a byte of UTF-8.
    private static func unescaped(_ text: Substring) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            let prefix = rest.first == UInt8(ascii: "x") ? 1 : 0
            let digits = rest.dropFirst(prefix).prefix(2)
            if digits.count == 2, let value = bytes(hex: Substring(decoding: digits, as: UTF8.self)) {
                result += value
                rest = rest.dropFirst(prefix + 2)
            } else if let next = rest.popFirst() {
                result.append(next)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
