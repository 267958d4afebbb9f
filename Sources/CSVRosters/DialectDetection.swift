import Findings

/// Which delimiter the first rows of a roster were written with.
///
/// Each candidate reads the sample by itself. It scores with the rows that have its commonest number of columns and need
/// no recovery. Among the candidates of some weight the one whose columns begin at the earliest row wins, because a header
/// holds no lists and no sentences, while a remark in every data row may well hold more semicolons than the roster has
/// columns. What occurs in one row alone (a semicolon in the title) has no weight beside what occurs in several.
enum DialectDetection {
    private static let rows = 200

    private struct Score {
        var dialect: CSVDialect
        var weight: Int
        var rows: Int
        var firstRow: Int
    }

    static func dialect(of sample: [UInt8], isWhole: Bool, limits: CSVLimits) -> CSVDialect {
        let scores = CSVDelimiter.detectable.map {
            score(CSVDialect(delimiter: $0), sample, isWhole: isWhole, limits: limits)
        }
        let heaviest = scores.map(\.weight).max() ?? 0
        guard heaviest > 0 else { return .comma }
        let rows = scores.map(\.rows).max() ?? 0
        let serious = scores.filter { $0.weight * 8 >= heaviest && $0.rows >= min(2, rows) }
        // `min` keeps the first of equals, and the candidates come with the likeliest first.
        return serious.min { ($0.firstRow, -$0.weight) < ($1.firstRow, -$1.weight) }?.dialect ?? .comma
    }

    private static func score(_ dialect: CSVDialect, _ sample: [UInt8], isWhole: Bool, limits: CSVLimits) -> Score {
        var reader = CSVReader(dialect: dialect, limits: limits)
        reader.append(sample.span)
        if isWhole { reader.endInput() }
        var counts: [Int: Int] = [:]
        var firstRows: [Int: Int] = [:]
        while reader.rowNumber < rows, case .row = reader.next() {
            let columns = reader.fieldCount
            let isClean = reader.takeFindings().allSatisfy { $0.severity == .note }
            guard columns > 1, isClean else { continue }
            counts[columns, default: 0] += 1
            if firstRows[columns] == nil { firstRows[columns] = reader.rowNumber }
        }
        var best = Score(dialect: dialect, weight: 0, rows: 0, firstRow: .max)
        for (columns, number) in counts {
            let weight = number * (columns - 1)
            let firstRow = firstRows[columns] ?? .max
            if (weight, -firstRow) > (best.weight, -best.firstRow) {
                best = Score(dialect: dialect, weight: weight, rows: number, firstRow: firstRow)
            }
        }
        return best
    }
}
