import CanonicalRecords
import Findings
import TextEncodings
import XMLFilings

/// Reads an XML filing for a program: follows the automaton, collects values, and fills blocks with complete rows.
struct FilingReading: ~Copyable, Sendable {
    var text: DocumentText
    private var reader: XMLReader
    private var rows: FilingRows
    private var automaton: PathAutomaton
    private var unmapped = UnmappedNames()
    private var header: HeaderValues
    private var root: XMLNameID
    private let mapping: Mapping
    private let scopes: [ScopePlan]
    // By scope: whether it collects the messages of nested ones.
    private let collectsMessages: [Bool]
    // Open elements that the automaton knows, outermost first.
    private var states: [Int] = []
    // How many elements are open within one that it does not know.
    private var depthBelow = 0
    private var texts = OpenTexts()
    private let fieldSize: Int
    private let blockSize: Int
    private let headSlots: Set<Int>
    private var lateSlots: Set<Int> = []
    private var hasRows = false
    // The block is full, or the document refused.
    private var isStopped = false
    private var needsBlock = true
    private var piece: [UInt8] = []
    private var refusal: Finding?

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        self.mapping = mapping
        scopes = mapping.program.scopes
        let parents = Set(mapping.program.nested.map(\.parent))
        collectsMessages = mapping.program.scopes.indices.map { parents.contains($0) }
        text = DocumentText(encoding: encoding)
        reader = XMLReader(
            limits: XMLLimits(depth: limits.depth, attributes: limits.attributes, valueSize: limits.fieldSize),
            skipsBlankText: true)
        rows = FilingRows(mapping.program, limits: limits)
        header = HeaderValues(mapping.program)
        let name = mapping.program.reads.root ?? ElementName(namespace: "", local: "")
        root = reader.intern(namespace: name.namespace, local: name.local)
        automaton = PathAutomaton(mapping.program)
        automaton.bind(to: &reader)
        fieldSize = limits.fieldSize
        blockSize = limits.blockSize
        headSlots = mapping.program.headSlotsOfRecords
    }

    /// Takes the next bytes of the document. No place before `oldest` will be asked for any more.
    mutating func append(_ bytes: Span<UInt8>, isLast: Bool, oldest: Int, in block: inout RowBlock) {
        settle(&block)
        text.decode(bytes, into: &piece, isLast: isLast, oldest: min(oldest, block.firstOffset, reader.offset))
        Self.append(piece, to: &reader)
        if isLast, text.refusal == nil { reader.endInput() }
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
                switch try reader.next() {
                case .needsInput: return needInput(&block)
                case .startElement: startElement(&block)
                case .text: takeText()
                case .endElement: endElement(&block, &summary)
                case .endOfDocument: return end(&block, &summary)
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
        texts.settle(reader, rows.pending)
        rows.settle(reader, in: &block)
    }

    /// The numbers of the head, as far as they were read.
    var headerTexts: [String?] { header.texts }

    private mutating func endBlock(_ block: inout RowBlock) -> ReadingState {
        isStopped = false
        needsBlock = true
        rows.endBlock(&block)
        return .full
    }

    private mutating func end(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
        settle(&block)
        readHeader(&block, &summary)
        for note in text.takeNotes(before: .max) { block.note(note) }
        summary.unmapped = unmapped.paths
        return .ended
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
        guard let around = states.last else { return startRoot(&block) }
        let state = automaton.next(around, reader.name)
        guard state >= 0 else {
            depthBelow = 1
            unmapped.note(element: reader.name, in: around, automaton, reader)
            return
        }
        enter(state, &block)
    }

    private mutating func startRoot(_ block: inout RowBlock) {
        guard reader.name == root else {
            let found = "{\(reader.namespace(of: reader.name))}\(reader.local(of: reader.name))"
            return refuse(Finding(.mappingMismatch, at: text.original(reader.place), arguments: [mapping.id, found]))
        }
        enter(0, &block)
    }

    private mutating func enter(_ state: Int, _ block: inout RowBlock) {
        states.append(state)
        let plan = automaton.states[state]
        // The text is kept from here on if it is not kept already; the place of a row is asked for with every record.
        if plan.isPlaced, rows.pending.isEmpty || plan.scopes.count > 0 {
            let place = reader.place
            rows.beginText(at: place)
            for index in plan.scopes.range {
                let scope = Int(automaton.scopes[index])
                rows.begin(
                    scope, isRow: scopes[scope].isRow, collectsMessages: collectsMessages[scope], at: place, in: &block)
            }
        }
        for index in 0..<reader.attributeCount { takeAttribute(index, state, &block) }
        guard plan.textSlots.count > 0 else { return }
        texts.begin(at: reader.offset)
        reader.skipsBlankText = false
    }

    private mutating func takeAttribute(_ index: Int, _ state: Int, _ block: inout RowBlock) {
        guard let taking = automaton.slots(state, attribute: reader.attributeName(index)) else {
            return unmapped.note(attribute: reader.attributeName(index), in: state, automaton, reader)
        }
        let range = reader.attributeValueRange(index)
        for position in taking.range {
            let slot = Int(automaton.slots[position])
            var origin = FilingRows.Origin.text(reader.attributeOffset(index))
            if rows.isHead(slot) {
                let place = text.original(reader.attributePlace(index))
                checkLate(slot, place, &block)
                origin = .known(place, isOriginal: true)
            }
            if let range {
                rows.add(literal: range, to: slot, at: origin, in: &block)
            } else {
                Self.add(reader, attribute: index, to: slot, at: origin, of: &rows, in: &block)
            }
        }
    }

    private mutating func takeText() {
        guard depthBelow == 0, let state = states.last, automaton.states[state].textSlots.count > 0 else { return }
        if rows.pending.isEmpty { rows.beginText(at: reader.place) }
        texts.take(reader, limit: fieldSize)
    }

    private mutating func endElement(_ block: inout RowBlock, _ summary: inout ConversionSummary) {
        guard depthBelow == 0 else {
            depthBelow -= 1
            return
        }
        guard let state = states.popLast() else { return }
        let plan = automaton.states[state]
        if plan.textSlots.count > 0 { finishText(plan.textSlots, &block) }
        for index in plan.scopes.range.reversed() { finish(Int(automaton.scopes[index]), &block, &summary) }
    }

    private mutating func finishText(_ taking: PathAutomaton.Stretch, _ block: inout RowBlock) {
        let one = texts.end()
        if texts.isEmpty { reader.skipsBlankText = true }
        for index in taking.range {
            let slot = Int(automaton.slots[index])
            var origin = one.known.map { FilingRows.Origin.known($0, isOriginal: false) } ?? .text(one.offset)
            if rows.isHead(slot) {
                let place = text.original(place(of: one))
                checkLate(slot, place, &block)
                origin = .known(place, isOriginal: true)
            }
            if let range = one.range {
                rows.add(literal: range, to: slot, at: origin, in: &block)
            } else {
                Self.add(texts, one, to: slot, at: origin, of: &rows, in: &block)
            }
        }
        texts.drop(one)
    }

    private func place(of one: OpenTexts.One) -> SourcePlace {
        guard one.known == nil, let start = rows.pending.start else { return one.known ?? .start }
        var tracker = PlaceTracker(at: start)
        return rows.pending.place(of: one.offset, from: &tracker, reader)
    }

    private mutating func finish(_ scope: Int, _ block: inout RowBlock, _ summary: inout ConversionSummary) {
        for nested in scopes[scope].nested { rows.complete(.nested, nested, in: &block) }
        let isRow = scopes[scope].isRow
        if isRow {
            for note in text.takeNotes(before: reader.offset) { block.note(note) }
            if !hasRows {
                hasRows = true
                settle(&block)
                readHeader(&block, &summary)
            }
            rows.complete(.row, scope, in: &block)
        }
        rows.end(isRow: isRow)
        guard isRow, rows.valueBytes >= blockSize || block.events.count >= RowBlock.eventLimit else { return }
        // Between rows there is nothing to carry over; within one it is done when it must be.
        isStopped = !rows.isInScope || rows.valueBytes >= 4 * blockSize
    }

    // A value of the head that comes behind records was not there for them.
    private mutating func checkLate(_ slot: Int, _ original: SourcePlace, _ block: inout RowBlock) {
        guard hasRows, headSlots.contains(slot), !rows.has(slot), lateSlots.insert(slot).inserted else { return }
        let name = mapping.program.slots[slot].name
        block.note(Finding(.mappingHeaderLate, at: original, field: name, arguments: [name]))
    }
}

// Spans borrow the whole value that they come from, so what is read and what is written are handed over apart.
extension FilingReading {
    private static func append(_ text: [UInt8], to reader: inout XMLReader) {
        reader.append(text.span)
    }

    private static func add(
        _ reader: borrowing XMLReader, attribute index: Int, to slot: Int, at origin: FilingRows.Origin,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(reader.attributeValue(index), to: slot, at: origin, isTooLong: false, in: &block)
    }

    private static func add(
        _ texts: borrowing OpenTexts, _ one: OpenTexts.One, to slot: Int, at origin: FilingRows.Origin,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(texts.bytes(one), to: slot, at: origin, isTooLong: one.isTooLong, in: &block)
    }
}
