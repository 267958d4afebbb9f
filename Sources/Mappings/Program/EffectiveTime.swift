import CanonicalRecords

/// From when records hold, as converted last: most documents say it once, in their head.
struct EffectiveTime: Sendable {
    // By entry: entries can have a time of their own.
    private var known: [Known]

    private struct Known: Sendable {
        var bytes: [UInt8] = []
        // Whose value that is: its index in the block in progress.
        var value = -1
    }

    init(entryCount: Int) {
        known = Array(repeating: Known(), count: entryCount)
    }

    /// Forgets for which values it was made: the next block numbers its values anew.
    mutating func forgetValues() {
        for entry in known.indices { known[entry].value = -1 }
    }

    /// The time of an entry's records, as it was read last.
    func bytes(_ entry: Int) -> [UInt8] { known[entry].bytes }

    /// Makes it that of a row.
    @inline(__always)
    mutating func read(_ code: EntryCode, entry: Int, _ row: RowView) {
        switch code.effective {
        case nil: break
        case .constant(let constant):
            if known[entry].bytes.isEmpty { known[entry].bytes = constant }
        case .slots(let slots, let machine): read(slots, machine, entry, row)
        }
    }

    private mutating func read(_ slots: [Int], _ machine: ValueMachine, _ entry: Int, _ row: RowView) {
        var found = -1
        for slot in slots where found < 0 { found = row.first(slot) }
        if found >= 0, found == known[entry].value { return }
        known[entry].value = found
        known[entry].bytes.removeAll(keepingCapacity: true)
        if found >= 0 { _ = machine.convert(row.bytes(found), into: &known[entry].bytes) }
    }
}
