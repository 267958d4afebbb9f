import CSVRosters
import CanonicalRecords
import Findings
import TextEncodings

// How the document is read: header, merged cells, head, and the numbers that it declares.
extension DraftWriter {
    func addReads(to text: inout DraftText) {
        text.add(0, "reads:")
        if let roster {
            addReads(roster, to: &text)
        } else if let filing {
            text.add(1, "format: xml")
            text.add(1, "encoding: auto", "\(sample.encoding.rawValue) in the sample; auto finds out")
            if !filing.prefixes.isEmpty {
                let pairs = filing.prefixes.map { "\($0.prefix): \(Self.quoted($0.namespace))" }
                text.add(
                    1, "namespaces: { \(pairs.joined(separator: ", ")) }",
                    "a short name for each namespace of the document")
            }
            text.add(1, "root: \(DraftText.scalar(filing.spelled(filing.nodes[0].name)))", "the outermost element")
        }
    }

    private static func quoted(_ text: String) -> String {
        let scalar = DraftText.scalar(text)
        return scalar.hasPrefix("\"") ? scalar : "\"\(scalar)\""
    }

    private func addReads(_ roster: RosterSample, to text: inout DraftText) {
        text.add(1, "format: csv")
        text.add(1, "encoding: auto", "\(sample.encoding.rawValue) in the sample; auto finds out")
        text.add(
            1, "delimiter: auto", "\(Self.word(for: roster.delimiter)) in the sample; auto finds out")
        let above = roster.header.preamble.count
        let place =
            "line \(roster.header.place.line)"
            + (above > 0 ? ", below \(above) other \(above == 1 ? "row" : "rows")" : "")
        text.add(1, "header: \(DraftText.list(headerColumns(roster)))", "the row that has all of these: \(place)")
        if !roster.totals.isEmpty {
            text.add(
                1, "totals: \(DraftText.list(roster.totals))",
                "\(roster.totalRows) \(roster.totalRows == 1 ? "row is a sum" : "rows are sums"): compared, not converted"
            )
        }
        if !roster.remarks.isEmpty {
            text.add(
                1, "skip: \(DraftText.list(roster.remarks))",
                "\(roster.remarkRows) \(roster.remarkRows == 1 ? "row is" : "rows are") for people, not data")
        }
        guard !plan.filledDown.isEmpty else { return }
        let names = plan.filledDown.map { plan.columns[$0.column].source }
        let reasons = plan.filledDown.map { "\(plan.columns[$0.column].source): \($0.reason)" }
        text.add(1, "fill-down: \(DraftText.list(names))", "merged cells, CHECK. " + reasons.joined(separator: "; "))
    }

    // The columns of the key, then names: three of them, which the form will always have.
    private func headerColumns(_ roster: RosterSample) -> [String] {
        let fields = plan.entries.flatMap { entry in
            let key = Set(entry.key?.fields ?? [])
            return entry.fields.filter { $0.match >= .last && $0.column != nil }.map { field in
                let isName = [.name, .personName].contains(field.target.kind)
                return (field, points: field.score + (key.contains(field.target.path) ? 20 : isName ? 10 : 0))
            }
        }.sorted { $0.points > $1.points }
        var columns: [String] = []
        for (field, _) in fields where columns.count < 3 {
            guard let column = field.column, !plan.columns[column].isSecondOfItsName else { continue }
            let name = plan.columns[column].source
            if !columns.contains(name) { columns.append(name) }
        }
        let inOrder = plan.columns.map(\.source).filter(columns.contains)
        return !inOrder.isEmpty && roster.isFound(by: inOrder) ? inOrder : roster.required
    }

    func addHeader(to text: inout DraftText) -> (hasDate: Bool, count: Bool) {
        if let roster, let label = dateLabel(roster) {
            text.add(0, "header:")
            text.add(
                1, "filled-on: { after: \(DraftText.scalar(label)), as: date }",
                "the date above the table, behind this label")
            return (true, false)
        }
        if let path = declaredCount {
            text.add(0, "header:")
            text.add(
                1, "declared: { from: \(DraftText.scalar(path)), as: count }",
                "about as many as there are records in the sample")
            return (false, true)
        }
        return (false, false)
    }

    // A label that rosters use, with a date behind it.
    private func dateLabel(_ roster: RosterSample) -> String? {
        let labels =
            RowClassifier.usualRemarkLabels.filter { $0.hasSuffix("日期") || $0.hasSuffix("时间") } + ["截止日期", "截至"]
        let machine = ValueMachine(.date)
        return labels.first { label in
            let head = Preamble(roster.header.preamble, labels: [label])
            guard let value = head.values(behind: label).first else { return false }
            let column = SampleColumn(source: "", name: SampleName(whole: [], last: []), values: [value.text])
            return column.fit(machine).good > 0
        }
    }

    // A record or two may be a draft or broken: what a number means shows all the same.
    private func isNear(_ number: String) -> Bool {
        Int(number).map { abs($0 - plan.rows) * 50 <= plan.rows } ?? false
    }

    // A number outside the records that is their number.
    private var declaredCount: String? {
        guard let filing, let entry, sample.isWhole, entry.rows > 1 else { return nil }
        let words = ["count", "total", "sum", "num", "数", "合计", "共计"]
        for (index, node) in filing.nodes.enumerated() where node.count == 1 && index != entry.node {
            for (at, attribute) in node.attributes.enumerated() {
                let isNamed = words.contains { attribute.local.lowercased().contains($0) }
                guard isNamed, isNear(node.firstAttributes[at]) else { continue }
                let path = filing.path(of: index)
                return (path == "." ? "" : path + "/") + "@" + filing.spelled(attribute)
            }
            let isNamed = words.contains { node.name.local.lowercased().contains($0) }
            let number = node.first.split { $0.isWhitespace }.joined()
            if isNamed, isNear(number) { return filing.path(of: index) }
        }
        return nil
    }

    func addControl(_ isDeclared: Bool, to text: inout DraftText) {
        let type = plan.entries[plan.entries.count - 1].type.name
        let total = roster.flatMap { roster -> String? in
            guard roster.isWhole, roster.rows > 0 else { return nil }
            let near = roster.totalNumbers.filter { isNear("\($0.value)") }
            return near.keys.sorted().first
        }
        guard isDeclared || total != nil else { return }
        text.add(0, "control:")
        text.add(1, "- name: \(DraftText.scalar(isDeclared ? "declared" : roster?.totals.first ?? "total"))")
        text.add(2, "count: \(type)")
        text.add(
            2, "equals: \(isDeclared ? "header.declared" : DraftText.scalar("totals.\(total ?? "")"))",
            "what the document says itself; a difference is told, and rejects nothing")
    }
}
