/// GB 18030-2022: characters to bytes and back, one at a time and for whole strings.
///
/// Every Unicode scalar value has exactly one code, so that encoding and decoding are inverse to each other. The two-byte
/// codes come from our own table; four-byte codes 81308130–8431A439 go through the rest of the Basic Multilingual Plane
/// in ascending order, 90308130–E3329A35 through the supplementary planes.
///
/// The eighteen codes that the edition of 2022 changed (and the one of 2005) are swapped as the standard says: the
/// two-byte code stands for the character, its former four-byte code for the private-use code point.
public enum GB18030 {
    /// A two-byte code whose character the standard changed.
    public struct Change: Sendable, Hashable {
        /// The two-byte code, e.g. `0xFE59`.
        public var code: UInt16
        /// What the code stands for now.
        public var scalar: Unicode.Scalar
        /// The private-use code point that it stood for before.
        public var formerScalar: Unicode.Scalar
    }

    /// The eighteen codes that left the private-use area with the edition of 2022, in the order of the codes.
    public static let changedIn2022: [Change] = GB18030Characters.changes.dropFirst().compactMap { change in
        guard let scalar = Unicode.Scalar(change.scalar), let former = Unicode.Scalar(change.formerScalar) else {
            return nil
        }
        return Change(code: change.code, scalar: scalar, formerScalar: former)
    }

    /// The character that `code` is, when it is exactly one valid code of one, two or four bytes.
    public static func decode(_ code: Span<UInt8>) -> Unicode.Scalar? {
        guard !code.isEmpty, case .scalar(let value, let length) = GB18030Character.step(code, at: 0) else {
            return nil
        }
        return length == code.count ? Unicode.Scalar(value) : nil
    }

    /// The code of a character: one, two or four bytes.
    public static func encode(_ scalar: Unicode.Scalar) -> [UInt8] {
        var bytes: [UInt8] = []
        append(scalar, to: &bytes)
        return bytes
    }

    /// The codes of a text.
    public static func encode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { append(scalar, to: &bytes) }
        return bytes
    }

    /// Appends the code of a character.
    public static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0..<0x80:
            bytes.append(UInt8(scalar.value))
        case 0x80..<0x10000:
            let position = Int(GB18030Table.encoding[Int(scalar.value)])
            if position < GB18030Table.twoByteCount {
                bytes.append(UInt8(0x81 + position / 190))
                let trail = position % 190
                bytes.append(UInt8(trail < 0x3F ? 0x40 + trail : 0x41 + trail))
            } else {
                appendFourBytes(position - GB18030Table.twoByteCount, to: &bytes)
            }
        default:
            appendFourBytes(Int(scalar.value) - 0x10000 + GB18030Table.supplementaryStart, to: &bytes)
        }
    }

    private static func appendFourBytes(_ linear: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(0x81 + linear / 12600))
        bytes.append(UInt8(0x30 + linear / 1260 % 10))
        bytes.append(UInt8(0x81 + linear / 10 % 126))
        bytes.append(UInt8(0x30 + linear % 10))
    }
}
