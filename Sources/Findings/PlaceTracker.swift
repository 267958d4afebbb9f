/// Follows line, column and offset through UTF-8 text that arrives in pieces.
///
/// A reader advances it over the bytes it is done with, so every byte is counted once; the place of a byte further ahead
/// comes from ``place(after:)`` on a copy.
public struct PlaceTracker: Sendable, Hashable {
    /// The place of the next byte. `offset` counts UTF-8 bytes; for other encodings the decoder translates it.
    public private(set) var place: SourcePlace
    // A CR was the last byte: an LF that follows belongs to the same line end.
    private var endsInCarriageReturn = false

    /// Starts at the given place.
    public init(at place: SourcePlace = .start) {
        self.place = place
    }

    /// Moves over `bytes`, which follow directly on what was advanced over before.
    public mutating func advance(over bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { advance(overBytes: $0) }
    }

    /// The place behind `bytes`, without moving.
    public func place(after bytes: Span<UInt8>) -> SourcePlace {
        var copy = self
        copy.advance(over: bytes)
        return copy.place
    }

    // Line ends are counted up to the last one, columns only from there on. Reads only `bytes[0..<bytes.count]`; the
    // caller's span guarantees that they are alive and initialised.
    private mutating func advance(overBytes bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty else { return }
        let raw = UnsafeRawBufferPointer(bytes)
        let lastLine = Self.startOfLastLine(raw)
        if lastLine > 0 {
            place.line += Self.lineEnds(raw, before: lastLine)
            // The LF of a CRLF ends the line that its CR has already ended.
            if endsInCarriageReturn, raw[0] == 0x0A { place.line -= 1 }
            place.column = 1
        }
        place.column += Self.characters(raw, from: lastLine)
        endsInCarriageReturn = raw[raw.count - 1] == 0x0D
        place.offset += raw.count
    }

    // The index behind the last line end; 0 when there is none.
    private static func startOfLastLine(_ raw: UnsafeRawBufferPointer) -> Int {
        var end = raw.count
        while end >= 16 {
            let lanes = raw.loadUnaligned(fromByteOffset: end &- 16, as: Lanes.self)
            let halves = unsafeBitCast(isLineFeed(lanes) .| isCarriageReturn(lanes), to: SIMD2<UInt64>.self)
            guard halves.x | halves.y == 0 else { break }
            end &-= 16
        }
        while end > 0, raw[end &- 1] != 0x0A, raw[end &- 1] != 0x0D { end &-= 1 }
        return end
    }

    // LF, CR, and CRLF as one.
    private static func lineEnds(_ raw: UnsafeRawBufferPointer, before end: Int) -> Int {
        var number = 0
        var index = 0
        while index &+ 32 <= end {
            // By lane; no lane can overflow in so few rounds.
            var ends = Lanes()
            var returns = Lanes()
            let last = min(end &- 32, index &+ 100 &* 32)
            while index <= last {
                let first = raw.loadUnaligned(fromByteOffset: index, as: Lanes.self)
                let second = raw.loadUnaligned(fromByteOffset: index &+ 16, as: Lanes.self)
                ends &-= lanes(isLineFeed(first)) &+ lanes(isLineFeed(second))
                returns |= lanes(isCarriageReturn(first) .| isCarriageReturn(second))
                index &+= 32
            }
            guard returns == Lanes() else { return lineEndsWithReturns(raw, before: end) }
            number &+= Int(SIMD16<UInt16>(truncatingIfNeeded: ends).wrappedSum())
        }
        return number &+ lineEndsByByte(raw, from: index, before: end)
    }

    private static func lineEndsWithReturns(_ raw: UnsafeRawBufferPointer, before end: Int) -> Int {
        var number = 0
        var index = 0
        while index &+ 17 <= end {
            var ends = Lanes()
            let last = min(end &- 17, index &+ 200 &* 16)
            while index <= last {
                let these = raw.loadUnaligned(fromByteOffset: index, as: Lanes.self)
                let next = raw.loadUnaligned(fromByteOffset: index &+ 1, as: Lanes.self)
                ends &-= lanes(isLineFeed(these) .| (isCarriageReturn(these) .& .!isLineFeed(next)))
                index &+= 16
            }
            number &+= Int(SIMD16<UInt16>(truncatingIfNeeded: ends).wrappedSum())
        }
        return number &+ lineEndsByByte(raw, from: index, before: end)
    }

    private static func lineEndsByByte(_ raw: UnsafeRawBufferPointer, from start: Int, before end: Int) -> Int {
        var number = 0
        for index in start..<end {
            let isReturn = raw[index] == 0x0D && (index &+ 1 == end || raw[index &+ 1] != 0x0A)
            if isReturn || raw[index] == 0x0A { number &+= 1 }
        }
        return number
    }

    private static func characters(_ raw: UnsafeRawBufferPointer, from start: Int) -> Int {
        var number = raw.count &- start
        var index = start
        while index &+ 8 <= raw.count {
            number &-= continuationCount(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        while index < raw.count {
            if raw[index] & 0xC0 == 0x80 { number &-= 1 }
            index &+= 1
        }
        return number
    }

    private typealias Lanes = SIMD16<UInt8>
    private typealias Hits = SIMDMask<SIMD16<Int8>>

    // Each hit as a byte of ones.
    @inline(__always)
    private static func lanes(_ hits: Hits) -> Lanes { unsafeBitCast(hits, to: Lanes.self) }

    @inline(__always)
    private static func isLineFeed(_ lanes: Lanes) -> Hits { lanes .== Lanes(repeating: 0x0A) }

    @inline(__always)
    private static func isCarriageReturn(_ lanes: Lanes) -> Hits { lanes .== Lanes(repeating: 0x0D) }

    // Bytes of the form 10xxxxxx.
    @inline(__always)
    private static func continuationCount(_ word: UInt64) -> Int {
        (word & ~(word << 1) & 0x8080_8080_8080_8080).nonzeroBitCount
    }
}
