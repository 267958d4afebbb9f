public import Findings

/// A stream of records, each with its length as a varint in front: what protobuf libraries call length-delimited.
public enum DelimitedRecords {
    /// Appends a record with its length in front.
    public static func append(_ record: Span<UInt8>, to buffer: inout RecordBuffer) {
        buffer.appendVarint(UInt64(record.count))
        buffer.append(record)
    }

    /// Appends a record with its length in front.
    public static func append(_ record: Span<UInt8>, to bytes: inout [UInt8]) {
        var length = UInt64(record.count)
        while length >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: length))
        bytes.append(record)
    }

    /// Finds the next record in bytes that hold whole records, such as a chunk of the journal.
    ///
    /// - Parameters:
    ///   - bytes: The stream.
    ///   - position: Where to look; moved behind the record that is found.
    ///   - limit: The largest record that is accepted, in bytes.
    /// - Returns: Where the record stands, without its length; nil at the end.
    /// - Throws: ``RecordError`` with `record.truncated`, `record.varint` or `record.size`; `position` stays.
    public static func next(
        in bytes: Span<UInt8>, at position: inout Int, limit: Int = Limits.recordSize
    ) throws(RecordError) -> Range<Int>? {
        // Nearly all records have a length of two bytes.
        let left = bytes.count &- position &- 2
        if left >= 0, bytes[position] >= 0x80, bytes[position &+ 1] < 0x80 {
            let length = Int(bytes[position] & 0x7F) | Int(bytes[position &+ 1]) &<< 7
            if length <= left, length <= limit {
                let start = position &+ 2
                position = start &+ length
                return Range(uncheckedBounds: (start, position))
            }
        }
        switch try frame(in: bytes, at: position, limit: limit) {
        case .end: return nil
        case .partial: throw RecordError(.truncated, at: position)
        case .record(let range):
            position = range.upperBound
            return range
        }
    }

    /// What stands at a position of a stream whose end may still be missing.
    enum Frame {
        case end
        case partial
        case record(Range<Int>)
    }

    static func frame(in bytes: Span<UInt8>, at position: Int, limit: Int) throws(RecordError) -> Frame {
        guard position < bytes.count else { return .end }
        var length: UInt64 = 0
        var at = position
        while true {
            guard at < bytes.count else { return .partial }
            let byte = bytes[at]
            let shift = UInt64(at - position) * 7
            guard shift < 63 || byte < 2 else { throw RecordError(.varint, at: position) }
            length |= UInt64(byte & 0x7F) << shift
            at += 1
            if byte < 0x80 { break }
        }
        guard length <= UInt64(max(0, limit)) else { throw RecordError(.size, at: position) }
        guard length <= UInt64(bytes.count - at) else { return .partial }
        return .record(at..<at + Int(length))
    }
}
