import CanonicalRecords
import Findings

// Values that are made of several, and messages within a record.
extension RecordWriter {
    mutating func fillByJoining(
        _ code: StepCode, _ row: RowView, at index: Int?
    ) -> FieldResult {
        if code.tailOf >= 0, code.tailOf == joinedStep, isJoinedClean, trace == nil {
            return fillWithTail(code, at: index)
        }
        let slot = join(code, row)
        return joined.count == 0 ? .absent : convertJoined(code, slot, row, at: index)
    }

    // The text is at the end of `joined` already, and clean.
    private mutating func fillWithTail(_ code: StepCode, at index: Int?) -> FieldResult {
        // Without a part that has a value there is no separator either.
        let isBehindOthers = joinedTail > 0 && joinedTail < joined.count
        let range = (isBehindOthers ? joinedTail &+ 1 : joinedTail)..<joined.count
        guard !range.isEmpty, !NullWords.contains(joined, range) else { return .absent }
        body.append(packed: code.tag, count: Int(code.tagSize))
        body.appendVarint(UInt64(range.count))
        body.append(joined, range)
        note(code, index, body.count &- range.count, 0, isText: true)
        return .written
    }

    /// Empties `joined`.
    @inline(__always)
    mutating func clearJoined() {
        joined.removeAll()
        joinedStep = -1
        hashedBytes = -1
    }

    /// Fills `joined` with the parts that have a value; gives the slot to name in findings.
    mutating func join(_ code: StepCode, _ row: RowView) -> Int {
        clearJoined()
        isJoinedClean = true
        let range = Int(code.slots.start)..<Int(code.slots.start &+ code.slots.count)
        guard code.hasAlternatives else {
            var index = range.lowerBound
            if code.repeatedParts > 0, trace == nil { index = joinRepeated(code, row) }
            joinParts(index..<range.upperBound, code, row)
            joinedStep = code.step
            return range.isEmpty ? 0 : Int(self.code.slots[range.lowerBound])
        }
        var first = -1
        for part in range {
            let list = self.code.parts[part]
            if first < 0, list.count > 0 { first = Int(self.code.slots[Int(list.start)]) }
            let slot = chosen(list, row)
            guard slot >= 0 else { continue }
            reportOthers(code, slot, row)
            join(slot, code, row)
        }
        return max(0, first)
    }

    // Adds the first parts, which most rows have of the row above; gives the index behind theirs.
    @inline(__always)
    private mutating func joinRepeated(_ code: StepCode, _ row: RowView) -> Int {
        let first = Int(code.slots.start)
        let end = first &+ Int(code.repeatedParts)
        let key = JoinPrefix.Key(
            first: place(ofPart: 0, code, row), second: place(ofPart: 1, code, row), third: place(ofPart: 2, code, row))
        let step = Int(code.step)
        if prefixes[step].block == blocks, prefixes[step].key == key {
            let size = Int(prefixes[step].size)
            joined.append(words: prefixes[step].text, count: min(32, size))
            if size > 32 { joined.append(words: prefixes[step].rest, count: size &- 32) }
            joinedTail = Int(prefixes[step].tail)
            isJoinedClean = prefixes[step].isClean
            if prefixes[step].isHashed { hashedBytes = size }
        } else {
            joinParts(first..<end, code, row)
            keepPrefix(key, code)
        }
        return end
    }

    // Where the value of one of the first parts is in the block; zero where there is none.
    @inline(__always)
    private func place(ofPart part: Int, _ code: StepCode, _ row: RowView) -> UInt64 {
        guard part < Int(code.repeatedParts) else { return 0 }
        let found = row.first(Int(self.code.slots[Int(code.slots.start) &+ part]))
        return found < 0 ? 0 : row.value(found).place
    }

    private mutating func keepPrefix(_ key: JoinPrefix.Key, _ code: StepCode) {
        guard joined.count <= JoinPrefix.mostBytes else { return }
        let step = Int(code.step)
        prefixes[step] = JoinPrefix(
            block: blocks, key: key, text: joined.words(from: 0), rest: joined.words(from: min(32, joined.count)),
            size: UInt8(joined.count), tail: UInt8(truncatingIfNeeded: joinedTail), isClean: isJoinedClean)
        // Clean text is hashed as it is.
        guard code.operation == .joinedReference, code.isPlainText, isJoinedClean else { return }
        prefixHashes[step] = identity.hash(keyType: Int(code.argument), beginning: joined)
        prefixes[step].isHashed = true
        hashedBytes = joined.count
    }

