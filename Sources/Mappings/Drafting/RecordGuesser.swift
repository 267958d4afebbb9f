import CanonicalRecords

/// Finds the record type, and the fields, that the columns of a sample are for.
///
/// Each pair of column and field gets points: for the name, by ``NameMatch``, and for the values, by how many of them the
/// field's own machine takes and how telling that is. The best pair is taken first, and each column and field once.
struct RecordGuesser {
    let schema = RecordSchema.canonical
    let words: FieldWords
    let tables: [CodeTable]
    /// The type that was asked for.
    let wanted: String?

    init(tables: [CodeTable], wanted: String?) {
        self.tables = tables
        self.wanted = wanted
        words = FieldWords.canonical
    }

    private var types: [RecordType] { schema.recordTypes.filter { wanted == nil || $0.name == wanted } }

    // MARK: Rosters

    /// The plan for the columns of a roster.
    func plan(
        _ columns: [SampleColumn], rows: Int, hints: [String]
    ) throws(DraftRefusal) -> DraftPlan {
        let all = Set(columns.indices)
        var single = types.map { guess($0, columns, free: all, hints: hints) }.filter(\.isWorthIt)
        single.sort { $0.score > $1.score }
        guard let best = single.first else { throw refusal(columns.count) }
        var entries = [best]
        // A person in a role: what refers to the first and takes what it leaves.
        var score = best.score
        let keys = KeyGuesser(words: words)
        for first in single.prefix(4) where wanted == nil && keys.canTellApart(first, columns, rows: rows) {
            for type in types where Self.reference(from: type, to: first.type.name) != nil {
                let rest = all.subtracting(first.columns)
                let second = guess(type, columns, free: rest, hints: [])
                guard second.isWorthIt, second.isCompanion, first.score + second.score - 2 > score else { continue }
                score = first.score + second.score - 2
                entries = [first, second]
            }
        }
        let others = single.filter { other in !entries.contains { $0.type.name == other.type.name } }
        var plan = DraftPlan(
            entries: entries, others: others.prefix(3).map { ($0.type.name, $0.score) }, isWanted: wanted != nil,
            unused: [], filledDown: [], columns: columns, rows: rows)
        addPlaces(to: &plan)
        addReferences(to: &plan)
        keys.addKeys(to: &plan)
        plan.filledDown = FillDownGuess.columns(of: plan, words: words)
        plan.unused = unused(plan)
        return plan
    }

    // MARK: Filings

    /// The elements that are a record, and the plan for what is in them.
    func plan(
        _ filing: FilingSample, sample: DraftSample
    ) throws(DraftRefusal) -> (FilingSample.Entry, DraftPlan) {
        var best: (entry: FilingSample.Entry, guess: EntryGuess)?
        var scores: [String: Double] = [:]
        var seen = 0
        for node in filing.candidates {
            let entry = try filing.entry(at: node)
            seen = max(seen, entry.columns.count)
            let hints = [sample.name, filing.nodes[node].name.local, filing.nodes[0].name.local]
            for type in types {
                var guess = guess(type, entry.columns, free: Set(entry.columns.indices), hints: hints)
                addLists(entry.lists, to: &guess)
                guard guess.isWorthIt else { continue }
                if entry.rows > 1 { guess.score += 2 }
                scores[type.name] = max(scores[type.name] ?? 0, guess.score)
                if guess.score > best?.guess.score ?? 0 { best = (entry, guess) }
            }
        }
        guard let best else { throw refusal(seen) }
        let others = scores.filter { $0.key != best.guess.type.name }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var plan = DraftPlan(
            entries: [best.guess], others: others.prefix(3).map { ($0.key, $0.value) }, isWanted: wanted != nil,
            unused: [], filledDown: [], columns: best.entry.columns, rows: best.entry.rows)
        addReferences(to: &plan)
        KeyGuesser(words: words).addKeys(to: &plan)
        plan.unused = unused(plan)
        return (best.entry, plan)
    }

    private func refusal(_ columns: Int) -> DraftRefusal {
        let type = wanted.map { " \($0) " } ?? ""
        let advice = wanted == nil ? "" : "; without --record the type that fits best is taken"
        return DraftRefusal(
            chinese: "样本有 \(columns) 列（或元素），没有一列能对应\(type)记录的字段；字段的叫法见 docs/records.md",
            english:
                "the sample has \(columns) columns or elements, and none fits a field of \(wanted ?? "any record type");"
                + " docs/records.md lists the words that fields are called by\(advice)")
    }

    // MARK: One type

