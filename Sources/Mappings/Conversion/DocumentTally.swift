import CanonicalRecords
import Findings

/// What a document has given so far: batches, numbers and findings, block by block in the order of the document.
struct DocumentTally: ~Copyable, Sendable {
    var summary: ConversionSummary
    private(set) var batches: BatchBuilder
    private let program: MappingProgram
    private let limits: ConversionLimits
    private var counts: BlockCounts
    // By slot: whether it belongs to the head.
    private let isHead: [Bool]
    private var toldOfHead: Set<HeadProblem> = []

    // What is wrong with a value of the head.
    private struct HeadProblem: Hashable {
        var slot: Int
        var code: String
    }

    init(_ mapping: Mapping, limits: ConversionLimits) {
        program = mapping.program
        self.limits = limits
        summary = ConversionSummary(findingLimit: limits.findings)
        batches = BatchBuilder(program, chunkSize: limits.chunkSize)
        counts = BlockCounts(program)
        isHead = program.slots.map { $0.scope == 0 }
    }

    /// Whether nothing of the document may be used. Asked all the time, which the summary is too large for.
    private(set) var isRejected = false

    /// The summary with the counts of records by type.
    var currentSummary: ConversionSummary {
        var summary = summary
        for entry in 0..<counts.records.count where counts.records[entry] > 0 {
            summary.records[program.entries[entry].typeName, default: 0] += counts.records[entry]
        }
        return summary
    }

    mutating func takeReady() -> RecordBatch? {
        batches.takeReady()
    }

    /// Takes a finding of the document as such; a fatal one rejects it.
    mutating func take(_ finding: Finding) {
        if finding.severity == .fatal { reject(finding) } else { summary.findings.report(finding) }
    }

    /// Ends the document with a fatal finding; the first one counts.
    mutating func reject(_ finding: Finding) {
        guard !isRejected else { return }
        isRejected = true
        summary.findings.report(finding)
        summary.rejection = finding
        batches.discardAll()
    }

    /// How many more rows may be set aside before the document is rejected; nil where that is not decided by a count.
    var remainingFailures: Int? {
        guard case .thresholdCount(let count) = program.onError else { return nil }
        return count - summary.rowsSetAside
    }

    /// Takes what a block gave.
    mutating func add(_ block: borrowing RowBlock, _ result: inout BlockResult, _ text: DocumentText) {
        guard !isRejected else { return }
        countRows(block, result.counts)
        var told = 0
        for index in result.problems.indices {
            let event = result.problems[index].event
            while told < block.notes.count, block.notes[told].event <= event {
                tell(block.notes[told])
                told += 1
            }
            tell(result.problems[index], block, text)
            guard !isRejected else { return }
        }
        for note in block.notes[told...] { tell(note) }
        batches.append(&result)
    }

    private mutating func countRows(_ block: borrowing RowBlock, _ new: borrowing BlockCounts) {
        summary.rowsConverted += new.converted
        summary.skipped.unselected += new.unselected
        summary.skipped.blank += block.skipped.blank
        summary.skipped.totals += block.skipped.totals
        summary.skipped.remarks += block.skipped.remarks
        summary.rowsRead += new.converted + new.unselected + block.skipped.total
        for index in 0..<new.records.count { counts.records[index] += new.records[index] }
        for index in 0..<new.controls.count { counts.controls[index] += new.controls[index] }
    }

    // MARK: Problems

    private mutating func tell(_ note: RowNote) {
        switch note.content {
        case .finding(let finding): summary.findings.report(finding)
        case .one(let kind): summary.findings.count(kind)
        }
    }

    private mutating func tell(_ problem: RowProblem, _ block: borrowing RowBlock, _ text: DocumentText) {
        guard problem.role == .tells else { return setAside(problem, block, text) }
        let isOfHead = isOfHead(problem)
        if isOfHead, !toldOfHead.insert(HeadProblem(slot: problem.slot, code: problem.kind.code)).inserted { return }
        guard summary.findings.isKeeping else {
            return summary.findings.count(problem.kind, severity: problem.severity)
        }
        var finding = finding(problem, block, text)
        if isOfHead { finding.row = nil }
        summary.findings.report(finding)
    }

    // A value of the head is wrong once, however many rows are made from it. A row that is set aside for it is told why.
    private func isOfHead(_ problem: RowProblem) -> Bool {
        problem.value >= 0 && problem.slot >= 0 && isHead[problem.slot]
            && problem.severity ?? problem.kind.severity < .error
    }

