import Glibc

// The unsafe pointers of the module are here, but for those of the reads and writes that BulkFile does with them.

/// Memory that a disk can be written from and read into directly: it begins at a block, and has room for whole ones.
public final class BlockBuffer: @unchecked Sendable {
    // The rule that guards it: it is in one hand at a time. Who hands it to a queue takes it back when the queue is done.

    /// What files are written and read in, in bytes. Disks whose blocks are bigger refuse it, and are written as usual.
    public static let blockSize = 4096

    /// How many bytes there is room for.
    public let capacity: Int
    /// How many bytes it has.
    public private(set) var count = 0

    // Invariant: `memory` begins at a block and has `capacity` bytes, of which the first `count` have been written.
    private let memory: UnsafeMutableRawPointer

    /// - Parameter capacity: Is rounded up to whole blocks.
    public init(capacity: Int) {
        self.capacity = max(Self.blockSize, Self.wholeBlocks(capacity))
        memory = Self.pages(self.capacity)
    }

    deinit {
        munmap(memory, capacity)
    }

    // Pages of its own: what is as big would otherwise change how the allocator treats everything else.
    private static func pages(_ size: Int) -> UnsafeMutableRawPointer {
        guard let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pages != MAP_FAILED
        else { fatalError("no memory for \(size) bytes") }
        // open(2): a child that is forked meanwhile and the disk must not have the same pages.
        madvise(pages, size, MADV_DONTFORK)
        return pages
    }

    /// A count of bytes, rounded up to whole blocks.
    public static func wholeBlocks(_ count: Int) -> Int { (count + blockSize - 1) & ~(blockSize - 1) }

    /// How many bytes may still be appended.
    public var room: Int { capacity - count }

    /// Appends bytes, for which there must be room.
    public func append(_ bytes: RawSpan) {
        precondition(bytes.byteCount <= room)
        bytes.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { (memory + count).copyMemory(from: start, byteCount: bytes.count) }
        }
        count += bytes.byteCount
    }

    /// Appends what a function writes into so much room, and says that it has written from its beginning.
    public func append(atMost limit: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) {
        precondition(limit <= room)
        let written = fill(UnsafeMutableRawBufferPointer(start: memory + count, count: limit))
        precondition((0...limit).contains(written))
        count += written
    }

    /// Appends zeros up to the next whole block.
    public func pad() {
        let padded = Self.wholeBlocks(count)
        memset(memory + count, 0, padded - count)
        count = padded
    }

    /// Forgets everything behind the first `kept` bytes.
    public func shorten(to kept: Int) {
        precondition((0...count).contains(kept))
        count = kept
    }

    /// Makes what another buffer, or this one, has behind its first `offset` bytes the whole of this one.
    public func take(_ other: BlockBuffer, behind offset: Int) {
        precondition((0...other.count).contains(offset) && other.count - offset <= capacity)
        memmove(memory, other.memory + offset, other.count - offset)
        count = other.count - offset
    }

    /// Lends bytes that it has.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return try body(UnsafeRawBufferPointer(start: memory + range.lowerBound, count: range.count))
    }

    /// Fills it anew with what a function reads into its first `limit` bytes, from their beginning.
    func refill(
        _ limit: Int, _ read: (UnsafeMutableRawBufferPointer) throws(BulkFileError) -> Int
    ) throws(BulkFileError) {
        precondition((0...capacity).contains(limit))
        count = 0
        count = try read(UnsafeMutableRawBufferPointer(start: memory, count: limit))
        precondition((0...limit).contains(count))
    }
}