    // Adds the values of a range of the code's slots.
    @inline(__always)
    private mutating func joinParts(_ range: Range<Int>, _ code: StepCode, _ row: RowView) {
        let tail = Int(code.slots.start &+ code.tailPart)
        for index in range {
            if index == tail { joinedTail = joined.count }
            join(Int(self.code.slots[index]), code, row)
        }
    }

    // Adds the value of a slot, where it has one.
    @inline(__always)
    private mutating func join(_ slot: Int, _ code: StepCode, _ row: RowView) {
        let found = row.first(slot)
        guard found >= 0 else { return }
        if trace != nil { noteReading(found, slot, code, row) }
        let before = joined.count
        if before > 0 { joined.append(code.separator) }
        addPart(row.bytes(found), from: before)
    }

    // Adds a part to `joined`; without a value, takes back what was added from `start` on.
    @inline(__always)
    private mutating func addPart(_ raw: Span<UInt8>, from start: Int) {
        let before = joined.count
        if memo.isOpen, let value = ValueWords(raw) {
            // All parts are the same kind of text, so they share the places behind those of the steps.
            let place = memo.place(of: value, code.steps.count)
            if memo.holds(value, at: place) {
                joined.append(words: memo[place].field, count: Int(memo[place].size))
                isJoinedClean = isJoinedClean && memo[place].isText
            } else {
                remember(part: raw, value, at: place)
            }
        } else if !raw.isEmpty {
            isJoinedClean = false
            _ = TextValue.convert(raw, keepLineBreaks: false, into: &joined)
        }
        if joined.count == before { joined.truncate(to: start) }
    }

    @inline(never)
    private mutating func remember(part raw: Span<UInt8>, _ value: ValueWords, at place: Int) {
        let before = joined.count
        _ = TextValue.convert(raw, keepLineBreaks: false, into: &joined)
        let trimmed = TextValue.trimBlanks(raw)
        let isClean = !trimmed.isEmpty && TextValue.isClean(trimmed)
        isJoinedClean = isJoinedClean && isClean
        guard joined.count - before <= ValueMemo.longestField else { return }
        var made = ValueMemo.Place()
        made.field = joined.words(from: before)
        made.size = UInt8(joined.count - before)
        made.isText = isClean
        memo.keep(value, made, at: place)
    }

    /// Fills `joined` with the parts that have a value.
    mutating func join(
        _ parts: [[Int]], _ separator: [UInt8], _ code: StepCode, _ row: RowView
    ) {
        clearJoined()
        isJoinedClean = false
        for slots in parts {
            let slot = chosen(slots, row)
            guard slot >= 0 else { continue }
            reportOthers(code, slot, row)
            if trace != nil { noteReading(row.first(slot), slot, code, row) }
            let before = joined.count
            if before > 0 { joined.append(separator) }
            addPart(row.bytes(row.first(slot)), from: before)
        }
    }

    /// The first of the slots that the document has, or -1.
    func chosen(_ slots: [Int], _ row: RowView) -> Int {
        for slot in slots where row.first(slot) >= 0 { return slot }
        return -1
    }

    /// Fills a field in any way that has no operation of its own.
    mutating func fillOtherwise(
        _ code: StepCode, _ row: RowView, at index: Int?
    ) -> FieldResult {
        switch self.code.steps[Int(code.step)].source {
        case .constant(let value):
            emit(code, encoded: value.payload, at: index)
            return .written
        case .slots(let slots): return fillList(code, slots, row)
        case .join(let parts, let separator):
            join(parts, separator, code, row)
            return joined.count == 0 ? .absent : takeJoined(code, parts.first?.first ?? 0, row, at: index)
        case .split(let slots, let separators): return split(code, slots, separators, row)
        case .identity(let type, let parts):
            if code.isRepeated { return fillReferences(code, type, parts, row) }
            let result = readKey(parts, code, row)
            guard result == .written else { return result }
            emit(code, id: identity.id(type: type, naturalKey: natural).hexadecimalWords, at: index)
            return .written
        case .nested(let plan): return writeNested(code, plan)
        case .groups: return writeGroups(code, row)
        // It has an operation.
        case .keyOf: return .absent
        }
    }

    // All values of a slot, one element of the list for each.
    private mutating func fillList(
        _ code: StepCode, _ slots: [Int], _ row: RowView
    ) -> FieldResult {
        let slot = chosen(slots, row)
        guard slot >= 0 else { return .absent }
        let isLookup = self.code.steps[Int(code.step)].lookup != nil
        var found = row.first(slot)
        let mark = beginPacked(code)
        var result = FieldResult.absent
        while found >= 0 {
            let one =
                isLookup
                ? look(code, found, slot, row, at: nil) : convert(code, found, slot, row, at: nil)
            if result == .absent || one == .unusable { result = one }
            found = row.next(found)
        }
        endPacked(mark)
        return result
    }

