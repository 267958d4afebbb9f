/// The records of a session that are sent and not settled, in the order of their positions.
struct RecordsUnderWay: Sendable {
    // parts[head...] are under way, none of them empty; the part before is freed when it outgrows them.
    private var parts: [FeedBatch] = []
    private var head = 0
    private var refused: Set<UInt64> = []
    private(set) var count = 0
    private(set) var byteCount = 0

    var isEmpty: Bool { count == 0 }
    var first: UInt64? { isEmpty ? nil : parts[head].entry(0).position }

    mutating func append(_ batch: FeedBatch) {
        guard !batch.isEmpty else { return }
        parts.append(batch)
        count += batch.count
        byteCount += batch.byteCount
    }

    func record(at position: UInt64) -> FeedRecord? {
        place(of: position).flatMap { refused.contains(position) ? nil : parts[$0.part][$0.index] }
    }

    mutating func refuse(_ position: UInt64) {
        guard contains(position) else { return }
        refused.insert(position)
    }

    func contains(_ position: UInt64) -> Bool {
        place(of: position) != nil
    }

    /// Settles everything up to a position that is under way.
    mutating func settle(through position: UInt64) {
        guard contains(position) else { return }
        while !isEmpty, case let settled = parts[head].count(through: position), settled > 0 { drop(settled) }
        if !refused.isEmpty { refused = refused.filter { $0 > position } }
    }

    /// Settles the refused records at the front; the position of the last of them.
    mutating func dropRefusedFront() -> UInt64? {
        var last: UInt64?
        while let first, refused.contains(first) {
            refused.remove(first)
            last = first
            drop(1)
        }
        return last
    }

    // Drops records of the first part, and with the last of them the part, whose bytes are let go.
    private mutating func drop(_ records: Int) {
        let dropped = parts[head].takeFirst(records)
        count -= records
        byteCount -= dropped.byteCount
        guard parts[head].isEmpty else { return }
        parts[head] = FeedBatch([])
        head += 1
        if head == parts.count {
            parts.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64, head > parts.count / 2 {
            parts.removeSubrange(..<head)
            head = 0
        }
    }

    private func place(of position: UInt64) -> (part: Int, index: Int)? {
        guard position > 0 else { return nil }
        var low = head
        var high = parts.count
        while low < high {
            let middle = (low + high) / 2
            let part = parts[middle]
            if part.entry(part.count - 1).position < position { low = middle + 1 } else { high = middle }
        }
        guard low < parts.count else { return nil }
        let index = parts[low].count(through: position - 1)
        return parts[low].entry(index).position == position ? (low, index) : nil
    }
}
