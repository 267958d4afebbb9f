import CSVRosters
import CanonicalRecords
import Findings
import TextEncodings

/// Writes a plan as a mapping, and tries it on the sample.
struct DraftWriter {
    let sample: DraftSample
    let plan: DraftPlan
    let roster: RosterSample?
    let filing: FilingSample?
    let entry: FilingSample.Entry?

    init(sample: DraftSample, roster: RosterSample, plan: DraftPlan) {
        self.sample = sample
        self.plan = plan
        self.roster = roster
        filing = nil
        entry = nil
    }

    init(sample: DraftSample, filing: FilingSample, entry: FilingSample.Entry, plan: DraftPlan) {
        self.sample = sample
        self.plan = plan
        self.filing = filing
        self.entry = entry
        roster = nil
    }

    /// The mapping, loaded and tried.
    func draft(tables: [MappingFile]) throws(DraftRefusal) -> MappingDraft {
        let first = try load(body(trial: nil), tables)
        var converter = DocumentConverter(
            mapping: first,
            context: FilingContext(
                source: "draft", filing: "", document: "", receivedAt: "", identityKey: .published),
            encoding: sample.encoding)
        converter.feed(sample.bytes.span)
        converter.finish()
        while converter.drain() != nil {}
        let trial = converter.summary
        let text = body(trial: trial)
        let mapping = try load(text, tables)
        return MappingDraft(
            id: mapping.id, text: text, format: mapping.format, recordTypes: mapping.recordTypes,
            checks: checks(text), decisions: decisions(trial), trial: trial)
    }

    // The head of the draft says what the word means.
    private func checks(_ text: String) -> Int {
        guard let start = text.firstRange(of: "\nmapping: ")?.lowerBound else { return 0 }
        return text[start...].ranges(of: "CHECK").count
    }

    // A name that no mapping can hold is the only thing that could keep it from loading, and none is known.
    private func load(_ text: String, _ tables: [MappingFile]) throws(DraftRefusal) -> Mapping {
        let load = MappingSet.load(files: [MappingFile(path: "draft.yaml", bytes: Array(text.utf8))], tables: tables)
        guard let mapping = load.set.mappings.first else {
            let why = load.problems.first { $0.file == "draft.yaml" }.map { "\($0)" } ?? ""
            throw DraftRefusal(
                chinese: "列名不能写入映射，请改名后再试：\(why)",
                english: "a name in the document cannot be written in a mapping; rename it: \(why)")
        }
        return mapping
    }

    /// `draft.wanggeyuan`: what can be in a mapping's name of the file's, or of the record type's.
    private var id: String {
        let words = sample.stem.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        let type = FieldWords.normalised(plan.entries[0].type.name).replacing("_", with: "-")
        return "draft." + (words.isEmpty ? type : words.joined(separator: "-"))
    }

    private func body(trial: ConversionSummary?) -> String {
        var text = DraftText()
        addTitle(trial, to: &text)
        text.add(0, "mapping: \(id)", "give it a name of its own: PLACE.FORM")
        text.add(0, "title: \(DraftText.scalar(sample.stem))", "what people call the form")
        addReads(to: &text)
        let header = addHeader(to: &text)
        text.add(0, "gives:")
        for index in plan.entries.indices { add(plan.entries[index], isFirst: index == 0, to: &text) }
        if header.hasDate { text.add(0, "effective: header.filled-on", "from when the records hold") }
        let isKeyed = plan.entries.allSatisfy { $0.key != nil }
        text.add(
            0, "delivery: \(isKeyed ? "upsert" : "event")",
            isKeyed
                ? "snapshot, if who is missing in the next file has left; upsert never deletes"
                : "every row is new each time, because no columns were found that tell rows apart")
        addControl(header.count, to: &text)
        return text.text
    }

    // MARK: What it is

