import CanonicalRecords
import Findings
import TextEncodings
import XMLFilings

/// Reads an XML filing for a program: follows the automaton, collects values, and fills blocks with complete rows.
struct FilingReading: ~Copyable, Sendable {
    var text: DocumentText
    var reader: XMLReader
    var rows: FilingRows
    let automaton: PathAutomaton
    private var unmapped = UnmappedNames()
    /// The values of the head, as far as they were read.
    private(set) var header: HeaderValues
    private var root: XMLNameID
    private let mapping: Mapping
    // Of the innermost open element that the automaton knows; -1 before the root.
    var state = -1
    // How many elements are open within one that it does not know.
    var depthBelow = 0
    var texts = OpenTexts()
    var plans = RunPlans()
    // The runs that the reader has passed over, the values of their attributes, and how many of the runs were taken.
    var passed = PlainArray<XMLRun>(capacity: 128)
    var passedAttributes = PlainArray<XMLStretch>(capacity: 256)
    var takenCount = 0
    let fieldSize: Int
    private let blockSize: Int
    private let headSlots: Set<Int>
    private let preferences: [[[Int]]]
    private var lateSlots: Set<Int> = []
    // Of the head, those with a second value that has been told.
    private var repeatedSlots: Set<Int> = []
    private var hasRows = false
    // The block is full, or the document refused.
    var isStopped = false
    private var needsBlock = true
    private var refusal: Finding?

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        self.mapping = mapping
        text = DocumentText(encoding: encoding)
        reader = XMLReader(
            limits: XMLLimits(depth: limits.depth, attributes: limits.attributes, valueSize: limits.fieldSize),
            skipsBlankText: true)
        let plan = mapping.code.filing
        rows = FilingRows(mapping.program, plan, limits: limits)
        header = HeaderValues(mapping.program)
        root = plan.introduce(to: &reader)
        automaton = plan.automaton
        fieldSize = limits.fieldSize
        blockSize = limits.blockSize ?? RowBlock.filingSize
        headSlots = plan.headSlots
        preferences = plan.preferences
    }

    /// Takes the next bytes of the document. No place before `oldest` will be asked for any more.
    mutating func append(_ bytes: Span<UInt8>, isLast: Bool, oldest: Int, in block: inout RowBlock) {
        settle(&block)
        text.feed(bytes, isLast: isLast, oldest: min(oldest, block.firstOffset, reader.offset), to: &reader)
    }

    /// Fills the block with rows.
    mutating func fill(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
        if needsBlock {
            needsBlock = false
            block.names = mapping.program.slots.map(\.name)
            rows.beginBlock(&block)
        }
        do throws(XMLFault) {
            while !isStopped {
                if takenCount < passed.count {
                    takeRuns(&block, &summary)
                    continue
                }
                reader.skipsBlankText = texts.isEmpty
                takenCount = 0
                passed.removeAll()
                if reader.passRuns(in: RunPlans.context(state: state, depthBelow: depthBelow)) > 0 {
                    Self.takePassed(reader, &passed, &passedAttributes)
                    continue
                }
                switch try reader.next() {
                case .needsInput: return needInput(&block)
                case .startElement: startElement(&block)
                case .text: takeText()
                case .endElement: endElement(&block, &summary)
                case .endOfDocument: return endDocument(&block, &summary)
                }
            }
        } catch {
            var finding = error.finding
            finding.place = finding.place.map { text.original($0) }
            refuse(finding)
        }
        settle(&block)
        if let refusal { return .refused(refusal) }
        return endBlock(&block)
    }

    private mutating func refuse(_ finding: Finding) {
        refusal = finding
        isStopped = true
    }

    private mutating func needInput(_ block: inout RowBlock) -> ReadingState {
        guard let refusal = text.refusal else { return .needsInput }
        settle(&block)
        return .refused(refusal)
    }

    // Before the reader drops what it has read.
    private mutating func settle(_ block: inout RowBlock) {
        texts.settle(&reader, rows.pending)
        rows.settle(reader, in: &block)
    }

    private mutating func endBlock(_ block: inout RowBlock) -> ReadingState {
        isStopped = false
        needsBlock = true
        rows.endBlock(&block)
        return .full
    }

    private mutating func endDocument(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
        settle(&block)
        readHeader(&block, &summary)
        for note in text.takeNotes(before: .max) { block.note(note) }
        if let finding = header.missingScope(mapping.program) { return .refused(finding) }
        summary.unmapped = unmapped.paths
        noteRenamed(&block)
        return .ended
    }

    private func noteRenamed(_ block: inout RowBlock) {
        guard rows.rowCount >= RenamedPaths.tellingRows else { return }
        let met = rows.metSlots
        for (missing, others) in RenamedPaths(mapping.program, unmapped: unmapped.paths, wasMet: { met[$0] }).suspects {
            let others = others.map(ShownText.value)
            block.note(
                Finding(
                    .mappingPathMissing, field: missing.name,
                    arguments: [
                        missing.name, String(rows.rowCount), missing.field, others.joined(separator: "、"),
                        others.joined(separator: ", "),
                    ]))
        }
    }

    private mutating func readHeader(_ block: inout RowBlock, _ summary: inout ConversionSummary) {
        header.read(mapping.program, into: &summary) { rows.value($0, in: block) }
    }

    // MARK: Elements

    private mutating func startElement(_ block: inout RowBlock) {
        guard depthBelow == 0 else {
            depthBelow += 1
            return
        }
        guard state >= 0 else { return startRoot(&block) }
        let next = automaton.next(state, reader.name)
        guard next >= 0 else {
            depthBelow = 1
            unmapped.note(element: reader.name, in: state, automaton, reader)
            return
        }
        state = next
        begin(next, at: reader.offset, &block)
        takeAttributes(&block)
    }

    private mutating func startRoot(_ block: inout RowBlock) {
        guard reader.name == root else {
            let found = ElementName(
                namespace: reader.namespace(of: reader.name), local: reader.local(of: reader.name))
            let wanted = mapping.program.reads.root?.displayed ?? ""
            return refuse(
                Finding(
                    .mappingMismatch, at: text.original(reader.place),
                    arguments: [mapping.id, found.displayed, wanted]))
        }
        state = 0
        begin(0, at: reader.offset, &block)
        takeAttributes(&block)
    }

    // A start tag at an offset leads to the state.
    mutating func begin(_ next: Int, at offset: Int, _ block: inout RowBlock) {
        let plan = automaton.states[next]
        guard plan.isPlaced else { return }
        // The text is kept from here on if it is not kept already; the place of a row is asked for with every record.
        if rows.pending.isEmpty { rows.beginText(at: reader.place(ofOffset: offset)) }
        let place = plan.hasRows ? reader.place(ofOffset: offset) : .start
        for index in plan.scopes.range { rows.begin(Int(automaton.scopes[index]), at: place, in: &block) }
        if plan.textSlots.count > 0 { texts.begin(at: offset) }
    }

    private mutating func takeAttributes(_ block: inout RowBlock) {
        for index in 0..<reader.attributeCount {
            if let taking = automaton.slots(state, attribute: reader.attributeName(index)) {
                takeAttribute(index, taking, &block)
            } else {
                unmapped.note(attribute: reader.attributeName(index), in: state, automaton, reader)
            }
        }
    }

    private mutating func takeAttribute(_ index: Int, _ taking: PathAutomaton.Stretch, _ block: inout RowBlock) {
        let value = reader.attributeStretch(index)
        for position in taking.range {
            let slot = automaton.slots[position]
            if rows.isHead(Int(slot)) { takeHead(value, slot, &block) } else { take(value, slot, &block) }
        }
    }

    @inline(__always)
    mutating func take(_ value: XMLStretch, _ slot: Int32, _ block: inout RowBlock) {
        if rows.isLate(Int(slot)) { noteLate(Int(slot), text.original(reader.place(ofOffset: value.origin)), &block) }
        if value.isLiteral {
            rows.add(literal: value.start, value.end, to: Int(slot), at: value.origin, in: &block)
        } else {
            Self.add(reader, value, to: Int(slot), at: .text(value.origin), of: &rows, in: &block)
        }
    }

    mutating func takeHead(_ value: XMLStretch, _ slot: Int32, _ block: inout RowBlock) {
        guard !isRepeated(Int(slot)) else { return }
        let place = text.original(reader.place(ofOffset: value.origin))
        if rows.has(Int(slot)) { return noteRepeated(Int(slot), place, &block) }
        checkLate(Int(slot), place, &block)
        Self.add(reader, value, to: Int(slot), at: .known(place, isOriginal: true), of: &rows, in: &block)
    }

    private mutating func takeText() {
        guard depthBelow == 0, state >= 0, automaton.states[state].textSlots.count > 0 else { return }
        let stretch = reader.textStretch
        if rows.pending.isEmpty {
            rows.beginText(at: reader.place(ofOffset: stretch.isLiteral ? stretch.start : stretch.origin))
        }
        texts.take(reader, stretch, limit: fieldSize)
    }

    private mutating func endElement(_ block: inout RowBlock, _ summary: inout ConversionSummary) {
        guard depthBelow == 0 else {
            depthBelow -= 1
            return
        }
        guard state >= 0 else { return }
        let ended = state
        state = automaton.parent(ended)
        end(ended, at: reader.offset, &block, &summary)
    }

    // The element of a state ends, where the last tag that was read begins at an offset.
    mutating func end(
        _ state: Int, at offset: Int, _ block: inout RowBlock, _ summary: inout ConversionSummary
    ) {
        let plan = automaton.states[state]
        if plan.textSlots.count > 0 { finishText(plan.textSlots, &block) }
        for index in plan.scopes.range.reversed() {
            finish(Int(automaton.scopes[index]), at: offset, &block, &summary)
        }
    }

    private mutating func finishText(_ taking: PathAutomaton.Stretch, _ block: inout RowBlock) {
        let one = texts.end()
        let known = texts.place(one)
        for index in taking.range {
            let slot = Int(automaton.slots[index])
            var origin = known.map { FilingRows.Origin.known($0, isOriginal: false) } ?? .text(one.offset)
            if rows.isHead(slot) {
                if isRepeated(slot) { continue }
                let place = text.original(known ?? place(of: one.offset))
                if rows.has(slot) {
                    noteRepeated(slot, place, &block)
                    continue
                }
                checkLate(slot, place, &block)
                origin = .known(place, isOriginal: true)
            } else if rows.isLate(slot) {
                noteLate(slot, text.original(known ?? place(of: one.offset)), &block)
            }
            if one.start >= 0, !rows.isHead(slot), known == nil {
                rows.add(literal: one.start, one.end, to: slot, at: one.offset, in: &block)
            } else if one.start >= 0 {
                Self.add(reader, one, to: slot, at: origin, of: &rows, in: &block)
            } else {
                Self.add(texts, one, to: slot, at: origin, of: &rows, in: &block)
            }
        }
        texts.drop(one)
    }

    private func place(of offset: Int) -> SourcePlace {
        guard let start = rows.pending.start else { return .start }
        var tracker = PlaceTracker(at: start)
        return rows.pending.place(of: offset, from: &tracker, reader)
    }

    mutating func finish(
        _ scope: Int, at offset: Int, _ block: inout RowBlock, _ summary: inout ConversionSummary
    ) {
        rows.completeNested(of: scope, in: &block)
        if rows.end(scope, in: &block) { finishRow(scope, at: offset, &block, &summary) }
    }

    private mutating func finishRow(
        _ scope: Int, at offset: Int, _ block: inout RowBlock, _ summary: inout ConversionSummary
    ) {
        if text.hasNotes {
            for note in text.takeNotes(before: offset) { block.note(note) }
        }
        if !hasRows {
            hasRows = true
            settle(&block)
            readHeader(&block, &summary)
            if let finding = header.missingScope(mapping.program) { return refuse(finding) }
        }
        rows.endRow(scope, in: &block)
        // The reader may be ahead by some runs; then it has ended this one.
        if takenCount == passed.count { reader.endRun() }
        guard rows.valueBytes >= blockSize || block.events.count >= RowBlock.eventLimit else { return }
        // Between rows there is nothing to carry over; within one it is done when it must be.
        isStopped = !rows.isInScope || rows.valueBytes >= 4 * blockSize
    }

    // A second value of the head is told once, and not looked at: the first counts.
    private func isRepeated(_ slot: Int) -> Bool { rows.has(slot) && repeatedSlots.contains(slot) }

    private mutating func noteRepeated(_ slot: Int, _ original: SourcePlace, _ block: inout RowBlock) {
        repeatedSlots.insert(slot)
        let name = mapping.program.slots[slot].name
        block.note(Finding(.mappingValueRepeated, at: original, field: name, arguments: [name]))
    }

    // A value of the head that comes behind records was not there for them.
    private mutating func checkLate(_ slot: Int, _ original: SourcePlace, _ block: inout RowBlock) {
        guard hasRows, headSlots.contains(slot), lateSlots.insert(slot).inserted else { return }
        noteLate(slot, original, &block)
    }

    // Where the records have got what is preferred to it, nothing was missed.
    private mutating func noteLate(_ slot: Int, _ original: SourcePlace, _ block: inout RowBlock) {
        guard preferences[slot].contains(where: { preferred in !preferred.contains { rows.has($0) } }) else { return }
        let name = mapping.program.slots[slot].name
        block.note(Finding(.mappingHeaderLate, at: original, field: name, arguments: [name]))
    }
}
