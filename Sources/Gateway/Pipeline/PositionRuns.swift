/// Positions in their order, of which most follow on each other.
struct PositionRuns: Sendable {
    private var runs: ArraySlice<ClosedRange<Int64>> = []
    /// How many positions there are.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Adds positions behind the last one.
    mutating func append(_ run: ClosedRange<Int64>) {
        count += run.count
        if let last = runs.last, last.upperBound + 1 == run.lowerBound {
            runs[runs.endIndex - 1] = last.lowerBound...run.upperBound
        } else {
            runs.append(run)
        }
    }

    /// Adds a position behind the last one.
    mutating func append(_ position: Int64) { append(position...position) }

    /// How many positions there are up to this one, and the last of them.
    func counted(through position: Int64) -> (count: Int, last: Int64?) {
        var (count, last) = (0, Int64?.none)
        for run in runs where run.lowerBound <= position {
            let end = min(run.upperBound, position)
            count += Int(end - run.lowerBound) + 1
            last = end
        }
        return (count, last)
    }

    /// Removes the positions up to this one.
    mutating func remove(through position: Int64) {
        count -= counted(through: position).count
        runs = runs.drop { $0.upperBound <= position }
        if let first = runs.first, first.lowerBound <= position {
            runs[runs.startIndex] = (position + 1)...first.upperBound
        }
        // A slice keeps what was removed from it.
        if runs.isEmpty { runs = [] }
    }
}
