import Findings

extension RecordWriter {
    /// The summary with the counts of records by type.
    var currentSummary: ConversionSummary {
        var summary = summary
        for (entry, count) in recordCounts.enumerated() where count > 0 {
            summary.records[program.entries[entry].typeName, default: 0] += count
        }
        return summary
    }

    /// Takes a finding of the readers; a fatal one rejects the document.
    mutating func take(_ finding: Finding) {
        if finding.severity == .fatal { reject(finding) } else { summary.findings.report(finding) }
    }

    /// Reads the values of the document's head, as far as they are there.
    mutating func readHeader<Source: RowValues & ~Copyable>(from source: borrowing Source) {
        for (index, plan) in program.headers.enumerated() where headerTexts[index] == nil {
            let found = source.first(plan.slot)
            guard found >= 0 else { continue }
            value.removeAll(keepingCapacity: true)
            let outcome = plan.machine.convert(source.bytes(found), into: &value)
            switch outcome.result {
            case .text: headerTexts[index] = String(decoding: value, as: UTF8.self)
            case .number: headerTexts[index] = String(outcome.number)
            case .empty, .nullWord, .rejected: continue
            }
            summary.header[plan.name] = headerTexts[index]
        }
        guard case .snapshot = program.delivery else { return }
        summary.snapshotScope = program.id + (program.snapshotScope.map { "/" + (headerTexts[$0] ?? "") } ?? "")
    }

    /// Ends the document: compares the counts and judges the rows that were set aside.
    ///
    /// - Parameter total: The number in the totals row, in a column or the first.
    mutating func finish(total: (_ column: String?) -> Int?) {
        guard summary.rejection == nil else { return }
        if summary.rowsRead == 0 { take(Finding(.mappingNoRows)) }
        for (index, control) in program.controls.enumerated() { compare(control, counts[index], total) }
        checkShare()
        if summary.rejection == nil { rows.seal() }
    }

    private mutating func compare(_ control: ControlPlan, _ found: Int, _ total: (_ column: String?) -> Int?) {
        let declared: Int? =
            switch control.declared {
            case .constant(let number): number
            case .header(let index): headerTexts[index].flatMap(Self.number)
            case .totals(let column): total(column)
            }
        let day: String? =
            switch control.asOf {
            case .none: nil
            case .constant(let day): day
            case .header(let index): headerTexts[index]
            }
        let result = ControlTotalResult(
            name: control.name, recordType: control.typeName, declared: declared, isAtLeast: control.isAtLeast,
            found: found, asOf: day)
        summary.controlTotals.append(result)
        guard let declared else {
            return take(Finding(.mappingControlMissing, arguments: [control.name, "\(found)"]))
        }
        if !result.agrees {
            let sign = control.isAtLeast ? "≥ " : ""
            take(Finding(.mappingControlDiffers, arguments: [control.name, "\(sign)\(declared)", "\(found)"]))
        }
    }

    private static func number(_ text: String) -> Int? {
        var unused: [UInt8] = []
        let outcome = ValueMachine(.count).convert(Array(text.utf8).span, into: &unused)
        return outcome.result == .number ? Int(exactly: outcome.number) : nil
    }
}
