/// Walks over the fields of a message, one at a time, without trusting a byte of it.
///
/// It holds positions only; the bytes are handed in with each call, so it can be kept anywhere. Each step reads a
/// bounded number of bytes beyond the payload it skips, and ends at `end` or throws.
public struct WireCursor: Sendable {
    /// The offset of the next tag.
    public private(set) var position: Int
    /// The offset behind the message.
    public let end: Int

    /// Groups that contain groups are skipped to this depth.
    static let groupDepth = 32

    /// Starts at the beginning of a message that is the whole of `bytes`, or `range` of it.
    public init(over bytes: Span<UInt8>, range: Range<Int>? = nil) {
        let range = range ?? 0..<bytes.count
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "The message lies outside of the bytes")
        self.position = range.lowerBound
        self.end = range.upperBound
    }

    /// The next field, or nil at the end of the message.
    ///
    /// - Parameter bytes: The same bytes as before.
    public mutating func next(in bytes: Span<UInt8>) throws(RecordError) -> WireField? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint(in: bytes)
        let number = tag >> 3
        guard number > 0, number < 1 << 29, let wireType = WireType(rawValue: UInt8(tag & 7)) else {
            throw RecordError(.tag, at: start)
        }
        switch wireType {
        case .varint:
            let value = try varint(in: bytes)
            return WireField(number, wireType, from: start, payload: position..<position, value: value)
        case .lengthDelimited:
            let length = try varint(in: bytes)
            let payload = try skip(length)
            return WireField(number, wireType, from: start, payload: payload, value: 0)
        case .fixed64, .fixed32:
            let value = try fixed(wireType == .fixed64 ? 8 : 4, in: bytes)
            return WireField(number, wireType, from: start, payload: position..<position, value: value)
        case .startGroup:
            let body = position
            try skipGroup(number, in: bytes, depth: 0)
            return WireField(number, wireType, from: start, payload: body..<position, value: 0)
        case .endGroup:
            throw RecordError(.group, at: start)
        }
    }

    /// The next varint, where a packed list or a length stands rather than a field.
    @inline(__always)
    public mutating func varint(in bytes: Span<UInt8>) throws(RecordError) -> UInt64 {
        // Nearly all tags and lengths have one byte.
        if position < end, case let byte = bytes[position], byte < 0x80 {
            position &+= 1
            return UInt64(byte)
        }
        return try longVarint(in: bytes)
    }

    private mutating func longVarint(in bytes: Span<UInt8>) throws(RecordError) -> UInt64 {
        let start = position
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position &+= 1
            // The tenth byte has room for one bit.
            guard shift < 63 || byte < 2 else { throw RecordError(.varint, at: start) }
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift &+= 7
        }
        throw RecordError(.truncated, at: start)
    }

    /// The next eight bytes as a number, where a packed list stands rather than a field.
    public mutating func fixed64(in bytes: Span<UInt8>) throws(RecordError) -> UInt64 {
        try fixed(8, in: bytes)
    }

    private mutating func fixed(_ size: UInt64, in bytes: Span<UInt8>) throws(RecordError) -> UInt64 {
        var value: UInt64 = 0
        for index in try skip(size).reversed() { value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    private mutating func skip(_ length: UInt64) throws(RecordError) -> Range<Int> {
        guard length <= UInt64(end - position) else { throw RecordError(.truncated, at: position) }
        let start = position
        position += Int(length)
        return start..<position
    }

    private mutating func skipGroup(_ number: UInt64, in bytes: Span<UInt8>, depth: Int) throws(RecordError) {
        guard depth < Self.groupDepth else { throw RecordError(.group, at: position) }
        while position < end {
            let start = position
            let tag = try varint(in: bytes)
            guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw RecordError(.tag, at: start) }
            switch WireType(rawValue: UInt8(tag & 7)) {
            case .varint: _ = try varint(in: bytes)
            case .fixed64: _ = try skip(8)
            case .fixed32: _ = try skip(4)
            case .lengthDelimited: _ = try skip(try varint(in: bytes))
            case .startGroup: try skipGroup(tag >> 3, in: bytes, depth: depth + 1)
            case .endGroup where tag >> 3 == number: return
            default: throw RecordError(.tag, at: start)
            }
        }
        throw RecordError(.truncated, at: position)
    }
}

/// One field as it stands on the wire.
public struct WireField: Sendable, Hashable {
    /// The field number, 1 to 2²⁹ − 1.
    public let number: Int
    /// How it is framed.
    public let wireType: WireType
    /// The offset of its tag.
    public let start: Int
    /// Where the content of a length-delimited field or a group stands; for numbers, the empty range behind them.
    public let payload: Range<Int>
    /// The value of a varint, or the bits of a fixed field.
    public let value: UInt64

    /// The offset behind it.
    public var end: Int { payload.upperBound }

    @inline(__always)
    init(_ number: UInt64, _ wireType: WireType, from start: Int, payload: Range<Int>, value: UInt64) {
        self.number = Int(truncatingIfNeeded: number)
        self.wireType = wireType
        self.start = start
        self.payload = payload
        self.value = value
    }
}
