/// From when a record holds, as converted last: most documents say it once, in their head.
struct EffectiveTime: Sendable {
    private(set) var bytes: [UInt8] = []
    // Whose value that is: the entry and the value's index in the block in progress. Entries of one plan share it.
    private var entry = -1
    private var value = -1
    private var isConstant = false

    /// Forgets for which value it was made: the next block numbers its values anew.
    mutating func forgetValue() {
        value = -1
    }

    /// Makes it that of a record.
    mutating func read(_ code: EntryCode, entry: Int, _ row: RowView) {
        guard !(isConstant && entry == self.entry) else { return }
        isConstant = false
        switch code.effective {
        case nil: bytes.removeAll(keepingCapacity: true)
        case .constant(let constant):
            bytes = constant
            isConstant = true
            self.entry = entry
        case .slots(let slots, let machine):
            var found = -1
            for slot in slots where found < 0 { found = row.first(slot) }
            guard found >= 0 else { return bytes.removeAll(keepingCapacity: true) }
            if entry == self.entry, found == value { return }
            (self.entry, value) = (entry, found)
            bytes.removeAll(keepingCapacity: true)
            _ = machine.convert(row.bytes(found), into: &bytes)
        }
    }
}
