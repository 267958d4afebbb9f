/// Follows line, column and offset through UTF-8 text that arrives in pieces.
///
/// A reader advances it over the bytes it is done with, so every byte is counted once; the place of a byte further ahead
/// comes from ``place(after:)`` on a copy. Pieces are mostly short, so counting goes by words rather than by vectors.
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

    // Eight bytes at a time; those with a control character among them, as at line ends, one by one. Reads only
    // `bytes[0..<bytes.count]`; the caller's span guarantees that they are alive and initialised.
    private mutating func advance(overBytes bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if Self.hasByteBelow0E(word) {
                for byte in bytes[index..<index + 8] { advance(over: byte) }
            } else {
                place.column += 8 - Self.continuationCount(word)
                endsInCarriageReturn = false
            }
            index += 8
        }
        for byte in bytes[index...] { advance(over: byte) }
        place.offset += bytes.count
    }

    @inline(__always)
    private mutating func advance(over byte: UInt8) {
        if byte == 0x0A || byte == 0x0D {
            // The LF of a CRLF ends the line that its CR has already ended.
            if byte == 0x0D || !endsInCarriageReturn { place.line += 1 }
            place.column = 1
        } else if byte & 0xC0 != 0x80 {
            place.column += 1
        }
        endsInCarriageReturn = byte == 0x0D
    }

    // Taking 0x0E from each byte borrows into its top bit where it is smaller; bytes from 0x80 on have that bit themselves.
    @inline(__always)
    private static func hasByteBelow0E(_ word: UInt64) -> Bool {
        (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word & 0x8080_8080_8080_8080 != 0
    }

    // Bytes of the form 10xxxxxx.
    @inline(__always)
    private static func continuationCount(_ word: UInt64) -> Int {
        (word & ~(word << 1) & 0x8080_8080_8080_8080).nonzeroBitCount
    }
}
