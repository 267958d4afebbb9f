/// The rules for names of entries: a name is a relative path that means the same to every program and every person.
enum ZipEntryName {
    /// Why a name is not safe; nil when it is.
    static func flaw(in bytes: ArraySlice<UInt8>, limit: Int) -> String? {
        guard !bytes.isEmpty else { return "the name is empty" }
        guard bytes.count <= limit else { return "the name takes \(bytes.count) bytes; \(limit) are allowed" }
        guard let name = String(validating: bytes, as: UTF8.self) else { return "the name is not UTF-8" }
        if let scalar = name.unicodeScalars.first(where: isHidden) {
            return "the name has the invisible character U+\(String(scalar.value, radix: 16, uppercase: true))"
        }
        guard !name.utf8.contains(0x5C) else { return "the name has a backslash" }
        guard !name.hasPrefix("/") else { return "the name is an absolute path" }
        let first = Array(name.utf8.prefix(2))
        if first.count == 2, first[1] == 0x3A, (first[0] | 0x20) >= 0x61, (first[0] | 0x20) <= 0x7A {
            return "the name begins with a drive letter"
        }
        let parts = (name.hasSuffix("/") ? name.dropLast() : name[...])
            .split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains("..") else { return "the name leads out of its folder with “..”" }
        guard !parts.contains("."), !parts.contains("") else { return "the name has an empty part or “.”" }
        return nil
    }

    /// Names that are equal by this key are one name to some file system: letter case and Unicode normalisation are
    /// left aside. (Strings that are canonically equivalent are equal in Swift.)
    static func key(_ name: String) -> String {
        String(name.hasSuffix("/") ? name.dropLast() : name[...]).lowercased()
    }

    /// The name for people: what cannot be shown is escaped, what is long is cut.
    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: bytes.prefix(200), as: UTF8.self).unicodeScalars {
            if isHidden(scalar) || scalar == "\u{FFFD}" {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return bytes.count > 200 ? text + "…" : text
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