    private var looked: (chinese: String, english: String) {
        let noun = roster == nil ? ("个元素", "elements") : ("行", "rows")
        let rows = plan.rows
        let isAll = roster?.isWhole ?? (sample.isWhole && rows < DraftSample.rowLimit)
        return isAll
            ? ("查看了全部 \(rows) \(noun.0)", "all \(rows) \(noun.1) were looked at")
            : ("只查看了开头 \(rows) \(noun.0)", "only the first \(rows) \(noun.1) were looked at")
    }

    private func addTitle(_ trial: ConversionSummary?, to text: inout DraftText) {
        text.remark(0, "由 qiao mapping draft 根据样本“\(sample.name)”起草，\(looked.chinese)。每一处猜测的理由写在该行后面；")
        text.remark(0, "标有 CHECK 的必须核对，其余的也请逐行看过再用。")
        text.remark(
            0, "Drafted by qiao mapping draft from “\(sample.name)”; \(looked.english). The reason of each guess")
        text.remark(
            0,
            "stands beside its line. Lines with CHECK need a look before the mapping is used; the others deserve one.")
        text.remark(0, "")
        for line in choice { text.remark(0, line) }
        if let trial { text.remark(0, outcome(trial)) }
    }

    private var choice: [String] {
        let taken = plan.entries.map(\.type.name).joined(separator: " and ")
        let columns = Set(plan.entries.flatMap { $0.fields.flatMap(\.columnsRead) }).count
        let noun = roster == nil ? "values" : "columns"
        let head = "\(taken): \(columns) of \(plan.columns.count) \(noun) have a field in it"
        let isPoor = columns * 2 < plan.columns.count
        let advice = isPoor ? ["CHECK the record type: most \(noun) are for something else."] : []
        if plan.isWanted { return [head + "; the type was asked for."] }
        if plan.others.isEmpty { return [head + "; no other record type fits."] + advice }
        let score = plan.entries.reduce(0) { $0 + $1.score }
        let others = plan.others.map { "\($0.type) \(Self.points($0.score))" }.joined(separator: ", ")
        return [
            head + ", which makes \(Self.points(score)) points.", "Next best: \(others). Another type: --record TYPE.",
        ] + advice
    }

    private static func points(_ score: Double) -> String { "\(Int(score.rounded()))" }

    private func outcome(_ trial: ConversionSummary) -> String {
        let part = sample.isWhole ? "Tried on the sample" : "Tried on the part of the sample that was looked at"
        return "\(part): rows read \(trial.rowsRead) = converted \(trial.rowsConverted)"
            + " + set aside \(trial.rowsSetAside) + skipped \(trial.rowsSkipped)."
    }

    private func decisions(_ trial: ConversionSummary) -> [String] {
        var lines: [String] = []
        if let roster {
            lines.append(
                "a CSV roster in \(sample.encoding.rawValue), cells separated by \(Self.word(for: roster.delimiter)); header in line"
                    + " \(roster.header.place.line), \(roster.header.columns.count) columns; \(looked.english)")
        } else if let filing, let entry {
            lines.append(
                "an XML filing in \(sample.encoding.rawValue), root <\(filing.nodes[0].name.local)>; one record is"
                    + " \(entry.path == "." ? "the root" : entry.path); \(looked.english)")
        }
        lines += choice
        for entry in plan.entries {
            let key = entry.key.map { "key \($0.fields.joined(separator: ", "))" } ?? "no key"
            lines.append("\(entry.type.name): \(entry.fields.count + entry.lists.count) fields, \(key)")
        }
        if !plan.unused.isEmpty { lines.append("not used: \(plan.unused.count), each with its reason in the draft") }
        lines.append(outcome(trial))
        return lines
    }

    static func word(for delimiter: CSVDelimiter) -> String {
        switch delimiter {
        case .comma: "comma"
        case .tab: "tab"
        case .semicolon: "semicolon"
        case .fullWidthComma: "full-width-comma"
        case .bar: "pipe"
        }
    }
}
