import CanonicalRecords

/// What a block gave. Buffers are reused, but for that of the records: it becomes a batch where it can.
struct BlockResult: ~Copyable, Sendable {
    /// The records, each with its length in front.
    var output: [UInt8] = []
    var entries = PlainArray<WrittenRecord>(capacity: 32)
    var problems: [RowProblem] = []
    var counts: BlockCounts

    init(_ program: MappingProgram) {
        counts = BlockCounts(program)
    }

    /// Bytes that ``output`` has room for from the start, by those of the block: some more than most blocks give, and than a
    /// batch should have.
    static func outputCapacity(forBytes count: Int) -> Int { min(4096 + 8 * count, 320 << 10) }

    /// Forgets what the last block gave.
    mutating func removeAll() {
        output = []
        entries.removeAll()
        problems.removeAll(keepingCapacity: true)
        counts.removeAll()
    }
}
