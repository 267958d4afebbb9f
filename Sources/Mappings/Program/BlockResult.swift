import CanonicalRecords

/// What a block gave. Buffers are reused.
struct BlockResult: ~Copyable, Sendable {
    /// The records, each with its length in front.
    var output = RecordBuffer(capacity: 320 << 10)
    var entries = PlainArray<WrittenRecord>(capacity: 1024)
    var problems: [RowProblem] = []
    var counts: BlockCounts

    init(_ program: MappingProgram) {
        counts = BlockCounts(program)
    }

    /// Forgets what the last block gave.
    mutating func removeAll() {
        output.removeAll()
        entries.removeAll()
        problems.removeAll(keepingCapacity: true)
        counts.removeAll()
    }
}
