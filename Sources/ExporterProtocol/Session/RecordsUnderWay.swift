/// The records of a session that are sent and not settled, in the order of their positions.
struct RecordsUnderWay: Sendable {
    private struct Entry: Sendable {
        var record: FeedRecord
        var isRefused = false
    }

    // entries[head...] are under way; the part before is freed when it outgrows them.
    private var entries: [Entry] = []
    private var head = 0
    private(set) var byteCount = 0

    var count: Int { entries.count - head }
    var isEmpty: Bool { count == 0 }
    var first: UInt64? { isEmpty ? nil : entries[head].record.position }

    mutating func append(_ record: FeedRecord) {
        entries.append(Entry(record: record))
        byteCount += record.bytes.count
    }

    func record(at position: UInt64) -> FeedRecord? {
        index(of: position).flatMap { entries[$0].isRefused ? nil : entries[$0].record }
    }

    mutating func refuse(_ position: UInt64) {
        guard let index = index(of: position) else { return }
        entries[index].isRefused = true
    }

    func contains(_ position: UInt64) -> Bool {
        index(of: position) != nil
    }

    /// Settles everything up to a position that is under way.
    mutating func settle(through position: UInt64) {
        guard let index = index(of: position) else { return }
        drop(through: index)
    }

    /// Settles the refused records at the front; the position of the last of them.
    mutating func dropRefusedFront() -> UInt64? {
        var index = head
        while index < entries.count, entries[index].isRefused { index += 1 }
        guard index > head else { return nil }
        let position = entries[index - 1].record.position
        drop(through: index - 1)
        return position
    }

    private mutating func drop(through index: Int) {
        for entry in head...index {
            byteCount -= entries[entry].record.bytes.count
            // Lets go of the batch that the slice keeps alive.
            entries[entry].record.bytes = []
        }
        head = index + 1
        if head == entries.count {
            entries.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head > entries.count / 2 {
            entries.removeSubrange(..<head)
            head = 0
        }
    }

    private func index(of position: UInt64) -> Int? {
        var low = head
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].record.position < position { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].record.position == position ? low : nil
    }
}
