/// The keys of several runs in the order of their ids. Of an id that several have, the newest run's key is given.
///
/// Ids are hashes: what all runs have with the same first bits is about as much each time, and is put in order in memory.
struct KeyMerge {
    // Makes slices itself, or takes those that another thread makes.
    private var slices: KeySlices
    private let ahead: SlicesAhead?
    // Slices that wait, and the one in hand.
    private var waiting: ArraySlice<[StatedKey]> = []
    private var slice: ArraySlice<StatedKey> = []

    /// - Parameters:
    ///   - runs: The oldest first.
    ///   - isAhead: Whether another thread merges the next keys while these are taken.
    init(_ runs: [KeyRun], isAhead: Bool = false) throws {
        slices = KeySlices(runs)
        ahead = isAhead ? SlicesAhead(slices) : nil
        try fill()
    }

    /// The next key without going on.
    var peek: StatedKey? { slice.first }

    mutating func next() throws -> StatedKey? {
        guard let key = slice.popFirst() else { return nil }
        if slice.isEmpty { try fill() }
        return key
    }

    /// Some of the next keys, at least one; nil when there are none.
    mutating func nextSome() throws -> ArraySlice<StatedKey>? {
        guard !slice.isEmpty else { return nil }
        let keys = slice
        slice = []
        try fill()
        return keys
    }

    private mutating func fill() throws {
        guard let ahead else { return slice = try slices.next()?[...] ?? [] }
        if waiting.isEmpty { waiting = try ahead.take()[...] }
        slice = waiting.popFirst()?[...] ?? []
    }
}
