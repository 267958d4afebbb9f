/// The SHA-256 of all bytes of a filing.
public struct FilingDigest: Sendable, Hashable, CustomStringConvertible {
    /// How many bytes a digest has.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Takes a digest of exactly 32 bytes; any other length gives `nil`.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits of either case; anything else gives `nil`.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.bytes(of: hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// 64 lower-case hexadecimal digits, the form in which people and records see a filing's id.
    public var hex: String { Hexadecimal.text(of: bytes) }

    /// The hexadecimal form.
    public var description: String { hex }
}

/// What makes two filings the same: the source they came from and all their bytes. Names, times and paths do not count.
public struct FilingIdentity: Sendable, Hashable, CustomStringConvertible {
    /// The source's name in the settings, e.g. `yutai-liangzhang`.
    public var source: String
    /// The hash of all bytes.
    public var digest: FilingDigest

    /// Names a filing.
    public init(source: String, digest: FilingDigest) {
        self.source = source
        self.digest = digest
    }

    /// The digest as 64 hexadecimal digits.
    public var hex: String { digest.hex }

    /// `source/hex`.
    public var description: String { "\(source)/\(hex)" }
}

enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(of bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func bytes(of text: String) -> [UInt8]? {
        let nibbles = text.utf8.map(nibble)
        guard nibbles.count.isMultiple(of: 2), !nibbles.contains(nil) else { return nil }
        return stride(from: 0, to: nibbles.count, by: 2).map { index in
            (nibbles[index] ?? 0) << 4 | (nibbles[index + 1] ?? 0)
        }
    }

    static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x41 + 10
        case 0x61...0x66: character - 0x61 + 10
        default: nil
        }
    }
}
