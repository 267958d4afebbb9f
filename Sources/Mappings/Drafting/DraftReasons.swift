import CanonicalRecords

/// The reasons of guesses, in words for the author of the mapping.
///
/// They give numbers and names of fields, lists and tables, never a value of the sample.
enum DraftReasons {
    /// Why a column is for a field.
    static func reason(of guess: FieldGuess, _ column: SampleColumn) -> String {
        let title = guess.target.field.title
        let name =
            switch guess.match {
            case .name: "named so"
            case .term: "another word for \(title)"
            case .last: "its last part means \(title)"
            case .inner: "CHECK: its last part means \(title)"
            case .ending: "CHECK: its name ends in a word for \(title)"
            case .none: "CHECK: by its values alone"
            }
        return "\(name); \(values(guess, column))"
    }

    /// Why a field was taken in place of one that says less.
    static func closer(than other: FieldTarget, _ guess: FieldGuess) -> String {
        let fit = guess.fit ?? ValueFit(values: 0, distinct: 0)
        return "\(fit.words(judged(guess.target.kind))); where that is not so, \(other.path) takes them as well"
    }

    private static func values(_ guess: FieldGuess, _ column: SampleColumn) -> String {
        guard let fit = guess.fit, fit.values > 0 else {
            return column.values.isEmpty ? "no rows to look at" : "all blank in the sample"
        }
        if let table = guess.table {
            let all = fit.goodDistinct == fit.distinct ? "all" : "\(fit.goodDistinct) of them"
            return "\(fit.distinct) different values, \(all) in the code table \(table)"
        }
        if case .enumeration(let list) = guess.target.field.shape, guess.target.kind == .enumeration {
            if fit.goodDistinct == fit.distinct {
                return fit.distinct == 1
                    ? "its value is in \(list.name)" : "\(fit.distinct) different values, all in \(list.name)"
            }
            let rest = fit.values - fit.good
            return "\(fit.goodDistinct) of \(fit.distinct) different values are in \(list.name); CHECK the other"
                + " \(rest == 1 ? "cell" : "\(rest) cells"): map them, or add a code table"
        }
        let words = judged(guess.target.kind)
        if words.isEmpty { return filled(column) }
        return fit.words(words)
    }

    private static func filled(_ column: SampleColumn) -> String {
        column.filled == column.values.count
            ? "filled in all rows" : "filled in \(column.filled) of \(column.values.count) rows"
    }

    private static func judged(_ kind: ValueKind) -> String {
        switch kind {
        case .identityNumber, .socialCreditCode: "pass the check digit"
        case .mobile: "are mobile numbers"
        case .phone: "are telephone numbers"
        case .areaCode: "are area codes"
        case .date: "are dates"
        case .dateTime: "are times"
        case .money: "are amounts"
        case .count, .decimal, .percentage: "are numbers"
        case .longitude, .latitude: "are degrees"
        case .boolean: "are yes or no"
        case .personName: "are names of people"
        case .identityDocumentNumber: "are numbers of identity documents"
        default: ""
        }
    }

    /// Why no field takes a column.
    static func unused(
        _ column: SampleColumn, _ plan: DraftPlan, _ words: FieldWords, _ tables: [CodeTable]
    ) -> String {
        if column.filled == 0 { return "blank in all rows" }
        if column.source.hasPrefix("header.") { return "a name that begins with “header.” cannot be read" }
        if column.countsRows { return "numbers that count the rows" }
        let types = plan.entries.map(\.type.name)
        for entry in plan.entries {
            for target in words.targets[entry.type.name] ?? [] where FieldWords.match(column.name, target) >= .last {
                guard let other = entry.fields.first(where: { $0.target.path == target.path }) else {
                    return "its name means \(target.path), but hardly any of \(column.filled) values is one"
                }
                let taken = other.columnsRead.first.map { "“\(plan.columns[$0].source)”" } ?? "another"
                return "its name means \(target.path), which has \(taken) already"
            }
        }
        if column.isSecondOfItsName { return "the name is there twice; the first column was looked at" }
        let number = filled(column)
        let isFew = (2...60).contains(column.distinct.count)
        let table =
            isFew ? tables.first { table in column.distinct.allSatisfy { table.row(for: $0.value) != nil } } : nil
        if let table {
            return "no field of \(types.joined(separator: " or ")) is called so; all \(column.distinct.count) different"
                + " values are in the code table \(table.name)"
        }
        let elsewhere = words.targets.filter { !types.contains($0.key) }.compactMap { type, targets in
            targets.map { FieldWords.match(column.name, $0) }.max().map { (type: type, match: $0) }
        }.filter { $0.match >= .term }.min { (-$0.match.rawValue, $0.type) < (-$1.match.rawValue, $1.type) }
        if let elsewhere {
            return "a word for a field of \(elsewhere.type), not of \(types.joined(separator: " or ")); \(number)"
        }
        return "no field of \(types.joined(separator: " or ")) is called so; \(number)"
    }
}
