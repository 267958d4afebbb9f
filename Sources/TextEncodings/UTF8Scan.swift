/// The strict UTF-8 scan (Unicode, table 3-7), eight and more bytes at a time.
enum UTF8Scan {
    /// Where a scan stopped and why.
    struct Stop {
        /// The first byte that was not passed.
        var index: Int
        var reason: DecodingStop
        /// A character of more than one byte was passed.
        var sawMultibyte: Bool
    }

    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Passes valid UTF-8 from `start` on, as far as it goes.
    @inline(__always)
    static func scan(_ bytes: Span<UInt8>, from start: Int, stopsAtPrivateUse: Bool = false) -> Stop {
        var index = start
        var sawMultibyte = false
        while true {
            index = skipASCII(bytes, from: index)
            let hanStart = index
            index = skipHan(bytes, from: index, safeLeads: stopsAtPrivateUse ? unremarkableLeads : validLeads)
            if index > hanStart { sawMultibyte = true }
            guard index < bytes.count else { return Stop(index: index, reason: .end, sawMultibyte: sawMultibyte) }
            guard bytes[index] >= 0x80 else { continue }
            switch UTF8Character.step(bytes, at: index) {
            case .scalar(let scalar, let length):
                if stopsAtPrivateUse, scalar >= 0xE000, GB18030Table.isPrivateUse(scalar) {
                    let reason = DecodingStop.privateUse(scalar: scalar, length: length)
                    return Stop(index: index, reason: reason, sawMultibyte: sawMultibyte)
                }
                sawMultibyte = true
                index += length
            case .invalid(let length):
                return Stop(index: index, reason: .invalid(length: length), sawMultibyte: sawMultibyte)
            case .incomplete:
                return Stop(index: index, reason: .incomplete, sawMultibyte: sawMultibyte)
            }
        }
    }

    /// The index of the first byte from `start` on that is not ASCII.
    @inline(__always)
    static func skipASCII(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let raw = bytes.bytes
        var index = start
        while index &+ 32 <= bytes.count {
            let first = raw.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
            let joined = first.lowHalf | first.highHalf
            guard (joined.x | joined.y) & highBits == 0 else { break }
            index &+= 32
        }
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)) & highBits
            guard word == 0 else { return index &+ word.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < bytes.count, bytes[index] < 0x80 { index &+= 1 }
        return index
    }

    // Sets of the low four bits of a lead E0–EF. After E0 a character could be overlong, after ED a surrogate: both are left
    // to the careful step. EE, and EF in part, are private use; punctuation of full width is EF too, and waits its turn.
    private static let validLeads: UInt64 = 0b1101_1111_1111_1110
    private static let unremarkableLeads: UInt64 = 0b0001_1111_1111_1110

    // Two characters of three bytes in one word: with a safe lead, continuations are all that remains to check.
    @inline(__always)
    private static func skipHan(_ bytes: Span<UInt8>, from start: Int, safeLeads: UInt64) -> Int {
        let raw = bytes.bytes
        var index = start
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            guard word & 0xC0_C0F0 == 0x80_80E0, safeLeads &>> (word & 0xF) & 1 != 0 else { break }
            guard word & 0xC0C0_F000_0000 == 0x8080_E000_0000, safeLeads &>> (word &>> 24 & 0xF) & 1 != 0 else {
                index &+= 3
                break
            }
            index &+= 6
        }
        return index
    }
}
