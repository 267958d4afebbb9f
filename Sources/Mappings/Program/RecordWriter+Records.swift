import CanonicalRecords
import Findings

extension RecordWriter {
    /// Writes the record of one entry for this row; false when something in it sets the row aside.
    mutating func writeRecord(_ entry: Int, _ row: RowView) -> Bool {
        body.removeAll()
        let plan = code.entries[entry]
        let range = plan.codes
        payloads.removeAll()
        payloads.append(repeating: Payload(), count: range.count)
        if trace != nil { trace?.begin(program.entries[entry], row: row.event.row) }
        var isGood = true
        for index in range {
            let start = body.count
            let step = code.codes[index]
            if !write(step, row, at: index - range.lowerBound) { isGood = false }
            if trace != nil { trace?.finish(code.steps[Int(step.step)], body, from: start) }
        }
        if trace != nil { trace?.end() }
        if let check = plan.crossCheck { crossCheck(check, entry, row) }
        extensionFields.removeAll()
        writeExtension(plan, row)
        guard isGood else { return false }
        let id = recordID(plan, entry, row: row.event.row)
        guard assemble(plan, entry, id, row) else { return false }
        ids[entry] = id
        for control in plan.controls where control.conditions.allSatisfy({ meets($0) }) {
            pendingControls.append(control.index)
        }
        return true
    }

    // False when the record, with its provenance, is larger than records may be; then nothing of it stays.
    private mutating func assemble(
        _ plan: EntryCode, _ entry: Int, _ id: SipHash128.Digest, _ row: RowView
    ) -> Bool {
        let isDelete = plan.hasDeleteConditions && plan.plan.deleteConditions.allSatisfy { holds($0, row) }
        let tail = tails.tail(of: plan, entry, isDelete: isDelete, row, provenance)
        let start = output.count
        let variables = ProvenanceWriter.Variables(id: id, line: row.event.place.line, row: row.event.row)
        let tag = UInt64(plan.bodyNumber) << 3 | UInt64(WireType.lengthDelimited.rawValue)
        let bodySize = RecordBuffer.varintSize(tag) &+ RecordBuffer.varintSize(UInt64(body.count)) &+ body.count
        let size = provenance.size(variables, tail: tail.count) &+ extensionFields.count &+ bodySize
        guard size + RecordBuffer.varintSize(UInt64(size)) <= limits.recordSize else {
            report(
                .mappingRecordTooLarge, about: row, arguments: [program.entries[entry].name, "\(limits.recordSize)"])
            return false
        }
        output.appendVarint(UInt64(size))
        provenance.write(variables, tail, of: tails, to: &output)
        let content = output.count
        output.append(all: extensionFields)
        output.appendVarint(tag)
        output.appendVarint(UInt64(body.count))
        output.append(all: body)
        entries.append(
            WrittenRecord(
                entry: Int32(entry), isDelete: isDelete, id: id, start: start, content: content, end: output.count))
        return true
    }

    private mutating func recordID(_ plan: EntryCode, _ entry: Int, row: Int) -> SipHash128.Digest {
        guard plan.keyCount > 0 else { return identity.id(entry: entry, row: row) }
        natural.removeAll()
        for part in 0..<plan.keyCount {
            if part > 0 { natural.append(RecordIdentity.separator) }
            let payload = payloads[plan.plan.key[part]]
            if payload.isText {
                natural.append(body, payload.start..<payload.end)
            } else {
                natural.append(decimal: payload.number)
            }
        }
        return identity.id(entry: entry, naturalKey: natural)
    }

    private mutating func writeExtension(_ plan: EntryCode, _ row: RowView) {
        for index in plan.extensionSlots.indices {
            keep(plan.extensionSlots[index].key, row.first(plan.extensionSlots[index].slot), row)
        }
        guard plan.keepsRest else { return }
        for index in restNames.indices {
            keep(restNames[index], row.first(program.slots.count + index), row)
        }
    }

    private mutating func keep(_ name: [UInt8], _ found: Int, _ row: RowView) {
        guard found >= 0 else { return }
        let raw = row.bytes(found)
        guard !raw.isEmpty else { return }
        value.removeAll()
        guard TextValue.convert(raw, into: &value).result == .text else { return }
        extensionFields.appendMapEntry(2, name, value)
    }

    private mutating func crossCheck(_ plan: CrossCheckPlan, _ entry: Int, _ row: RowView) {
        let number = payloads[plan.identityNumber]
        guard number.isSet else { return }
        let birth = plan.birthDate.map { payloads[$0] } ?? Payload()
        let sex = plan.sex.map { payloads[$0].number } ?? 0
        let issues = IdentityCrossCheck.issues(
            identityNumber: body.bytes.extracting(number.start..<number.end),
            birthDate: body.bytes.extracting(birth.start..<birth.end), sex: Int32(truncatingIfNeeded: sex))
        if !issues.isEmpty { report(issues, plan, entry, row) }
    }

    private mutating func report(_ issues: ValueIssues, _ plan: CrossCheckPlan, _ entry: Int, _ row: RowView) {
        for issue in issues.list {
            let step = program.entries[entry].steps[issue == .identityNumberSex ? plan.sex ?? 0 : plan.birthDate ?? 0]
            report(issue.kind, severity: min(issue.kind.severity, .warning), about: row, field: step.name)
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
