/// The first `limit` names after a given one, in order, of a folder of any size: memory for twice as many at most.
struct NameSelection {
    private let after: FileName?
    private let limit: Int
    private var names: [FileName] = []
    private var wasCut = false

    init(after: FileName?, limit: Int) {
        self.after = after
        self.limit = max(1, limit)
    }

    mutating func offer(_ name: FileName) {
        if let after, !(after < name) { return }
        names.append(name)
        if names.count >= 2 * limit { cut() }
    }

    /// The names in order, and whether the folder holds none beyond them.
    mutating func finish() -> (names: [FileName], isLast: Bool) {
        cut()
        return (names, !wasCut)
    }

    private mutating func cut() {
        names.sort()
        guard names.count > limit else { return }
        names.removeLast(names.count - limit)
        wasCut = true
    }
}
