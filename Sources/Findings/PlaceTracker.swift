/// Follows line, column and offset through UTF-8 text that arrives in pieces.
///
/// A reader advances it over the bytes it is done with, so every byte is counted once; the place of a byte further ahead
/// comes from ``place(after:)`` on a copy. Counting happens in wide loops that the compiler vectorises.
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

    // Reads only `bytes[0..<bytes.count]`; the caller's span guarantees that they are alive and initialised.
    private mutating func advance(overBytes bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty else { return }
        let (lines, lineStart) = countLines(in: bytes)
        if lines > 0 {
            place.line += lines
            place.column = 1
        }
        place.column += Self.scalarCount(in: UnsafeBufferPointer(rebasing: bytes[lineStart...]))
        place.offset += bytes.count
        endsInCarriageReturn = bytes[bytes.count - 1] == 0x0D
    }

    // The number of line ends, and the index just behind the last one.
    private func countLines(in bytes: UnsafeBufferPointer<UInt8>) -> (lines: Int, lineStart: Int) {
        let feeds = Self.count(of: 0x0A, in: bytes)
        let returns = Self.count(of: 0x0D, in: bytes)
        // The LF of a CRLF that was cut between two pieces ends the line that its CR has already ended.
        let continued = endsInCarriageReturn && bytes[0] == 0x0A
        guard feeds + returns > 0 else { return (0, 0) }
        var lines = feeds + returns - (continued ? 1 : 0)
        if returns > 0 {
            for index in 1..<max(1, bytes.count) where bytes[index] == 0x0A && bytes[index - 1] == 0x0D {
                lines -= 1
            }
        }
        var start = bytes.count
        while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D {
            start -= 1
        }
        return (lines, start)
    }

    // Sixteen bytes at a time: each lane counts for itself, and is emptied before it can overflow.
    private static func count(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        let needle = SIMD16<UInt8>(repeating: byte)
        var total = 0
        var index = 0
        while index + 16 <= raw.count {
            var lanes = SIMD16<UInt8>()
            let end = min(raw.count - 15, index + 16 * 255)
            while index < end {
                let block = raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
                lanes = lanes.replacing(with: lanes &+ 1, where: block .== needle)
                index += 16
            }
            total += Int(SIMD16<UInt16>(truncatingIfNeeded: lanes).wrappedSum())
        }
        while index < raw.count {
            total += raw[index] == byte ? 1 : 0
            index += 1
        }
        return total
    }

    private static func scalarCount(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes {
            count &+= byte & 0xC0 != 0x80 ? 1 : 0
        }
        return count
    }
}
