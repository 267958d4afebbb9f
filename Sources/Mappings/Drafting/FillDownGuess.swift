/// Finds the columns whose merged cells were written once for several rows.
///
/// Merged cells are nested: where a wider one begins, the narrower ones begin as well. A column that is blank there, as 单元
/// beside the head of a whole building, is blank because there is nothing to say.
enum FillDownGuess {
    static func columns(of plan: DraftPlan, words: FieldWords) -> [(column: Int, reason: String)] {
        let used = Set(plan.entries.flatMap { $0.fields.flatMap(\.columnsRead) })
        var found: [(column: Int, reason: String)] = []
        for column in plan.columns.indices where used.contains(column) {
            guard isPlaceOrUnit(column, plan, words) else { continue }
            let values = plan.columns[column].values
            let blank = values.count { SampleColumn.isBlank($0) }
            guard blank > 0, let first = values.first, !SampleColumn.isBlank(first), blank < values.count else {
                continue
            }
            // One blank cell in a hundred is one that somebody forgot.
            guard blank * 20 >= values.count || blank >= 1 && values.count < 20 else { continue }
            guard startsWithWider(column, found.map(\.column), plan.columns) else { continue }
            found.append((column, "\(blank) of \(values.count) cells are blank below a value"))
        }
        return found
    }

    private static func isPlaceOrUnit(_ column: Int, _ plan: DraftPlan, _ words: FieldWords) -> Bool {
        if words.placeLevels[FieldWords.normalised(plan.columns[column].source)] != nil { return true }
        // Whatever stands left of the people or things themselves may be merged; further right, blank cells are just blank.
        let own = plan.entries[0].fields.filter { $0.target.identifies || $0.target.kind == .personName }
        guard let first = own.compactMap(\.column).min(), column < first else { return false }
        return plan.entries.flatMap(\.fields).contains { $0.column == column && $0.target.kind == .name }
    }

    private static func startsWithWider(_ column: Int, _ wider: [Int], _ columns: [SampleColumn]) -> Bool {
        let values = columns[column].values
        var starts = 0
        var blank = 0
        for row in values.indices where wider.contains(where: { !SampleColumn.isBlank(columns[$0].values[row]) }) {
            starts += 1
            if SampleColumn.isBlank(values[row]) { blank += 1 }
        }
        return blank * 20 <= starts
    }
}

extension FieldGuess {
    /// All columns that it reads.
    var columnsRead: [Int] {
        switch source {
        case .column(let column), .keyOfOther(_, _, let column): [column]
        case .join(let columns): columns
        case .keyOf: []
        }
    }
}
