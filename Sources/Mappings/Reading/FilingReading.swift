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
    private var captures: [Capture] = []
    private var captured: [UInt8] = []
    private let fieldSize: Int
    private let blockSize: Int
    private let headSlots: Set<Int>
    private var lateSlots: Set<Int> = []
    private var hasRows = false
    private var isBlockFull = false
    private var needsBlock = true
    private var piece: [UInt8] = []
    private var refusal: Finding?

    // An open element whose text is wanted.
    private struct Capture {
        var start: Int
        var place: SourcePlace
        var isTooLong = false
    }

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
        text.decode(bytes, into: &piece, isLast: isLast, oldest: min(oldest, block.firstOffset, reader.place.offset))
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
            while true {
                if let refusal { return .refused(refusal) }
                if isBlockFull { return endBlock(&block) }
                switch try reader.next() {
                case .needsInput: return text.refusal.map { .refused($0) } ?? .needsInput
                case .startElement: startElement(&block)
                case .text: takeText()
                case .endElement: endElement(&block, &summary)
                case .endOfDocument: return end(&block, &summary)
                }
            }
        } catch {
            var finding = error.finding
            finding.place = finding.place.map { text.original($0) }
            return .refused(finding)
        }
    }

    /// The numbers of the head, as far as they were read.
    var headerTexts: [String?] { header.texts }

    private mutating func endBlock(_ block: inout RowBlock) -> ReadingState {
        isBlockFull = false
        needsBlock = true
        rows.endBlock(&block)
        return .full
    }

    private mutating func end(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
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
            refusal = Finding(.mappingMismatch, at: text.original(reader.place), arguments: [mapping.id, found])
            return
        }
        enter(0, &block)
    }

    private mutating func enter(_ state: Int, _ block: inout RowBlock) {
        states.append(state)
        let plan = automaton.states[state]
        let place = plan.isPlaced ? reader.place : SourcePlace.start
        for index in plan.scopes.range {
            let scope = Int(automaton.scopes[index])
            rows.begin(
                scope, isRow: scopes[scope].isRow, collectsMessages: collectsMessages[scope], at: place, in: &block)
        }
        for index in 0..<reader.attributeCount {
            guard let taking = automaton.slots(state, attribute: reader.attributeName(index)) else {
                unmapped.note(attribute: reader.attributeName(index), in: state, automaton, reader)
                continue
            }
            let place = reader.attributePlace(index)
            for position in taking.range { addAttribute(index, to: Int(automaton.slots[position]), at: place, &block) }
        }
        guard plan.textSlots.count > 0 else { return }
        captures.append(Capture(start: captured.count, place: place))
        reader.skipsBlankText = false
    }

    private mutating func takeText() {
        guard depthBelow == 0, let state = states.last, automaton.states[state].textSlots.count > 0 else { return }
        let last = captures.count - 1
        guard captured.count - captures[last].start + reader.text.count <= fieldSize else {
            captures[last].isTooLong = true
            return
        }
        Self.append(reader, to: &captured)
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
        let capture = captures.removeLast()
        if captures.isEmpty { reader.skipsBlankText = true }
        for index in taking.range {
            let slot = Int(automaton.slots[index])
            let isHead = checkLate(slot, capture.place, &block)
            let place = isHead ? text.original(capture.place) : capture.place
            Self.add(captured, capture, to: slot, at: place, isOriginal: isHead, of: &rows, in: &block)
        }
        captured.removeSubrange(capture.start...)
    }

    private mutating func addAttribute(_ index: Int, to slot: Int, at place: SourcePlace, _ block: inout RowBlock) {
        let isHead = checkLate(slot, place, &block)
        let place = isHead ? text.original(place) : place
        Self.add(reader, attribute: index, to: slot, at: place, isOriginal: isHead, of: &rows, in: &block)
    }

    private mutating func finish(_ scope: Int, _ block: inout RowBlock, _ summary: inout ConversionSummary) {
        for nested in scopes[scope].nested { rows.complete(.nested, nested, in: &block) }
        let isRow = scopes[scope].isRow
        if isRow {
            for note in text.takeNotes(before: reader.place.offset) { block.note(note) }
            if !hasRows {
                hasRows = true
                readHeader(&block, &summary)
            }
            rows.complete(.row, scope, in: &block)
        }
        rows.end(isRow: isRow)
        guard isRow, block.bytes.count >= blockSize || block.events.count >= RowBlock.eventLimit else { return }
        // Between rows there is nothing to carry over; within one it is done when it must be.
        isBlockFull = !rows.isInScope || block.bytes.count >= 4 * blockSize
    }

    // Whether a slot belongs to the head. A value of the head that comes behind records was not there for them.
    private mutating func checkLate(_ slot: Int, _ place: SourcePlace, _ block: inout RowBlock) -> Bool {
        guard mapping.program.slots[slot].scope == 0 else { return false }
        guard hasRows, headSlots.contains(slot), !rows.has(slot), lateSlots.insert(slot).inserted else { return true }
        let name = mapping.program.slots[slot].name
        block.note(Finding(.mappingHeaderLate, at: text.original(place), field: name, arguments: [name]))
        return true
    }
}

// Spans borrow the whole value that they come from, so what is read and what is written are handed over apart.
extension FilingReading {
    private static func append(_ text: [UInt8], to reader: inout XMLReader) {
        reader.append(text.span)
    }

    private static func append(_ reader: borrowing XMLReader, to captured: inout [UInt8]) {
        captured.append(reader.text)
    }

    private static func add(
        _ reader: borrowing XMLReader, attribute index: Int, to slot: Int, at place: SourcePlace, isOriginal: Bool,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(
            reader.attributeValue(index), to: slot, at: place, isTooLong: false, isOriginal: isOriginal, in: &block)
    }

    private static func add(
        _ captured: [UInt8], _ capture: Capture, to slot: Int, at place: SourcePlace, isOriginal: Bool,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(
            captured.span.extracting(capture.start..<captured.count), to: slot, at: place,
            isTooLong: capture.isTooLong, isOriginal: isOriginal, in: &block)
    }
}
