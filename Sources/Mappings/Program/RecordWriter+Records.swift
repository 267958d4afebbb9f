import CanonicalRecords
import Findings

extension RecordWriter {
    /// Writes the record of one entry for this row; false when something in it sets the row aside.
    mutating func writeRecord(_ entry: Int, _ row: RowView, _ block: borrowing RowBlock) -> Bool {
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
            if !write(step, row, block, at: index - range.lowerBound) { isGood = false }
            if trace != nil { trace?.finish(code.steps[Int(step.step)], body, from: start) }
        }
        if trace != nil { trace?.end() }
        if plan.hasCrossCheck { crossCheck(entry, row) }
        extensionFields.removeAll()
        if plan.hasExtensions { writeExtension(plan.plan.extensions, row, block) }
        guard isGood else { return false }
        let id = recordID(plan, entry, row: row.event.row)
        guard assemble(plan, entry, id, row) else { return false }
        ids[entry] = id
        if plan.isCounted { noteControls(entry) }
        return true
    }

    // False when the record, with its provenance, is larger than records may be; then nothing of it stays.
    private mutating func assemble(
        _ plan: EntryCode, _ entry: Int, _ id: SipHash128.Digest, _ row: RowView
    ) -> Bool {
        let isDelete = plan.hasDeleteConditions && plan.plan.deleteConditions.allSatisfy { holds($0, row) }
        effective.read(plan, entry: entry, row)
        let start = output.count
        let mark = output.beginDelimited()
        provenance.write(
            .init(id: id, line: row.event.place.line, row: row.event.row, isDelete: isDelete),
            effective: effective.bytes(entry), to: &output)
        let content = output.count
        output.append(all: extensionFields)
        output.appendField(plan.bodyNumber, body)
        let hash = ContentHash.digest(output, from: content)
        output.endMessage(mark)
        guard output.count - start <= limits.recordSize else {
            output.truncate(to: start)
            report(
                .mappingRecordTooLarge, about: row, arguments: [program.entries[entry].name, "\(limits.recordSize)"])
            return false
        }
        entries.append(
            WrittenRecord(
                entry: Int32(entry), isDelete: isDelete, id: id, contentHash: hash, start: start, end: output.count))
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

    private mutating func writeExtension(_ plan: ExtensionPlan, _ row: RowView, _ block: borrowing RowBlock) {
        switch plan {
        case .none: break
        case .slots(let slots):
            for index in slots.indices { keep(slots[index].key, row.first(slots[index].slot), row) }
        case .rest:
            for index in block.restNames.indices {
                keep(block.restNames[index], row.first(program.slots.count + index), row)
            }
        }
    }

    private mutating func keep(_ name: [UInt8], _ found: Int, _ row: RowView) {
        guard found >= 0 else { return }
        value.removeAll()
        guard TextValue.convert(row.bytes(found), into: &value).result == .text else { return }
        extensionFields.appendMapEntry(2, name, value)
    }

    private mutating func crossCheck(_ entry: Int, _ row: RowView) {
        guard let plan = program.entries[entry].crossCheck, payloads[plan.identityNumber].isSet else { return }
        let number = payloads[plan.identityNumber]
        let birth = plan.birthDate.map { payloads[$0] } ?? Payload()
        let sex = plan.sex.map { payloads[$0].number } ?? 0
        let issues = IdentityCrossCheck.issues(
            identityNumber: body.bytes.extracting(number.start..<number.end),
            birthDate: body.bytes.extracting(birth.start..<birth.end), sex: Int32(truncatingIfNeeded: sex))
        guard !issues.isEmpty else { return }
        for issue in issues.list {
            let step = program.entries[entry].steps[issue == .identityNumberSex ? plan.sex ?? 0 : plan.birthDate ?? 0]
            report(issue.kind, severity: min(issue.kind.severity, .warning), about: row, field: step.name)
        }
    }

    private mutating func noteControls(_ entry: Int) {
        for index in program.controls.indices {
            guard let at = program.controls[index].entries.firstIndex(of: entry) else { continue }
            if program.controls[index].conditions[at].allSatisfy({ meets($0) }) { pendingControls.append(index) }
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
