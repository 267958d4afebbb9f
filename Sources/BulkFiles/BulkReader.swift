/// Reads a file directly, somewhat more at a time than is asked for: what is asked for next mostly lies behind it.
public struct BulkReader: Sendable {
    private let file: BulkFile
    private let buffer: BlockBuffer
    // Where in the file that begins.
    private var place: Int64 = 0

    /// - Parameters:
    ///   - file: What is never changed where it is read.
    ///   - buffer: Memory that nobody else uses meanwhile. As much as it has room for is read at once.
    public init(_ file: BulkFile, buffer: BlockBuffer) {
        self.file = file
        self.buffer = buffer
        buffer.shorten(to: 0)
    }

    /// Whether bytes are in memory.
    public func has(_ count: Int, at place: Int64) -> Bool {
        place >= self.place && place + Int64(count) <= self.place + Int64(buffer.count)
    }

    /// Whether what begins at a place is what comes next, or may be.
    public func isFollowed(by place: Int64) -> Bool {
        let ahead = Int64(buffer.count + BlockBuffer.blockSize)
        return place >= self.place && place - self.place <= ahead
    }

    /// Whether it has read the end of the file, and nothing lies behind a place but what fills the block.
    public func isAtEnd(_ place: Int64) -> Bool {
        buffer.room > 0 && self.place + Int64(buffer.count - BlockBuffer.blockSize) < place
    }

    /// Lends bytes of the file to a function; `nil` when there are not so many.
    public mutating func withUnsafeBytes<Result>(
        _ count: Int, at place: Int64, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(BulkFileError) -> Result? {
        guard count >= 0, place >= 0, place <= Int64.max - Int64(buffer.capacity) - Int64(count) else { return nil }
        if has(count, at: place) { return lend(buffer, from: self.place, count, at: place, body) }
        let start = place & ~Int64(BlockBuffer.blockSize - 1)
        let needed = Int(place - start) + count
        guard needed <= buffer.capacity else {
            // Much is seldom asked for at once, and memory for it is not kept.
            let bigger = BlockBuffer(capacity: needed)
            try file.read(bigger.capacity, at: start, into: bigger)
            return lend(bigger, from: start, count, at: place, body)
        }
        self.place = start
        try file.read(buffer.capacity, at: start, into: buffer)
        return lend(buffer, from: start, count, at: place, body)
    }

    private func lend<Result>(
        _ buffer: BlockBuffer, from start: Int64, _ count: Int, at place: Int64,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let offset = Int(place - start)
        guard offset + count <= buffer.count else { return nil }
        return buffer.withUnsafeBytes(offset..<(offset + count), body)
    }
}