    private func guess(
        _ type: RecordType, _ columns: [SampleColumn], free: Set<Int>, hints: [String]
    ) -> EntryGuess {
        let fields = fields(words.targets[type.name] ?? [], columns, free: free)
        var guess = EntryGuess(type: type, fields: fields)
        guess.score = fields.reduce(0) { $0 + $1.score }
        let names = [type.name, type.title] + type.shape.terms
        let isHinted = hints.contains { hint in
            let hint = FieldWords.normalised(hint)
            return names.contains { hint.contains(FieldWords.normalised($0)) }
        }
        if isHinted { guess.score += 3 }
        if fields.contains(where: { $0.target.identifies && $0.match >= .last }) { guess.score += 2 }
        return guess
    }

    /// The fields that columns are for.
    func fieldGuesses(_ targets: [FieldTarget], _ columns: [SampleColumn]) -> [FieldGuess] {
        fields(targets, columns, free: Set(columns.indices))
    }

    private func fields(_ targets: [FieldTarget], _ columns: [SampleColumn], free: Set<Int>) -> [FieldGuess] {
        var pairs: [FieldGuess] = []
        for column in free.sorted() {
            for target in targets {
                if let pair = pair(columns[column], column, target) { pairs.append(pair) }
            }
        }
        // What has a name comes first: then what may have no other name is looked at.
        var taken: [FieldGuess] = []
        take(pairs.filter { $0.match > .none }, into: &taken)
        for index in taken.indices { moveCloser(index, in: &taken, targets, columns) }
        take(pairs.filter { $0.match == .none }, into: &taken)
        return taken.sorted { ($0.target.field.number, $0.target.path) < ($1.target.field.number, $1.target.path) }
    }

    // Without a closure over `taken`: the optimiser (Swift 6.3.1) gives up on one with an ownership error.
    private func take(_ pairs: [FieldGuess], into taken: inout [FieldGuess]) {
        var paths = Set(taken.map(\.target.path))
        var columns = Set(taken.map(\.column))
        // The order of columns and fields decides between equals.
        let best = pairs.indices.sorted { (pairs[$1].score, $0) < (pairs[$0].score, $1) }
        for pair in best.map({ pairs[$0] }) where !paths.contains(pair.target.path) && !columns.contains(pair.column) {
            paths.insert(pair.target.path)
            columns.insert(pair.column)
            taken.append(pair)
        }
    }

    // MARK: One pair

    private func pair(_ column: SampleColumn, _ index: Int, _ target: FieldTarget) -> FieldGuess? {
        let match = FieldWords.match(column.name, target)
        // A column that is called header.x would be read as a value of the header. One whose name is there for the second
        // time is of somebody else.
        guard !column.source.hasPrefix("header."), match > .none || !column.isSecondOfItsName else { return nil }
        var guess = FieldGuess(target: target, source: .column(index), match: match, reason: "")
        if match > .none, target.field.isRepeated, !column.isList { guess.separators = Self.separators(in: column) }
        if column.filled > 0, match > .none || target.isTelling(column) {
            let fit = column.split(at: guess.separators).fit(target.machine)
            guess.fit = fit
            if fit.share < 0.98, let table = table(for: column, target, better: fit.share) {
                guess.table = table.name
                guess.fit = table.fit
            }
        } else if match == .none, target.kind == .areaCode, let table = table(for: column, target, better: 0) {
            guess.table = table.name
            guess.fit = table.fit
        }
        guard guess.isBelievable else { return nil }
        guess.score = guess.points
        guess.reason = DraftReasons.reason(of: guess, column)
        guess.unit = target.kind == .money ? ["亿元", "万元"].first { column.source.contains($0) } : nil
        return guess
    }

    // A number in the column for telephones may be a mobile number, and documents may all be identity cards: the field that
    // says more is taken where it fits nearly all values.
    private func moveCloser(
        _ index: Int, in guesses: inout [FieldGuess], _ targets: [FieldTarget], _ columns: [SampleColumn]
    ) {
        let guess = guesses[index]
        guard let column = guess.column, guess.table == nil, columns[column].filled > 0 else { return }
        let closer: [(from: String, to: String, kind: ValueKind)] = [
            ("phone", "mobile", .mobile), ("identity_document_number", "identity_number", .identityNumber),
        ]
        for move in closer where guess.target.path.hasSuffix(move.from) {
            let path = guess.target.path.dropLast(move.from.count) + move.to
            guard let target = targets.first(where: { $0.path == path && $0.kind == move.kind }),
                !guesses.contains(where: { $0.target.path == target.path })
            else { continue }
            let fit = columns[column].fit(target.machine)
            guard fit.share >= 0.95 else { continue }
            guesses[index].target = target
            guesses[index].fit = fit
            guesses[index].reason = DraftReasons.closer(than: guess.target, guesses[index])
        }
    }