    // Each piece of each value is one element of a list.
    private mutating func split(
        _ code: StepCode, _ slots: [Int], _ separators: [[UInt8]], _ row: RowView
    ) -> FieldResult {
        let slot = chosen(slots, row)
        guard slot >= 0 else { return .absent }
        var found = row.first(slot)
        let mark = beginPacked(code)
        var result = FieldResult.absent
        while found >= 0 {
            if trace != nil { noteReading(found, slot, code, row) }
            for piece in Self.pieces(of: row.bytes(found), separators) {
                clearJoined()
                joined.append(piece)
                isJoinedClean = false
                let one = takeJoined(code, slot, row, found: found, at: nil)
                if result == .absent || one == .unusable { result = one }
            }
            found = row.next(found)
        }
        endPacked(mark)
        return result
    }

    /// What stands between the separators.
    static func pieces(of bytes: Span<UInt8>, _ separators: [[UInt8]]) -> [[UInt8]] {
        let whole = bytes.withUnsafeBufferPointer { Array($0) }
        var pieces: [[UInt8]] = []
        var start = 0
        var index = 0
        while index < whole.count {
            let length = separators.first { whole[index...].starts(with: $0) }?.count ?? 0
            if length > 0 {
                pieces.append(Array(whole[start..<index]))
                start = index + length
            }
            index += max(1, length)
        }
        return pieces + [Array(whole[start...])]
    }
}

// Messages that are made from elements within the row's.
extension RecordWriter {
    /// Ends an instance of a nested scope: its message waits for the record around it.
    mutating func finishNested(_ plan: Int, _ row: RowView) {
        guard !nested[plan].isFull else { return }
        body.removeAll()
        for index in code.nested[plan] where !writeNestedField(index, row) { nested[plan].hasFailed = true }
        if trace != nil { trace?.endNested(plan) }
        guard nested[plan].bytes.count + body.count <= limits.recordSize else {
            report(.mappingRecordTooLarge, about: row, arguments: [program.nested[plan].name, "\(limits.recordSize)"])
            nested[plan].hasFailed = true
            nested[plan].isFull = true
            return
        }
        nested[plan].bytes.append(body, 0..<body.count)
        nested[plan].ends.append(nested[plan].bytes.count)
    }

    private mutating func writeNestedField(_ index: Int, _ row: RowView) -> Bool {
        trace == nil ? writeUntracedField(index, row, at: nil) : write(code.codes[index], row, at: nil)
    }

    /// Begins an instance of a scope: what its nested scopes gave before belongs to others.
    mutating func beginScope(_ scope: Int) {
        for plan in program.nested.indices where program.nested[plan].parent == scope {
            nested[plan].bytes.removeAll(keepingCapacity: true)
            nested[plan].ends.removeAll(keepingCapacity: true)
            nested[plan].hasFailed = false
            nested[plan].isFull = false
        }
    }

    mutating func writeNested(_ code: StepCode, _ plan: Int) -> FieldResult {
        if trace != nil { trace?.takeNested(plan) }
        if nested[plan].hasFailed { return .followsFailure }
        var start = 0
        for index in nested[plan].ends.indices {
            let end = nested[plan].ends[index]
            body.append(packed: code.tag, count: Int(code.tagSize))
            body.appendVarint(UInt64(end - start))
            body.append(nested[plan].bytes, start..<end)
            start = end
        }
        return nested[plan].ends.isEmpty ? .absent : .written
    }

    /// Writes messages that are made from the same row; one without any value of the document is left out.
    mutating func writeGroups(_ code: StepCode, _ row: RowView) -> FieldResult {
        var result = FieldResult.absent
        for range in self.code.groups[Int(code.argument)] {
            let before = body.count
            body.append(packed: code.tag, count: Int(code.tagSize))
            let mark = body.beginDelimited()
            var hasValue = false
            for index in range {
                let inner = self.code.codes[index]
                let start = body.count
                guard write(inner, row, at: nil) else { return .followsFailure }
                if body.count > start, inner.operation != .constant { hasValue = true }
            }
            if hasValue {
                body.endMessage(mark)
                result = .written
            } else {
                body.truncate(to: before)
            }
        }
        return result
    }
}
