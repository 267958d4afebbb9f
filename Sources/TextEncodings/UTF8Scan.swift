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
            let blocks = skipBlocks(bytes, from: index, stopsAtPrivateUse: stopsAtPrivateUse)
            if blocks.sawMultibyte { sawMultibyte = true }
            index = skipASCII(bytes, from: blocks.index)
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

    // Wider ones than the processor is known to have are taken apart by the compiler (6.3), lane by lane.
    private typealias Lanes = SIMD16<UInt8>

    // Passes blocks of 64 bytes as long as all in them is valid and of two or three bytes at most, without the leads whose
    // next byte is bounded more narrowly: they are left to the careful step. Two bytes before a block are looked at, so
    // the first characters are not passed here. Ends between characters.
    @inline(__always)
    private static func skipBlocks(
        _ bytes: Span<UInt8>, from start: Int, stopsAtPrivateUse: Bool
    ) -> (index: Int, sawMultibyte: Bool) {
        var index = start
        var sawMultibyte = false
        // A lead that nothing valid followed may stand before.
        guard start >= 2, bytes[start &- 1] < 0xC0, bytes[start &- 2] < 0xE0 else { return (start, false) }
        let raw = bytes.bytes
        // All that is loaded lies from two bytes before `index` up to 64 behind it: the loads need no check of their own.
        while index &+ 64 <= bytes.count {
            let all = lanes(raw, index) | lanes(raw, index &+ 16) | lanes(raw, index &+ 32) | lanes(raw, index &+ 48)
            let behind = lanes(raw, index &- 2)
            if isAnyHigh(all | behind) {
                let first =
                    flaws(raw, index, stopsAtPrivateUse) | flaws(raw, index &+ 16, stopsAtPrivateUse)
                let second =
                    flaws(raw, index &+ 32, stopsAtPrivateUse) | flaws(raw, index &+ 48, stopsAtPrivateUse)
                let halves = unsafeBitCast(first | second, to: SIMD2<UInt64>.self)
                guard halves.x | halves.y == 0 else { break }
                sawMultibyte = true
            }
            index &+= 64
        }
        return (index > start ? startOfCharacter(bytes, before: index, notBefore: start) : start, sawMultibyte)
    }

    // Sixteen bytes that the caller knows to be there.
    @inline(__always)
    private static func lanes(_ raw: RawSpan, _ index: Int) -> Lanes {
        raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: Lanes.self)
    }

    @inline(__always)
    private static func isAnyHigh(_ lanes: Lanes) -> Bool {
        let halves = unsafeBitCast(lanes, to: SIMD2<UInt64>.self)
        return (halves.x | halves.y) & highBits != 0
    }

    // Not zero where a byte should be a continuation and is not, or is one and should not be, or needs a closer look.
    @inline(__always)
    private static func flaws(_ raw: RawSpan, _ index: Int, _ stopsAtPrivateUse: Bool) -> Lanes {
        let these = lanes(raw, index)
        let before = lanes(raw, index &- 1)
        let follows =
            lanes(before .>= Lanes(repeating: 0xC0)) | lanes(lanes(raw, index &- 2) .>= Lanes(repeating: 0xE0))
        let isContinuation = lanes(SIMD16<Int8>(truncatingIfNeeded: these) .< SIMD16(repeating: -64))
        let isMisplaced = isContinuation ^ follows
        // C0, C1, E0 and, since it is as rare, E1; ED, EE, and F0 and above; and EF before what makes private use of it.
        let low = lanes(these & Lanes(repeating: 0xDE) .== Lanes(repeating: 0xC0))
        let high = lanes(these .>= Lanes(repeating: 0xED)) & ~lanes(these .== Lanes(repeating: 0xEF))
        guard stopsAtPrivateUse else { return isMisplaced | low | high }
        let isPrivate =
            lanes(before .== Lanes(repeating: 0xEF))
            & lanes(SIMD16<Int8>(truncatingIfNeeded: these) .< SIMD16(repeating: -92))
        return isMisplaced | low | high | isPrivate
    }

    @inline(__always)
    private static func lanes(_ mask: SIMDMask<SIMD16<Int8>>) -> Lanes { unsafeBitCast(mask, to: Lanes.self) }

    // Where the character begins that reaches over `index`, or that.
    @inline(__always)
    private static func startOfCharacter(_ bytes: Span<UInt8>, before index: Int, notBefore start: Int) -> Int {
        var lead = index &- 1
        while lead > start, bytes[lead] & 0xC0 == 0x80 { lead &-= 1 }
        let length = bytes[lead] >= 0xE0 ? 3 : bytes[lead] >= 0xC0 ? 2 : 1
        return lead &+ length > index ? lead : index
    }
}
