import CanonicalRecords
import Findings

extension RecordWriter {
    /// Writes the record of one entry for this row; false when something in it sets the row aside.
    mutating func writeRecord(_ entry: Int, _ row: RowView) -> Bool {
        code.pinnedEntries[entry].object { writeRecord($0, entry, row) }
    }

    @inline(__always)
    private mutating func writeRecord(_ plan: EntryCode, _ entry: Int, _ row: RowView) -> Bool {
        body.removeAll()
        joinedStep = -1
        for index in plan.noted.indices { payloads[plan.noted[index]] = Payload() }
        if trace != nil { trace?.begin(program.entries[entry], row: row.event.row) }
        let isGood = writeFields(plan.codes, row)
        if trace != nil { trace?.end() }
        if plan.crossCheck != nil { crossCheck(plan, entry, row) }
        extensionFields.removeAll()
        writeExtension(plan, row)
        guard isGood else { return false }
        let id = recordID(plan, entry, row: row.event.row)
        let text = id.hexadecimalWords
        guard assemble(plan, entry, id, text, row) else { return false }
        ids[entry] = text
        for index in plan.controls.indices where meets(plan, control: index) {
            pendingControls.append(plan.controls[index].index)
        }
        return true
    }

    // Fills the body; false when a field sets the row aside.
    @inline(__always)
    private mutating func writeFields(_ range: Range<Int>, _ row: RowView) -> Bool {
        guard trace == nil else { return writeTracedFields(range, row) }
        var isGood = true
        var index = range.lowerBound
        while index < range.upperBound {
            if !writeUntracedField(index, row, at: index &- range.lowerBound) { isGood = false }
            index &+= 1
        }
        return isGood
    }

    @inline(never)
    private mutating func writeTracedFields(_ range: Range<Int>, _ row: RowView) -> Bool {
        var isGood = true
        for index in range {
            let start = body.count
            if !write(code.codes[index], row, at: index &- range.lowerBound) { isGood = false }
            trace?.finish(code.steps[Int(code.codes[index].step)], body, from: start)
        }
        return isGood
    }

    // False when the record, with its provenance, is larger than records may be; then nothing of it stays.
    private mutating func assemble(
        _ plan: EntryCode, _ entry: Int, _ id: SipHash128.Digest, _ text: RecordBuffer.Words, _ row: RowView
    ) -> Bool {
        let isDelete = plan.hasDeleteConditions && plan.plan.deleteConditions.allSatisfy { holds($0, row) }
        let tail = tails.tail(of: plan, entry, isDelete: isDelete, row)
        if !tail.issues.isEmpty { report(tail.issues, ofTimeOf: plan, row) }
        let start = output.count
        let bodySize = Int(plan.bodyTagSize) &+ RecordBuffer.varintSize(UInt64(body.count)) &+ body.count
        let provenanceSize = tails.contentSize(place: place.count, tail)
        let size = ProvenanceWriter.size(content: provenanceSize) &+ extensionFields.count &+ bodySize
        guard size + RecordBuffer.varintSize(UInt64(size)) <= limits.recordSize else {
            report(
                .mappingRecordTooLarge, about: row, arguments: [program.entries[entry].name, "\(limits.recordSize)"])
            return false
        }
        output.appendVarint(UInt64(size))
        tails.write(text, content: provenanceSize, place, tail, to: &output)
        let content = output.count
        output.append(all: extensionFields)
        output.append(packed: plan.bodyTag, count: Int(plan.bodyTagSize))
        output.appendVarint(UInt64(body.count))
        output.append(all: body)
        entries.append(
            WrittenRecord(
                entry: Int32(entry), isDelete: isDelete, id: id, start: start, content: content, end: output.count))
        return true
    }

    private mutating func recordID(_ plan: EntryCode, _ entry: Int, row: Int) -> SipHash128.Digest {
        guard plan.keyCount > 0 else { return identity.id(entry: entry, row: row) }
        if plan.keyCount == 1, payloads[plan.plan.key[0]].isText {
            let payload = payloads[plan.plan.key[0]]
            return identity.id(entry: entry, naturalKey: body, payload.start..<payload.end)
        }
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
            let start = extensionFields.count
            extensionFields.append(plan.extensionHeads.bytes, plan.extensionHeads.ranges[index])
            keep(row.first(plan.extensionSlots[index]), from: start, row)
        }
        guard plan.keepsRest else { return }
        for index in restHeads.ranges.indices {
            let start = extensionFields.count
            extensionFields.append(restHeads.bytes, restHeads.ranges[index])
            keep(row.first(program.slots.count + index), from: start, row)
        }
    }

    // Ends the field that begins at `start` with a value; takes it back where there is none.
    private mutating func keep(_ found: Int, from start: Int, _ row: RowView) {
        let text = extensionFields.count &- 1
        guard found >= 0, TextValue.convert(row.bytes(found), into: &extensionFields).result == .text else {
            return extensionFields.truncate(to: start)
        }
        extensionFields.endMessage(text)
        extensionFields.endMessage(start &+ 1)
    }

    private mutating func crossCheck(_ code: EntryCode, _ entry: Int, _ row: RowView) {
        guard let plan = code.crossCheck else { return }
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

    // Whether the record is one that a control counts.
    @inline(__always)
    private mutating func meets(_ plan: EntryCode, control: Int) -> Bool {
        for index in plan.controls[control].conditions.indices {
            let payload = payloads[plan.controls[control].conditions[index].step]
            guard payload.isSet else { return false }
            let isMet = Self.isOne(
                body, payload.start..<payload.end, of: plan.controls[control].conditions[index].payloads)
            guard isMet else { return false }
        }
        return true
    }

    private static func isOne(_ body: borrowing RecordBuffer, _ range: Range<Int>, of wanted: [[UInt8]]) -> Bool {
        for index in wanted.indices where body.holds(wanted[index], at: range) { return true }
        return false
    }
}
