import CanonicalRecords

/// What a block gave. Buffers are reused, but for that of the records: it becomes a batch where it can.
struct BlockResult: ~Copyable, Sendable {
    /// The records, each with its length in front.
    var output: [UInt8] = []
    /// Bytes that ``output`` has room for from the start: some more than a batch should have.
    static let outputCapacity = 320 << 10
    var entries = PlainArray<WrittenRecord>(capacity: 1024)
    var problems: [RowProblem] = []
    var counts: BlockCounts

    init(_ program: MappingProgram) {
        counts = BlockCounts(program)
    }

    /// Forgets what the last block gave.
    mutating func removeAll() {
        output = []
        entries.removeAll()
        problems.removeAll(keepingCapacity: true)
        counts.removeAll()
    }
}
