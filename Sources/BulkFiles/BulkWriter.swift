import Dispatch
import Glibc
import Synchronization

/// Writes a file from its beginning to its end, in pieces as big as its buffer.
///
/// It goes on from what failed only after ``restart(at:)``.
public final class BulkWriter {
    /// Where it writes.
    public let file: BulkFile

    private var filling: BlockBuffer
    // Where in the file that begins: at a block.
    private var place: Int64 = 0
    // Writes one buffer beside the filling of the other.
    private let beside: Beside?

    /// - Parameters:
    ///   - file: Where to write.
    ///   - bufferSize: Bytes that are written at once, half a MiB and more where the disk is to be quick.
    ///   - isBeside: Whether a second thread writes one buffer while the next is filled. A failure is told by a later call.
    public init(_ file: BulkFile, bufferSize: Int, isBeside: Bool) {
        self.file = file
        filling = BlockBuffer(capacity: bufferSize)
        beside = isBeside ? Beside(file) : nil
    }

    /// Where what is appended next will lie.
    public var end: Int64 { place + Int64(filling.count) }

    /// The most that can be appended at once by the function that is given the room for it.
    public var roomLimit: Int { filling.capacity - BlockBuffer.blockSize }

    /// Appends bytes.
    public func append(_ bytes: RawSpan) throws(BulkFileError) {
        var done = 0
        while done < bytes.byteCount {
            let count = min(bytes.byteCount - done, filling.room)
            filling.append(bytes.extracting(done..<(done + count)))
            done += count
            if filling.room == 0 { try handOver() }
        }
    }

    /// Appends what a function writes into so much room, and says that it has written; and lends it to another.
    ///
    /// - Parameters:
    ///   - limit: The room, at most ``roomLimit``.
    ///   - fill: Writes from the beginning of the room, and says how many bytes.
    ///   - body: Gets what was written.
    public func append<Result>(
        atMost limit: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int,
        then body: (UnsafeRawBufferPointer) -> Result
    ) throws(BulkFileError) -> Result {
        precondition(limit <= roomLimit)
        if filling.room < limit { try handOver() }
        let start = filling.count
        filling.append(atMost: limit, fill)
        return filling.withUnsafeBytes(start..<filling.count, body)
    }

    /// Writes everything, and zeros up to the next whole block, behind which it goes on.
    public func flush() throws(BulkFileError) {
        filling.pad()
        try handOver()
        try beside?.wait()
    }

    /// Writes everything, and gives the file its size. Nothing may be appended any more.
    public func finish() throws(BulkFileError) {
        let size = end
        try flush()
        try file.shorten(to: size)
    }

    /// Forgets everything from a place on, which is the beginning of a block, and what failed.
    public func restart(at place: Int64) {
        precondition(place % Int64(BlockBuffer.blockSize) == 0)
        _ = try? beside?.wait()
        filling.shorten(to: 0)
        self.place = place
    }

    /// Forgets everything from a place on that was appended.
    public func shorten(to end: Int64) throws(BulkFileError) {
        precondition((0...self.end).contains(end))
        guard end < place else { return filling.shorten(to: Int(end - place)) }
        try beside?.wait()
        // The beginning of the block was written, and is written again.
        let start = end & ~Int64(BlockBuffer.blockSize - 1)
        try file.read(BlockBuffer.blockSize, at: start, into: filling)
        guard filling.count >= Int(end - start) else { throw BulkFileError(code: EIO) }
        filling.shorten(to: Int(end - start))
        place = start
    }

    // Writes the whole blocks that there are; what lies behind them begins the next buffer.
    private func handOver() throws(BulkFileError) {
        let count = filling.count & ~(BlockBuffer.blockSize - 1)
        guard count > 0 else { return }
        if let beside {
            filling = try beside.write(filling, count: count, at: place)
        } else {
            try file.write(filling, count: count, at: place)
            filling.take(filling, behind: count)
        }
        place += Int64(count)
    }
}

// One buffer on its way to the disk.
private final class Beside {
    private let file: BulkFile
    private let queue = DispatchQueue(label: "qiao.bulk-files.write")
    private let failure = Failure()
    private var other: BlockBuffer?

    // What a write on the queue has left to be told.
    private final class Failure: Sendable {
        let error = Mutex<BulkFileError?>(nil)
    }

    init(_ file: BulkFile) {
        self.file = file
    }

    // Begins to write a buffer; another one, with what lies behind that.
    func write(_ buffer: BlockBuffer, count: Int, at place: Int64) throws(BulkFileError) -> BlockBuffer {
        try wait()
        let next = other ?? BlockBuffer(capacity: buffer.capacity)
        next.take(buffer, behind: count)
        other = buffer
        queue.async { [file, failure] in
            do throws(BulkFileError) {
                try file.write(buffer, count: count, at: place)
            } catch {
                failure.error.withLock { $0 = error }
            }
        }
        return next
    }

    // Waits until nothing is on its way.
    func wait() throws(BulkFileError) {
        queue.sync {}
        if let error = failure.error.withLock({ $0.take() }) { throw error }
    }
}
