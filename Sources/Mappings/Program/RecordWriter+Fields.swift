import CanonicalRecords
import Findings

/// What became of one field.
enum FieldResult {
    case written
    case absent
    /// The value cannot be used; that has been told.
    case unusable
    /// The record that is referred to failed; that has been told.
    case followsFailure
}

extension RecordWriter {
    /// Writes one field; false when it sets the row aside. `index` is the step's number in its entry, or nil within
    /// messages.
    @inline(__always)
    mutating func write(_ code: StepCode, _ row: RowView, at index: Int?) -> Bool {
        let result = fill(code, row, at: index)
        return result == .written || finish(code, result, row, at: index)
    }

    // What follows when a field was not written.
    private mutating func finish(_ code: StepCode, _ result: FieldResult, _ row: RowView, at index: Int?) -> Bool {
        let position = Int(code.step)
        switch result {
        case .written: return true
        case .followsFailure: return false
        case .absent:
            if let fallback = self.code.steps[position].fallback {
                emit(code, encoded: fallback.payload, at: index)
                return true
            }
            guard self.code.steps[position].isRequired else { return true }
            let name = self.code.steps[position].name
            report(.mappingValueRequired, about: row, field: name, arguments: [name])
        case .unusable:
            if self.code.steps[position].failure == .leaveOut { return true }
        }
        if self.code.steps[position].failure == .filing { rejectsFiling = true }
        return false
    }

    @inline(__always)
    private mutating func fill(
        _ code: StepCode, _ row: RowView, at index: Int?
    ) -> FieldResult {
        switch code.operation {
        case .value, .lookup:
            let slot = chosen(code.slots, row)
            guard slot >= 0 else { return .absent }
            return fillRemembering(code, row.first(slot), slot, row, at: index)
        case .join: return fillByJoining(code, row, at: index)
        case .keyOf:
            let entry = Int(code.argument)
            guard let id = ids[entry] else { return failed[entry] ? .followsFailure : .absent }
            emit(code, id: id, at: index)
            return .written
        case .reference:
            let slot = chosen(code.slots, row)
            guard slot >= 0 else { return .absent }
            reportOthers(code, slot, row)
            if trace != nil { noteReading(row.first(slot), slot, code, row) }
            clearJoined()
            joined.append(row.bytes(row.first(slot)))
            isJoinedClean = false
            return refer(code, slot, row, at: index)
        case .joinedReference:
            let slot = join(code, row)
            return refer(code, slot, row, at: index)
        case .constant, .other: return fillOtherwise(code, row, at: index)
        }
    }

    /// The first of the slots that the document has, or -1.
    @inline(__always)
    func chosen(_ list: SlotList, _ row: RowView) -> Int {
        for index in Int(list.start)..<Int(list.start &+ list.count) {
            let slot = Int(code.slots[index])
            if row.first(slot) >= 0 { return slot }
        }
        return -1
    }

    /// Writes the field of a code where nothing is traced; false when it sets the row aside. `index` is its number in its
    /// entry, or nil within messages.
    @inline(__always)
    mutating func writeUntracedField(_ number: Int, _ row: RowView, at index: Int?) -> Bool {
        writeShortcut(number, row, at: index) ?? write(code.codes[number], row, at: index)
    }

    // Nil where the code has no shortcut for this row.
    @inline(__always)
    private mutating func writeShortcut(_ number: Int, _ row: RowView, at index: Int?) -> Bool? {
        let shortcut = code.shortcuts[number]
        guard shortcut.slot >= 0 else { return nil }
        let found = row.first(Int(shortcut.slot))
        guard found >= 0 else { return nil }
        let value = row.value(found)
        guard value.isPlain else { return nil }
        let raw = row.bytes(of: value)
        guard !raw.isEmpty else { return shortcut.passesEmpty ? true : nil }
        guard memo.remembers(Int(shortcut.step)), let words = ValueWords(raw) else {
            let code = code.codes[number]
            let result =
                code.operation == .lookup
                ? look(code, found, Int(shortcut.slot), row, at: index)
                : convert(raw, code, found, Int(shortcut.slot), row, at: index)
            return result == .written || finish(code, result, row, at: index)
        }
        let place = memo.place(of: words, Int(shortcut.step))
        guard memo.holds(words, at: place) else {
            let code = code.codes[number]
            let result = remember(words, at: place, code, found, Int(shortcut.slot), row, at: index)
            return result == .written || finish(code, result, row, at: index)
        }
        guard memo[place].isWritten else { return nil }
        copy(place, isNoted: shortcut.isNoted && index != nil, at: index ?? 0)
        return true
    }

