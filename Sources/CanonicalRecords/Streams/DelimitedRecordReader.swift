public import Findings

/// Takes a delimited stream in pieces of any size and hands out its records.
///
/// ```swift
/// reader.append(piece)
/// while try reader.next() { use(reader.record) }
/// // at the end of the stream:
/// try reader.finish()
/// ```
///
/// It holds at most one record of up to `limit` bytes and the last piece. After an error it stays at the same place.
public struct DelimitedRecordReader: ~Copyable {
    /// The largest record that is accepted, in bytes.
    public let limit: Int
    /// How many records were handed out.
    public private(set) var recordCount = 0

    private var pending: RecordBuffer
    // The offset in `pending` of the first byte that was not handed out, and that of `pending` in the stream.
    private var position = 0
    private var streamOffset = 0
    private var current = 0..<0

    /// Creates a reader at the start of a stream.
    public init(limit: Int = Limits.recordSize) {
        self.limit = limit
        self.pending = RecordBuffer()
    }

    /// The offset in the stream of the first byte behind the records that were handed out.
    public var offset: Int { streamOffset + position }

    /// The record that ``next()`` found, without its length; valid until the next call.
    public var record: Span<UInt8> {
        @_lifetime(borrow self)
        get { pending.bytes.extracting(current) }
    }

    /// Takes the next bytes of the stream.
    public mutating func append(_ bytes: Span<UInt8>) {
        dropConsumed()
        pending.append(bytes)
    }

    /// Moves to the next record.
    ///
    /// - Returns: Whether there is one; if not, more bytes are needed, or the stream is over.
    /// - Throws: ``RecordError`` with the offset in the stream: a length that is no varint, or over the limit.
    public mutating func next() throws(RecordError) -> Bool {
        let frame: DelimitedRecords.Frame
        do {
            frame = try DelimitedRecords.frame(in: pending.bytes, at: position, limit: limit)
        } catch {
            throw RecordError(error.code, at: streamOffset + error.offset)
        }
        guard case .record(let range) = frame else {
            current = 0..<0
            return false
        }
        current = range
        position = range.upperBound
        recordCount += 1
        return true
    }

    /// Checks that the stream does not end inside of a record.
    ///
    /// - Throws: ``RecordError`` with `record.truncated` and the offset at which the torn record starts. What was
    ///   handed out before is whole.
    public func finish() throws(RecordError) {
        guard position == pending.count else { throw RecordError(.truncated, at: offset) }
    }

    private mutating func dropConsumed() {
        guard position > 0 else { return }
        pending.removeFirst(position)
        streamOffset += position
        position = 0
        current = 0..<0
    }
}
