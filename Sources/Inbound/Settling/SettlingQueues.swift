/// Names first in, first out.
struct NameQueue: Sendable {
    private var names: [FileName] = []
    private var head = 0

    var isEmpty: Bool { head == names.count }

    mutating func push(_ name: FileName) {
        names.append(name)
    }

    mutating func pushFirst(_ name: FileName) {
        guard head > 0 else { return names.insert(name, at: 0) }
        head -= 1
        names[head] = name
    }

    mutating func pop() -> FileName? {
        guard head < names.count else { return nil }
        let name = names[head]
        head += 1
        if head > 1024, head * 2 > names.count {
            names.removeFirst(head)
            head = 0
        }
        return name
    }
}

/// Names and the moments at which they are due, earliest first.
///
/// Nearly all waits have one of two lengths, so what is pushed nearly always belongs at the end.
struct DueQueue: Sendable {
    private struct Entry: Sendable {
        var moment: Duration
        var name: FileName
        var generation: UInt64
    }

    private var entries: [Entry] = []
    private var head = 0

    var first: Duration? { head < entries.count ? entries[head].moment : nil }

    mutating func push(_ name: FileName, _ generation: UInt64, at moment: Duration) {
        var index = entries.count
        while index > head, entries[index - 1].moment > moment { index -= 1 }
        entries.insert(Entry(moment: moment, name: name, generation: generation), at: index)
    }

    mutating func pop(at now: Duration) -> (FileName, UInt64)? {
        guard head < entries.count, entries[head].moment <= now else { return nil }
        let entry = entries[head]
        head += 1
        if head > 1024, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return (entry.name, entry.generation)
    }
}

/// When the folder is looked through, and from where a scan that did not reach its end goes on.
struct ScanPlan: Sendable {
    private var isAsked = true
    private var cursor: FileName?
    /// The moment of the next scan without anything heard.
    private(set) var dueAt: Duration?
    /// Whether the scan that is going on began at the first name and not at a cursor.
    private(set) var startedAtFirst = true

    mutating func request(at now: Duration) {
        isAsked = true
    }

    mutating func start(limit: Int, at now: Duration, onlyIfAsked: Bool) -> Settling.Action? {
        if let cursor, !isAsked {
            guard !onlyIfAsked else { return nil }
            startedAtFirst = false
            return .scan(after: cursor, limit: limit)
        }
        guard isAsked || (!onlyIfAsked && dueAt.map { $0 <= now } ?? false) else { return nil }
        isAsked = false
        cursor = nil
        startedAtFirst = true
        return .scan(after: nil, limit: limit)
    }

    mutating func finished(last: FileName?, at now: Duration, every period: Duration) {
        cursor = last
        dueAt = now + period
    }
}