    @inline(__always)
    private mutating func copy(_ place: Int, isNoted: Bool, at index: Int) {
        let start = body.count
        body.append(words: memo[place].field, count: Int(memo[place].size))
        guard isNoted else { return }
        payloads[index] = Payload(
            start: start &+ Int(memo[place].payload), end: body.count, number: Int64(memo[place].number),
            isText: memo[place].isText)
    }

    // A field of one value, copied from the memo where the value has been met before.
    @inline(__always)
    private mutating func fillRemembering(
        _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, at index: Int?
    ) -> FieldResult {
        let value = row.value(found)
        guard value.isPlain, trace == nil else { return fill(code, found, slot, row, at: index) }
        let raw = row.bytes(of: value)
        if raw.isEmpty { return .absent }
        let step = Int(code.step)
        guard memo.remembers(step), let words = ValueWords(raw) else {
            return fill(code, found, slot, row, at: index)
        }
        let place = memo.place(of: words, step)
        guard memo.holds(words, at: place) else {
            return remember(words, at: place, code, found, slot, row, at: index)
        }
        guard memo[place].isWritten else { return .absent }
        copy(place, isNoted: code.isNoted && index != nil, at: index ?? 0)
        return .written
    }

    @inline(never)
    private mutating func remember(
        _ value: ValueWords, at place: Int, _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, at index: Int?
    ) -> FieldResult {
        memo.miss(Int(code.step))
        let (start, problemCount) = (body.count, problems.count)
        let result = fill(code, found, slot, row, at: index)
        let size = body.count - start
        guard result == .written || result == .absent, problems.count == problemCount,
            size <= ValueMemo.longestField
        else { return result }
        let payload = code.isNoted ? index.map { payloads[$0] } ?? Payload() : Payload()
        guard let number = Int32(exactly: payload.number) else { return result }
        var made = ValueMemo.Place()
        made.field = body.words(from: start)
        made.size = UInt8(size)
        made.payload = UInt8(payload.isSet ? payload.start - start : size)
        made.number = number
        made.isText = payload.isText
        made.isWritten = result == .written
        memo.keep(value, made, at: place)
        return result
    }

    // A field of one value. Where the document has more of them, the first counts.
    @inline(never)
    private mutating func fill(
        _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, at index: Int?
    ) -> FieldResult {
        let result =
            code.operation == .lookup
            ? look(code, found, slot, row, at: index) : convert(code, found, slot, row, at: index)
        reportOthers(code, slot, row)
        return result
    }

    /// Converts one raw value into the field.
    @inline(__always)
    mutating func convert(
        _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, at index: Int?
    ) -> FieldResult {
        if trace != nil { noteReading(found, slot, code, row) }
        if row.isTooLong(found) { return refuseTooLong(code, found, slot, row) }
        return convert(row.bytes(found), code, found, slot, row, at: index)
    }

    // The same for a value that is known not to be too long, where nothing is traced.
    @inline(never)
    private mutating func convert(
        _ raw: Span<UInt8>, _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, at index: Int?
    ) -> FieldResult {
        let mark = begin(code)
        let outcome = code.machine.object { $0.convert(raw, into: &body) }
        return end(code, outcome, from: mark, found, slot, row, at: index)
    }

    private mutating func refuseTooLong(_ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView) -> FieldResult {
        let severity = self.code.steps[Int(code.step)].unusableSeverity
        reportValue(.mappingValueTooLong, code, found, slot, row, severity: severity)
        return .unusable
    }

    /// Looks one raw value up in the step's table.
    mutating func look(
        _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, at index: Int?
    ) -> FieldResult {
        if trace != nil { noteReading(found, slot, code, row) }
        if row.isTooLong(found) { return refuseTooLong(code, found, slot, row) }
        guard let table = code.table else { return .absent }
        return take(table.object { $0.value.find(row.bytes(found)) }, from: table, code, found, slot, row, at: index)
    }

