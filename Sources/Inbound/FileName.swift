/// The name of one file in an inbound folder: any bytes but `/` and NUL, kept as they are.
///
/// Names come from Windows shares and foreign SFTP clients, so they may be GBK, broken UTF-8 or hold line breaks.
/// The bytes are never changed; what people see is ``displayed``.
public struct FileName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The bytes of the name, without a terminating NUL. Never empty.
    public let bytes: [UInt8]

    /// Takes the bytes of one path component; nil when they are empty, `.`, `..`, or hold `/` or NUL.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard !bytes.isEmpty, bytes != [0x2E], bytes != [0x2E, 0x2E] else { return nil }
        guard !bytes.contains(0), !bytes.contains(0x2F) else { return nil }
        self.bytes = bytes
    }

    /// Takes a name as text; nil under the same conditions as ``init(bytes:)``.
    public init?(_ text: String) {
        self.init(bytes: text.utf8)
    }

    // For names that are known to be components: made of others, or written in this module.
    init(trusted bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Names are ordered by their bytes.
    public static func < (left: FileName, right: FileName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// The same as ``displayed``, so that a name in a message is always safe.
    public var description: String { displayed }

    /// Whether the name starts with a dot.
    public var isHidden: Bool { bytes.first == 0x2E }

    /// Whether the name ends with `suffix`, ASCII letters compared without case, and has something before it.
    public func hasSuffix(_ suffix: String) -> Bool {
        let suffix = suffix.utf8
        guard bytes.count > suffix.count else { return false }
        return zip(bytes.suffix(suffix.count), suffix).allSatisfy { Self.lowercased($0) == Self.lowercased($1) }
    }

    /// The name without its last `count` bytes; nil when nothing usable would be left.
    public func dropping(suffixOf count: Int) -> FileName? {
        FileName(bytes: bytes.dropLast(count))
    }

    /// The name with `suffix` appended.
    public func appending(_ suffix: String) -> FileName {
        FileName(trusted: bytes + suffix.utf8.filter { $0 != 0 && $0 != 0x2F })
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }
}
