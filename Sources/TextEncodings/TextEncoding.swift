/// The encodings that documents are filed in.
public enum TextEncoding: String, Sendable, Hashable, CaseIterable, Codable {
    /// UTF-8, strictly as Unicode defines it: no overlong forms, no surrogates.
    case utf8 = "UTF-8"
    /// GB 18030-2022, and with it GBK and GB 2312, of which it is a superset.
    case gb18030 = "GB18030"
    /// UTF-16, low byte first: what Excel calls "Unicode text".
    case utf16LittleEndian = "UTF-16LE"
    /// UTF-16, high byte first.
    case utf16BigEndian = "UTF-16BE"

    /// The encoding that a label names, as XML declarations and mappings write it.
    ///
    /// Case, surrounding blanks and the choice between `-` and `_` do not matter. `utf-16` without an order means
    /// little-endian; a byte order mark, where there is one, knows better.
    ///
    /// - Returns: `nil` for a label that names none of our encodings.
    public init?(label: String) {
        let blanks: Set<Character> = [" ", "\t", "\r", "\n"]
        let trimmed = label.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
        let key = String(trimmed.map { $0 == "_" ? "-" : $0 }).lowercased()
        guard let encoding = Self.labels[key] else { return nil }
        self = encoding
    }

    /// The byte order mark of this encoding: U+FEFF as it is written in it.
    public var byteOrderMark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .gb18030: [0x84, 0x31, 0x95, 0x33]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        }
    }

    private static let labels: [String: TextEncoding] = [
        "utf-8": .utf8, "utf8": .utf8, "unicode-1-1-utf-8": .utf8, "us-ascii": .utf8, "ascii": .utf8,
        "gb18030": .gb18030, "gb-18030": .gb18030, "gb18030-2000": .gb18030, "gb18030-2005": .gb18030,
        "gb18030-2022": .gb18030, "gbk": .gb18030, "x-gbk": .gb18030, "cp936": .gb18030, "ms936": .gb18030,
        "windows-936": .gb18030, "gb2312": .gb18030, "gb-2312": .gb18030, "gb-2312-80": .gb18030,
        "csgb2312": .gb18030, "euc-cn": .gb18030, "chinese": .gb18030,
        "utf-16": .utf16LittleEndian, "utf16": .utf16LittleEndian, "utf-16le": .utf16LittleEndian,
        "utf16le": .utf16LittleEndian, "unicode": .utf16LittleEndian, "ucs-2": .utf16LittleEndian,
        "utf-16be": .utf16BigEndian, "utf16be": .utf16BigEndian,
    ]
}
