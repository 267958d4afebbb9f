import CanonicalRecords
import Findings

extension RecordWriter {
    /// Writes the record of one entry for this row; false when something in it sets the row aside.
    mutating func writeRecord<Source: RowValues & ~Copyable>(_ entry: Int, from source: inout Source) -> Bool {
        body.removeAll()
        let steps = frozen.steps[entry]
        payloads.removeAll(keepingCapacity: true)
        for _ in steps { payloads.append(Payload()) }
        if trace != nil { trace?.begin(program.entries[entry], row: source.row) }
        var isGood = true
        for index in steps.indices {
            let start = body.count
            if !write(steps[index].value, from: &source, at: index) { isGood = false }
            trace?.finish(steps[index].value, body, from: start)
        }
        trace?.end()
        crossCheck(entry, &source)
        writeExtension(frozen.entries[entry].value.extensions, from: source)
        guard isGood else { return false }
        let id = recordID(entry, row: source.row)
        guard assemble(entry, id, from: &source) else { return false }
        ids[entry] = id
        pendingEntries.append(entry)
        noteControls(entry)
        return true
    }

    private mutating func reportTooLarge<Source: RowValues & ~Copyable>(_ entry: Int, _ source: inout Source) {
        report(
            .mappingRecordTooLarge, severity: nil, step: nil, place: source.rowPlace, row: source.row,
            arguments: [program.entries[entry].name, "\(limits.recordSize)"])
    }

    // False when the record, with its provenance, is larger than records may be; then nothing of it stays.
    private mutating func assemble<Source: RowValues & ~Copyable>(
        _ entry: Int, _ id: SipHash128.Digest, from source: inout Source
    ) -> Bool {
        let plan = frozen.entries[entry].value
        let isDelete = !plan.deleteConditions.isEmpty && plan.deleteConditions.allSatisfy { holds($0, source) }
        readEffective(plan.effective ?? program.effective, from: source)
        let start = rows.row.count
        let mark = rows.row.beginDelimited()
        provenance.write(
            .init(id: id, line: source.rowLine, row: source.row, isDelete: isDelete), effective: effective,
            to: &rows.row)
        let contentSize = rows.row.count
        rows.row.append(all: extensionFields)
        rows.row.appendField(plan.bodyNumber, body)
        let hash = SipHash128.contentHash(rows.row, from: contentSize)
        rows.row.endMessage(mark)
        guard rows.row.count - start <= limits.recordSize else {
            rows.row.truncate(to: start)
            reportTooLarge(entry, &source)
            return false
        }
        rows.add(
            .init(
                typeNumber: plan.bodyNumber, id: id, contentHash: hash, isDelete: isDelete,
                range: start..<rows.row.count))
        return true
    }

    private mutating func recordID(_ entry: Int, row: Int) -> SipHash128.Digest {
        let key = frozen.entries[entry].value.key
        guard !key.isEmpty else { return identity.id(entry: entry, row: row) }
        natural.removeAll(keepingCapacity: true)
        for (part, step) in key.enumerated() {
            if part > 0 { natural.append(RecordIdentity.separator) }
            let payload = payloads[step]
            if payload.isText {
                natural.append(body, payload.start..<payload.end)
            } else {
                natural.append(contentsOf: String(payload.number).utf8)
            }
        }
        return identity.id(entry: entry, naturalKey: natural.span)
    }

    private mutating func readEffective<Source: RowValues & ~Copyable>(
        _ plan: EffectivePlan?, from source: borrowing Source
    ) {
        effective.removeAll(keepingCapacity: true)
        switch plan {
        case nil: break
        case .constant(let bytes): effective.append(contentsOf: bytes)
        case .slots(let slots, let machine):
            for slot in slots {
                let value = source.first(slot)
                guard value >= 0 else { continue }
                _ = machine.convert(source.bytes(value), into: &effective)
                return
            }
        }
    }

    private mutating func writeExtension<Source: RowValues & ~Copyable>(
        _ plan: ExtensionPlan, from source: borrowing Source
    ) {
        extensionFields.removeAll()
        switch plan {
        case .none: break
        case .slots(let slots):
            for slot in slots { keep(Array(slot.name.utf8), source.first(slot.slot), source) }
        case .rest:
            for index in 0..<source.restCount { keep(source.restName(index), source.restValue(index), source) }
        }
    }

    private mutating func keep<Source: RowValues & ~Copyable>(
        _ name: [UInt8], _ found: Int, _ source: borrowing Source
    ) {
        guard found >= 0 else { return }
        value.removeAll(keepingCapacity: true)
        guard TextValue.convert(source.bytes(found), into: &value).result == .text else { return }
        extensionFields.appendMapEntry(2, name, value)
    }

    private mutating func crossCheck<Source: RowValues & ~Copyable>(_ entry: Int, _ source: inout Source) {
        guard let plan = frozen.entries[entry].value.crossCheck, payloads[plan.identityNumber].isSet else { return }
        let number = payloads[plan.identityNumber]
        let birth = plan.birthDate.map { payloads[$0] } ?? Payload()
        let sex = plan.sex.map { payloads[$0].number } ?? 0
        let issues = IdentityCrossCheck.issues(
            identityNumber: body.bytes.extracting(number.start..<number.end),
            birthDate: body.bytes.extracting(birth.start..<birth.end), sex: Int32(truncatingIfNeeded: sex))
        guard !issues.isEmpty else { return }
        for issue in issues.list {
            let step = program.entries[entry].steps[issue == .identityNumberSex ? plan.sex ?? 0 : plan.birthDate ?? 0]
            report(
                issue.kind, severity: min(issue.kind.severity, .warning), step: step, place: source.rowPlace,
                row: source.row, arguments: [])
        }
    }

    private mutating func noteControls(_ entry: Int) {
        for (index, control) in program.controls.enumerated() {
            guard let at = control.entries.firstIndex(of: entry) else { continue }
            if control.conditions[at].allSatisfy({ meets($0) }) { pendingCounts.append(index) }
        }
    }

    private func meets(_ condition: ControlCondition) -> Bool {
        let payload = payloads[condition.step]
        guard payload.isSet else { return false }
        let bytes = body.bytes.extracting(payload.start..<payload.end)
        return condition.payloads.contains { wanted in
            guard wanted.count == bytes.count else { return false }
            for index in 0..<bytes.count where wanted[index] != bytes[index] { return false }
            return true
        }
    }
}
