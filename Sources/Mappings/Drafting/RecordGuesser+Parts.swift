import CanonicalRecords

// What is filled from more than one column, or from another record.
extension RecordGuesser {
    /// A place is named by all the levels above it: 第一网格 alone is in every village.
    func addPlaces(to plan: inout DraftPlan) {
        let levels = plan.columns.indices.compactMap { column -> (column: Int, level: Int)? in
            let name = FieldWords.normalised(plan.columns[column].source)
            return words.placeLevels[name].map { (column, $0) }
        }.sorted { ($0.level, $0.column) < ($1.level, $1.column) }
        guard !levels.isEmpty else { return }
        let names = levels.map { "\(plan.columns[$0.column].source)" }.joined(separator: ", ")
        for index in plan.entries.indices where plan.entries[index].type.name != "Place" {
            let shape = plan.entries[index].type.shape
            guard let place = shape.field(named: "place"), place.refersTo == "Place" else { continue }
            let fields = plan.entries[index].fields
            let joined = levels.map(\.column)
            plan.entries[index].fields.append(
                FieldGuess(
                    target: FieldTarget(path: "place", field: place),
                    source: joined.count == 1 ? .column(joined[0]) : .join(joined),
                    reason: "\(names): levels of places, from the widest down"))
            let small = levels.filter { $0.level >= 40 }.map(\.column)
            guard !small.isEmpty, let name = shape.field(named: "place_name"),
                !fields.contains(where: { $0.target.path == "place_name" })
            else { continue }
            plan.entries[index].fields.append(
                FieldGuess(
                    target: FieldTarget(path: "place_name", field: name),
                    source: small.count == 1 ? .column(small[0]) : .join(small),
                    reason: "the levels below the community"))
        }
        for index in plan.entries.indices {
            plan.entries[index].fields.sort { $0.target.field.number < $1.target.field.number }
        }
    }

    /// The person of the same row, or one that another filing tells of.
    func addReferences(to plan: inout DraftPlan) {
        guard let entry = plan.entries.indices.last else { return }
        let type = plan.entries[entry].type
        if plan.entries.count > 1, let field = Self.reference(from: type, to: plan.entries[0].type.name) {
            let other = plan.entries[0].type.name
            plan.entries[entry].fields.insert(
                FieldGuess(
                    target: FieldTarget(path: field.name, field: field),
                    source: .keyOf(other), reason: "the \(other) of the same row"), at: 0)
            return
        }
        guard let field = Self.reference(from: type, to: "Person"),
            let person = words.targets["Person"]?.first(where: { $0.kind == .identityNumber })
        else { return }
        let taken = plan.entries[entry].columns
        let machine = ValueMachine(.identityNumber)
        let column = plan.columns.indices.first { index in
            !taken.contains(index) && plan.columns[index].fit(machine).share >= 0.5
                && FieldWords.match(plan.columns[index].name, person) >= .last
        }
        guard let column else { return }
        let fit = plan.columns[column].fit(machine)
        plan.entries[entry].fields.insert(
            FieldGuess(
                target: FieldTarget(path: field.name, field: field),
                source: .keyOfOther("Person", by: "identity_number", column: column),
                reason: "the id that a mapping with “key: identity_number” gives; \(fit.words("pass the check digit"))"),
            at: 0)
    }

    /// Elements of which a record has several become the list of structures that fits best.
    func addLists(_ lists: [FilingSample.List], to guess: inout EntryGuess) {
        var taken: Set<String> = []
        for list in lists {
            var best: (guess: ListGuess, score: Double)?
            for field in guess.type.shape.fields where field.isRepeated && !taken.contains(field.name) {
                guard case .message(let shape) = field.shape else { continue }
                let fields = fieldGuesses(words.lists[shape.name] ?? [], list.columns)
                let names = ([field.name, field.title] + field.terms).map(FieldWords.normalised)
                let isNamed = (list.name.whole + list.name.last).contains(where: names.contains)
                let score = fields.reduce(isNamed ? 2 : 0) { $0 + $1.score }
                guard fields.count > 1 || isNamed && !fields.isEmpty, score > best?.score ?? 2 else { continue }
                let reason = "one for each of these elements, \(list.count) in the sample"
                best = (ListGuess(field: field, list: list, fields: fields, reason: reason), score)
            }
            guard let best else { continue }
            taken.insert(best.guess.field.name)
            guess.lists.append(best.guess)
            guess.score += best.score / 2
        }
    }

    /// Why each column that is left over is left over.
    func unused(_ plan: DraftPlan) -> [(column: Int, reason: String)] {
        var used: Set<Int> = []
        for field in plan.entries.flatMap(\.fields) {
            switch field.source {
            case .column(let column): used.insert(column)
            case .join(let columns): used.formUnion(columns)
            case .keyOf: break
            case .keyOfOther(_, _, let column): used.insert(column)
            }
        }
        return plan.columns.indices.filter { !used.contains($0) }.map { column in
            (column, DraftReasons.unused(plan.columns[column], plan, words, tables))
        }
    }
}