    // A code table that has nearly all values, and whose codes the field takes.
    private func table(
        for column: SampleColumn, _ target: FieldTarget, better: Double
    ) -> (name: String, fit: ValueFit)? {
        guard [.enumeration, .areaCode].contains(target.kind), column.distinct.count >= 2 else { return nil }
        let machine = target.machine
        var best: (name: String, fit: ValueFit)?
        for table in tables {
            var fit = ValueFit(values: column.filled, distinct: column.distinct.count)
            var missing = 0
            // Names of people are in no table: most columns are given up soon.
            for (value, count) in column.distinct where missing * 10 <= column.filled {
                guard table.row(for: value) != nil else {
                    missing += count
                    continue
                }
                fit.good += count
                fit.goodDistinct += 1
            }
            guard fit.share >= 0.9, fit.share > max(better, best?.fit.share ?? 0) else { continue }
            let codes = SampleColumn(
                source: "", name: SampleName(whole: [], last: []), values: table.rows.map(\.code))
            if codes.fit(machine).share == 1 { best = (table.name, fit) }
        }
        return best
    }

    private static func separators(in column: SampleColumn) -> [String] {
        ["、", "，", ",", "；", ";"].filter { sign in column.distinct.contains { $0.value.contains(sign) } }
    }

    /// The first field of a type that refers to another.
    static func reference(from type: RecordType, to other: String) -> RecordField? {
        type.shape.fields.first { $0.refersTo == other && !$0.isRepeated && $0.name != "secretary" }
    }
}

extension EntryGuess {
    /// Whether at least one field was found by its name.
    var isWorthIt: Bool { fields.contains { $0.match >= .inner && $0.score > 0 } }

    // What is left over by one record makes another only where it says more than a remark.
    fileprivate var isCompanion: Bool {
        let choices = fields.filter { $0.target.kind == .enumeration && $0.match >= .last }
        return fields.count >= 2 && !choices.isEmpty || choices.contains { ($0.fit?.share ?? 0) >= 0.8 }
    }
}

extension FieldTarget {
    /// Whether its values tell one record from all others.
    var identifies: Bool {
        switch kind {
        case .identityNumber, .socialCreditCode: !path.contains("petitioner")
        case .code: ["number", "code"].contains(path)
        case .placeCode: true
        default: false
        }
    }

    // Whether values may say by themselves that they are this field's.
    fileprivate func isTelling(_ column: SampleColumn) -> Bool {
        switch kind {
        case .identityNumber, .socialCreditCode, .mobile: column.filled >= 3
        case .enumeration:
            (2...60).contains(column.distinct.count) && column.filled >= 4
                && !column.distinct.contains { $0.value.utf8.allSatisfy { $0 < 0x80 } }
        default: false
        }
    }
}

extension FieldGuess {
    // Whether the name, the values, or both say enough.
    fileprivate var isBelievable: Bool {
        let share = fit?.share ?? 0
        let hasValues = (fit?.values ?? 0) > 0
        switch match {
        case .name, .term, .last: return !hasValues || share >= 0.5
        case .inner:
            return share >= 0.9 && [.areaCode, .date, .dateTime].contains(target.kind) || share >= 0.9 && isStrong
        case .ending: return share >= 0.9 && isStrong
        case .none: return share >= 0.95 && (isStrong || table != nil)
        }
    }

    private var isStrong: Bool {
        switch target.kind {
        case .identityNumber, .socialCreditCode, .mobile: true
        case .phone: match > .none
        case .enumeration: (fit?.goodDistinct ?? 0) >= 2
        default: false
        }
    }

    fileprivate var points: Double {
        let name: Double =
            switch match {
            case .name: 4
            case .term: 3.2
            case .last: 2.8
            case .inner: 1.6
            case .ending: 1.2
            case .none: 0.6
            }
        guard let fit, fit.values > 0 else { return name * 0.4 }
        let values: Double =
            switch target.kind {
            case .identityNumber, .socialCreditCode: 3
            case .mobile, .phone: 1.5
            case .enumeration: fit.goodDistinct > 1 ? 1.5 : 0.6
            case .areaCode, .date, .dateTime: 1
            default: 0.3
            }
        return name + values * fit.share
    }
}
