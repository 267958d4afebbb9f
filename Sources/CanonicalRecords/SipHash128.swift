/// SipHash-2-4 with a result of 128 bits: a keyed hash for ids and join keys, fed piece by piece without allocation.
///
/// Without the key, a hash of an identity number cannot be told from a random number, though identity numbers are few
/// enough to try them all.
public struct SipHash128: Sendable, BitwiseCopyable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    // The bytes that do not fill a word yet, lowest first; as many as `length % 8`.
    private var tail: UInt64 = 0
    private var length: UInt64 = 0

    /// Starts a hash with a key.
    public init(key: Key) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// Takes the next bytes. Where the input is cut into pieces makes no difference.
    public mutating func update(_ bytes: Span<UInt8>) {
        let raw = bytes.bytes
        // The state stays in registers.
        var state = self
        let shift = state.length & 7 &* 8
        var at = 0
        while bytes.count &- at >= 8 {
            let word = Self.word(raw, at)
            state.compress(state.tail | word << shift)
            // A shift by the whole word gives zero.
            state.tail = word >> (64 &- shift)
            at &+= 8
        }
        state.length &+= UInt64(at)
        while at < bytes.count { state.update(bytes[at]); at &+= 1 }
        self = state
    }

    /// Takes the next byte.
    @inline(__always)
    public mutating func update(_ byte: UInt8) {
        tail |= UInt64(byte) << ((length & 7) &* 8)
        length &+= 1
        if length & 7 == 0 {
            compress(tail)
            tail = 0
        }
    }

    /// Takes the UTF-8 bytes of a text.
    public mutating func update(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        update(text.utf8.span)
    }

    /// The hash of what was taken so far. The hash can go on afterwards.
    @inline(__always)
    public func digest() -> Digest {
        var state = self
        state.compress(tail | length << 56)
        state.v2 ^= 0xee
        for _ in 0..<4 { state.round() }
        let low = state.v0 ^ state.v1 ^ state.v2 ^ state.v3
        state.v1 ^= 0xdd
        for _ in 0..<4 { state.round() }
        return Digest(low: low, high: state.v0 ^ state.v1 ^ state.v2 ^ state.v3)
    }

    /// The hash of what was taken so far and of `bytes` behind it; the hash itself does not go on.
    public func digest(appending bytes: Span<UInt8>) -> Digest {
        let raw = bytes.bytes
        let last = bytes.count &- 8
        var state = self
        guard last >= 0 else {
            for index in bytes.indices { state.update(bytes[index]) }
            return state.digest()
        }
        // The first bytes fill the word that has begun. Those behind it are words where they stand.
        let begun = length & 7
        state.compress(state.tail | Self.word(raw, 0) &<< (begun &* 8))
        var at = 8 &- Int(truncatingIfNeeded: begun)
        while at <= last {
            state.compress(Self.word(raw, at))
            at &+= 8
        }
        // What is left are the highest bytes of the last word; a shift by the whole word gives zero.
        state.tail = Self.word(raw, last) >> UInt64(truncatingIfNeeded: (at &- last) &* 8)
        state.length &+= UInt64(truncatingIfNeeded: bytes.count)
        return state.digest()
    }

    // Any eight bytes are a valid word, and the load is checked against the bounds of the span.
    @inline(__always)
    private static func word(_ raw: RawSpan, _ at: Int) -> UInt64 {
        UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    @inline(__always)
    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }
}

extension SipHash128 {
    /// A key of 16 bytes.
    ///
    /// Its description is a constant, so that it does not slip into a log.
    public struct Key: Sendable, Hashable, CustomStringConvertible {
        let low: UInt64
        let high: UInt64

        /// Reads a key from 16 bytes; nil when there are more or fewer.
        public init?(_ bytes: Span<UInt8>) {
            guard bytes.count == 16 else { return nil }
            low = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self))
            high = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }

        /// Reads a key from 16 bytes; nil when there are more or fewer.
        public init?(_ bytes: [UInt8]) {
            self.init(bytes.span)
        }

        /// Says nothing of the key.
        public var description: String { "SipHash128.Key" }
    }

    /// A hash of 16 bytes.
    public struct Digest: Sendable, Hashable, BitwiseCopyable {
        /// The first eight bytes, lowest first.
        public let low: UInt64
        /// The last eight bytes, lowest first.
        public let high: UInt64

        /// Puts a digest together from its halves.
        public init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }

        /// The 16 bytes.
        public var bytes: [UInt8] {
            (0..<16).map { byte($0) }
        }

        /// The 32 hexadecimal digits, lower case.
        public var hexadecimal: String {
            var buffer = RecordBuffer(capacity: 32)
            appendHexadecimal(to: &buffer)
            return String(decoding: buffer.copied(), as: UTF8.self)
        }

        /// The 32 hexadecimal digits, lower case, to be appended more than once.
        @inline(__always)
        public var hexadecimalWords: RecordBuffer.Words {
            let bytes = unsafeBitCast(SIMD2(low.littleEndian, high.littleEndian), to: SIMD16<UInt8>.self)
            // Two digits a lane, the high one in the low byte.
            let spread = SIMD16<UInt16>(truncatingIfNeeded: bytes)
            let digits = spread &>> 4 | (spread & 0xF) &<< 8
            // 30 more makes a digit of what is below ten, another 27 a letter of what is not.
            let letters = ((digits &+ 0x0606) &>> 4 & 0x0101) &* 0x27
            // Any 32 bytes are four words.
            return unsafeBitCast(digits &+ 0x3030 &+ letters, to: RecordBuffer.Words.self)
        }

        /// Appends the 32 hexadecimal digits, lower case.
        @inline(__always)
        public func appendHexadecimal(to buffer: inout RecordBuffer) {
            buffer.append(words: hexadecimalWords, count: 32)
        }

        private func byte(_ index: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: (index < 8 ? low : high) >> UInt64((index & 7) * 8))
        }
    }
}
