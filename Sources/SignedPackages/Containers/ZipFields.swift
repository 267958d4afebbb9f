/// Reads the little-endian numbers of ZIP headers, one after the other.
///
/// Whoever takes a field has looked at ``remaining`` before: a header is read whole or not at all.
struct ZipFields {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    /// How many bytes are left.
    var remaining: Int { bytes.endIndex - position }

    mutating func number16() -> Int { Int(number(bytes: 2)) }

    mutating func number32() -> UInt32 { UInt32(truncatingIfNeeded: number(bytes: 4)) }

    mutating func number64() -> UInt64 { number(bytes: 8) }

    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private mutating func number(bytes count: Int) -> UInt64 {
        take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The marks that ZIP structures begin with (APPNOTE.TXT 4.3), and the numbers that stand for "see the ZIP64 field".
enum ZipMark {
    static let localHeader: UInt32 = 0x0403_4B50
    static let descriptor: UInt32 = 0x0807_4B50
    static let directoryHeader: UInt32 = 0x0201_4B50
    static let zip64End: UInt32 = 0x0606_4B50
    static let zip64Locator: UInt32 = 0x0706_4B50
    static let end: UInt32 = 0x0605_4B50

    static let inZip64 = UInt32.max
    static let countInZip64 = 0xFFFF
}