    /// Takes what is in `joined` for the field: as it is, or as its table has it. `found` is the value that it was taken
    /// from, where it is one.
    mutating func takeJoined(
        _ code: StepCode, _ slot: Int, _ row: RowView, found: Int = -1, at index: Int?
    ) -> FieldResult {
        guard let table = code.table else { return convertJoined(code, slot, row, found: found, at: index) }
        return take(table.object { $0.value.find(joined) }, from: table, code, found, slot, row, at: index)
    }

    private mutating func take(
        _ given: LookupPlan.Found, from table: Pinned<Frozen<LookupPlan>>, _ code: StepCode, _ found: Int, _ slot: Int,
        _ row: RowView, at index: Int?
    ) -> FieldResult {
        switch given {
        case .value(let encoded):
            emit(code, encoded: encoded, at: index)
            return .written
        case .nothing: return .absent
        case .unlisted:
            let severity = self.code.steps[Int(code.step)].unusableSeverity
            reportValue(table.object { $0.value.unlistedKind }, code, found, slot, row, severity: severity)
            return .unusable
        }
    }

    // Writes the id of the record that what is in `joined` is the key of.
    private mutating func refer(_ code: StepCode, _ slot: Int, _ row: RowView, at index: Int?) -> FieldResult {
        if isJoinedClean, code.isPlainText {
            guard joined.count > 0, !NullWords.contains(joined) else { return .absent }
            let id =
                hashedBytes < 0
                ? identity.id(keyType: Int(code.argument), naturalKey: joined)
                : prefixHashes[Int(code.step)].digest(appending: joined, from: hashedBytes)
            emit(code, id: id.hexadecimalWords, at: index)
            return .written
        }
        natural.removeAll()
        let outcome = code.machine.object { $0.convert(joined, into: &natural) }
        if !outcome.issues.isEmpty { reportIssues(outcome, code, -1, slot, row) }
        switch outcome.result {
        case .text: break
        case .number: natural.append(decimal: outcome.number)
        case .empty, .nullWord: return .absent
        case .rejected: return .unusable
        }
        emit(code, id: identity.id(keyType: Int(code.argument), naturalKey: natural).hexadecimalWords, at: index)
        return .written
    }

    /// Converts what is in `joined` into the field. `found` is the value that it was taken from, where it is one.
    mutating func convertJoined(
        _ code: StepCode, _ slot: Int, _ row: RowView, found: Int = -1, at index: Int?
    ) -> FieldResult {
        if isJoinedClean, code.isPlainText, code.isText {
            guard joined.count > 0, !NullWords.contains(joined) else { return .absent }
            body.append(packed: code.tag, count: Int(code.tagSize))
            body.appendVarint(UInt64(joined.count))
            body.append(all: joined)
            note(code, index, body.count &- joined.count, 0, isText: true)
            return .written
        }
        let mark = begin(code)
        let outcome = code.machine.object { $0.convert(joined, into: &body) }
        return end(code, outcome, from: mark, found, slot, row, at: index)
    }

    // A text is converted into its place: behind its tag, and room for its length.
    @inline(__always)
    private mutating func begin(_ code: StepCode) -> Int {
        let mark = body.count
        guard code.isText else { return mark }
        // The byte behind a tag is zero.
        body.append(packed: code.tag, count: Int(code.tagSize &+ 1))
        return mark
    }

    @inline(__always)
    private mutating func end(
        _ code: StepCode, _ given: ValueOutcome, from mark: Int, _ found: Int, _ slot: Int, _ row: RowView,
        at index: Int?
    ) -> FieldResult {
        let outcome = code.is32Bit ? given.checked32Bit : given
        if !outcome.issues.isEmpty { reportIssues(outcome, code, found, slot, row) }
        if outcome.result == .text, code.isText {
            let length = body.count &- mark &- Int(code.tagSize) &- 1
            body.endMessage(mark &+ Int(code.tagSize))
            note(code, index, body.count &- length, 0, isText: true)
            return .written
        }
        body.truncate(to: mark)
        return emit(code, outcome, at: index)
    }
}

extension ValueOutcome {
    // Numbers of the wire are narrower than those of the machine in a few fields.
    fileprivate var checked32Bit: ValueOutcome {
        result == .number && Int32(exactly: number) == nil ? .rejected(.numberRange) : self
    }
}

extension FieldStep {
    /// How grave it is that a value cannot be used.
    var unusableSeverity: Severity { failure == .leaveOut ? .warning : .error }
}