    private mutating func setAside(_ problem: RowProblem, _ block: borrowing RowBlock, _ text: DocumentText) {
        summary.rowsSetAside += 1
        summary.rowsRead += 1
        guard problem.role == .rejectsFiling else { return }
        if case .thresholdCount(let count) = program.onError, summary.rowsSetAside > count {
            return rejectForThreshold("\(count)")
        }
        let row = block.events[problem.event].row
        let place = text.original(block.place(ofEvent: problem.event))
        reject(Finding(.mappingRowRefused, at: place, row: row, arguments: ["\(row)"]))
    }

    private func finding(_ problem: RowProblem, _ block: borrowing RowBlock, _ text: DocumentText) -> Finding {
        let found = problem.value >= 0 ? block.place(ofValue: problem.value, event: problem.event) : nil
        let place = found ?? (block.place(ofEvent: problem.event), false)
        let original = place.isOriginal ? place.place : text.original(place.place)
        let row = block.events[problem.event].row
        guard problem.slot >= 0 else {
            return Finding(
                problem.kind, severity: problem.severity, at: original, row: row, field: problem.field,
                arguments: problem.arguments)
        }
        let name = block.names[problem.slot]
        let shown = problem.text ?? block.text(ofValue: problem.value)
        let value = problem.masking.map { $0.masked(shown) } ?? shown
        return Finding(
            problem.kind, severity: problem.severity, at: original, row: row, field: name, value: value,
            arguments: [name, "\(limits.fieldSize)"])
    }

    // MARK: The end

    /// Ends the document: compares the counts and judges the rows that were set aside.
    ///
    /// - Parameters:
    ///   - header: The values of the head.
    ///   - total: The number in the totals row, in a column or the first.
    mutating func finish(header: HeaderValues, total: (_ column: String?) -> DeclaredNumber?) {
        guard !isRejected else { return }
        if summary.rowsRead == 0 { take(Finding(.mappingNoRows)) }
        for (index, control) in program.controls.enumerated() {
            compare(control, counts.controls[index], header, total)
        }
        checkShare()
        if !isRejected { batches.seal() }
    }

    private mutating func compare(
        _ control: ControlPlan, _ found: Int, _ header: HeaderValues, _ total: (_ column: String?) -> DeclaredNumber?
    ) {
        let declared: DeclaredNumber? =
            switch control.declared {
            case .constant(let number): DeclaredNumber(number)
            case .header(let index): header.number(index)
            case .totals(let column): total(column)
            }
        if let declared, declared.meaning == .approximate {
            let arguments = [control.name, "\(declared.number)", "\(found)"]
            return take(Finding(.mappingControlApproximate, arguments: arguments))
        }
        let day: String? =
            switch control.asOf {
            case .none: nil
            case .constant(let day): day
            case .header(let index): header.texts[index]
            }
        let result = ControlTotalResult(
            name: control.name, recordType: control.typeName, declared: declared?.number,
            isAtLeast: control.isAtLeast || declared?.meaning == .atLeast, found: found, asOf: day)
        summary.controlTotals.append(result)
        tell(result)
    }

    private mutating func tell(_ result: ControlTotalResult) {
        guard let declared = result.declared else {
            return take(Finding(.mappingControlMissing, arguments: [result.name, "\(result.found)"]))
        }
        guard !result.agrees else { return }
        let sign = result.isAtLeast ? "≥ " : ""
        take(Finding(.mappingControlDiffers, arguments: [result.name, "\(sign)\(declared)", "\(result.found)"]))
    }

    // Whether the share of rows set aside is too large is known only at the end.
    private mutating func checkShare() {
        guard case .thresholdShare(let share) = program.onError else { return }
        let judged = summary.rowsConverted + summary.rowsSetAside
        if Double(summary.rowsSetAside) > share * Double(judged) { rejectForThreshold("\(Self.percent(share)) %") }
    }

    private static func percent(_ share: Double) -> String {
        let number = share * 100
        return number == number.rounded() ? "\(Int(number))" : "\(number)"
    }

    private mutating func rejectForThreshold(_ threshold: String) {
        let total = summary.rowsConverted + summary.rowsSetAside
        reject(Finding(.mappingThreshold, arguments: ["\(summary.rowsSetAside)", "\(total)", threshold]))
    }
}
