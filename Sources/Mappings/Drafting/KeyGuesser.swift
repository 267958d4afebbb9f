import CanonicalRecords

/// Guesses what tells one record from another.
struct KeyGuesser {
    let words: FieldWords

    /// Gives each entry the key that is best for it, if there is one.
    func addKeys(to plan: inout DraftPlan) {
        for index in plan.entries.indices { plan.entries[index].key = key(plan.entries[index], plan) }
    }

    /// Whether records of an entry can be told apart: only then others can refer to them.
    func canTellApart(_ entry: EntryGuess, _ columns: [SampleColumn], rows: Int) -> Bool {
        let plan = DraftPlan(
            entries: [entry], others: [], isWanted: false, unused: [], filledDown: [], columns: columns, rows: rows)
        return key(entry, plan) != nil
    }

    // A row without a usable key is set aside, so that what is often blank or wrong is no key.
    private static let enough = 0.8

    private func key(_ entry: EntryGuess, _ plan: DraftPlan) -> KeyGuess? {
        if let reference = entry.fields.first(where: \.isReferenceToRow) { return assigned(entry, reference, plan) }
        let identifying = entry.fields.filter { field in
            guard field.target.identifies, let column = field.column else { return false }
            let values = plan.columns[column]
            let usable = Double(field.fit?.good ?? 0) / Double(max(1, plan.rows))
            // The number of a person or an organisation stays the same from row to row; a serial number must not.
            let isOwn = [.identityNumber, .socialCreditCode].contains(field.target.kind)
            return plan.rows == 0 || usable >= Self.enough && (isOwn || values.isUnique)
        }
        if let best = identifying.max(by: { $0.score < $1.score }), let column = best.column {
            return KeyGuess(fields: [best.target.path], reason: sentence([column], plan))
        }
        return combined(entry, plan)
    }

    // Who, as what, where: one person may have several posts.
    private func assigned(_ entry: EntryGuess, _ reference: FieldGuess, _ plan: DraftPlan) -> KeyGuess {
        var fields = [reference.target.path]
        let choice = entry.fields.first { field in
            field.target.kind == .enumeration && (field.fit?.share ?? 0) >= Self.enough && field.match >= .last
        }
        if let choice { fields.append(choice.target.path) }
        let place = ["place", "organisation_name", "community_name", "place_name", "date"].first { name in
            entry.fields.contains { $0.target.path == name }
        }
        if let place { fields.append(place) }
        return KeyGuess(fields: fields, reason: "one person may have several; check that no two rows have the same")
    }

    // The name, and what it takes beside it until no two rows are the same.
    private func combined(_ entry: EntryGuess, _ plan: DraftPlan) -> KeyGuess? {
        let fields = entry.fields.filter { Self.canBeInKey($0, plan) }.sorted { Self.order($0) < Self.order($1) }
        var chosen: [FieldGuess] = []
        for field in fields where chosen.count < 3 {
            if !chosen.isEmpty, different(chosen + [field], plan) == different(chosen, plan) { continue }
            chosen.append(field)
            if Double(different(chosen, plan)) >= 0.99 * Double(plan.rows) { break }
        }
        guard let first = chosen.first, Self.rank(first.target) == 0, plan.rows > 0,
            Double(different(chosen, plan)) >= 0.95 * Double(plan.rows)
        else { return nil }
        return KeyGuess(
            fields: chosen.map(\.target.path),
            reason: "CHECK that it stays so; " + sentence(chosen.flatMap(\.columnsRead), plan))
    }

    private static func canBeInKey(_ field: FieldGuess, _ plan: DraftPlan) -> Bool {
        guard rank(field.target) != nil, !field.target.path.contains("."), !field.target.field.isRepeated else {
            return false
        }
        if field.target.path == "place" { return plan.rows > 0 }
        guard field.match >= .last, let column = field.column, !plan.columns[column].isList else { return false }
        return Double(field.fit?.good ?? 0) >= 0.9 * Double(plan.rows)
    }

    private static func order(_ field: FieldGuess) -> (Int, Int) {
        (rank(field.target) ?? .max, field.target.field.number)
    }

    private static func rank(_ target: FieldTarget) -> Int? {
        switch target.kind {
        case .name, .personName, .code: 0
        case .text: ["title", "name", "topic"].contains(target.path) ? 0 : nil
        case .mobile, .phone: 1
        case .date, .dateTime: 2
        case .enumeration: 3
        default: nil
        }
    }

    private func different(_ fields: [FieldGuess], _ plan: DraftPlan) -> Int {
        different(fields.flatMap(\.columnsRead), plan)
    }

    private func different(_ columns: [Int], _ plan: DraftPlan) -> Int {
        different(columns, in: 0..<plan.rows, plan)
    }

    private func different(_ columns: [Int], in rows: some Sequence<Int>, _ plan: DraftPlan) -> Int {
        var seen: Set<[String]> = []
        for row in rows {
            seen.insert(columns.map { row < plan.columns[$0].values.count ? plan.columns[$0].values[row] : "" })
        }
        return seen.count
    }

    private func sentence(_ columns: [Int], _ plan: DraftPlan) -> String {
        let filled = (0..<plan.rows).filter { row in
            columns.allSatisfy { column in
                row < plan.columns[column].values.count && !SampleColumn.isBlank(plan.columns[column].values[row])
            }
        }
        // Levels of places are blank below what is merged, or where there is nothing to say.
        guard columns.count == 1 || filled.count * 2 >= plan.rows else {
            return "of \(plan.rows) rows \(different(columns, plan)) different"
        }
        return "filled in \(filled.count) of \(plan.rows) rows, \(different(columns, in: filled, plan)) different"
    }
}

extension FieldGuess {
    fileprivate var isReferenceToRow: Bool {
        switch source {
        case .keyOf, .keyOfOther: true
        default: false
        }
    }
}

extension SampleColumn {
    fileprivate var isUnique: Bool { Double(distinct.count) >= 0.9 * Double(filled) }
}
