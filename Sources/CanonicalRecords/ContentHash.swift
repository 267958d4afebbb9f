/// A hash of 128 bits that tells whether a record's content changed.
///
/// It has no key and resists no one: whoever could make two contents of one hash could hide a change of their own records
/// only. What must not be guessed is hashed by ``SipHash128``. Each half mixes 16 bytes at a time with a full-width
/// multiplication, as wyhash and its kin do, with constants of its own.
public enum ContentHash {
    private static let factors: (UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB
    )

    /// The hash of some bytes.
    public static func digest(_ bytes: Span<UInt8>) -> SipHash128.Digest {
        let raw = bytes.bytes
        let count = bytes.count
        var low = factors.0 ^ UInt64(truncatingIfNeeded: count)
        var high = factors.1 &+ UInt64(truncatingIfNeeded: count)
        var at = 0
        while count &- at >= 16 {
            mix(word(raw, at), word(raw, at &+ 8), &low, &high)
            at &+= 16
        }
        if at < count {
            let (first, second) = rest(bytes, from: at)
            mix(first, second, &low, &high)
        }
        return SipHash128.Digest(low: fold(low ^ factors.2, high | 1), high: fold(high ^ factors.3, low | 1))
    }

    @inline(__always)
    private static func mix(_ first: UInt64, _ second: UInt64, _ low: inout UInt64, _ high: inout UInt64) {
        low = fold(first ^ low, second ^ factors.2)
        high = fold(second ^ high ^ factors.3, first &+ factors.1) &+ low
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func word(_ raw: RawSpan, _ at: Int) -> UInt64 {
        // Any eight bytes are a valid word, and the load is checked against the bounds of the span.
        UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    // The last bytes, fewer than 16; what is missing is zero, and the length tells how many there are.
    @inline(__always)
    private static func rest(_ bytes: Span<UInt8>, from start: Int) -> (UInt64, UInt64) {
        let raw = bytes.bytes
        let left = bytes.count &- start
        if left >= 8 {
            let beyond = left == 8 ? 0 : word(raw, bytes.count &- 8) &>> (8 &* UInt64(truncatingIfNeeded: 16 &- left))
            return (word(raw, start), beyond)
        }
        if bytes.count >= 8 {
            return (word(raw, bytes.count &- 8) &>> (8 &* UInt64(truncatingIfNeeded: 8 &- left)), 0)
        }
        var only: UInt64 = 0
        for index in start..<bytes.count {
            only |= UInt64(bytes[index]) << UInt64(truncatingIfNeeded: (index &- start) &* 8)
        }
        return (only, 0)
    }
}
