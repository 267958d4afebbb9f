import Findings
import TextEncodings
import XMLFilings

/// Reads an XML filing for a program: follows the automaton, collects values, and converts each row at its end.
struct FilingReading: ~Copyable {
    private var reader: XMLReader
    private var source: FilingRows
    private var automaton: PathAutomaton
    private var unmapped = UnmappedNames()
    private var root: XMLNameID
    private let mapping: Mapping
    // Open elements that the automaton knows, outermost first.
    private var states: [Int] = []
    // How many elements are open within one that it does not know.
    private var depthBelow = 0
    private var captures: [Capture] = []
    private var captured: [UInt8] = []
    private let fieldSize: Int
    private let headSlots: Set<Int>
    private var lateSlots: Set<Int> = []
    private var hasRows = false
    private var piece: [UInt8] = []

    // An open element whose text is wanted.
    private struct Capture {
        var start: Int
        var place: SourcePlace
        var isTooLong = false
    }

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        self.mapping = mapping
        reader = XMLReader(
            limits: XMLLimits(depth: limits.depth, attributes: limits.attributes, valueSize: limits.fieldSize))
        source = FilingRows(mapping.program, encoding: encoding, limits: limits)
        let name = mapping.program.reads.root ?? ElementName(namespace: "", local: "")
        root = reader.intern(namespace: name.namespace, local: name.local)
        automaton = PathAutomaton(mapping.program)
        automaton.bind(to: &reader)
        fieldSize = limits.fieldSize
        headSlots = mapping.program.headSlotsOfRecords
    }

    mutating func feed(_ bytes: Span<UInt8>, isLast: Bool, to writer: inout RecordWriter) {
        source.text.decode(bytes, into: &piece, isLast: isLast, oldest: oldestOffset)
        for finding in source.text.takeFindings() { writer.take(finding) }
        Self.append(piece, to: &reader)
        if isLast { reader.endInput() }
        do throws(XMLFault) {
            while !writer.summary.isRejected, try step(&writer) {}
        } catch {
            var finding = error.finding
            finding.place = finding.place.map { source.text.original($0) }
            writer.take(finding)
        }
    }

    // Values keep their places while their scopes are open.
    private var oldestOffset: Int {
        mutating get { min(source.oldestPlace, reader.place.offset) }
    }

    private mutating func step(_ writer: inout RecordWriter) throws(XMLFault) -> Bool {
        switch try reader.next() {
        case .needsInput: return false
        case .startElement: startElement(&writer)
        case .text: takeText()
        case .endElement: endElement(&writer)
        case .endOfDocument:
            writer.readHeader(from: source)
            writer.summary.unmapped = unmapped.paths
            writer.finish { _ in nil }
            return false
        }
        return true
    }

    private mutating func startElement(_ writer: inout RecordWriter) {
        guard depthBelow == 0 else {
            depthBelow += 1
            return
        }
        guard let around = states.last else { return startRoot(&writer) }
        let state = automaton.next(around, reader.name)
        guard state >= 0 else {
            depthBelow = 1
            unmapped.note(element: reader.name, in: around, automaton, reader)
            return
        }
        enter(state, &writer)
    }

    private mutating func startRoot(_ writer: inout RecordWriter) {
        guard reader.name == root else {
            let found = "{\(reader.namespace(of: reader.name))}\(reader.local(of: reader.name))"
            writer.reject(
                Finding(.mappingMismatch, at: source.text.original(reader.place), arguments: [mapping.id, found]))
            return
        }
        enter(0, &writer)
    }

    private mutating func enter(_ state: Int, _ writer: inout RecordWriter) {
        states.append(state)
        let plan = automaton.states[state]
        let place = plan.scopes.isEmpty && plan.textSlots.isEmpty ? SourcePlace.start : reader.place
        for scope in plan.scopes {
            source.begin(scope, isRow: mapping.program.scopes[scope].isRow, at: place)
            writer.beginScope(scope)
        }
        for index in 0..<reader.attributeCount {
            guard let slots = automaton.slots(state, attribute: reader.attributeName(index)) else {
                unmapped.note(attribute: reader.attributeName(index), in: state, automaton, reader)
                continue
            }
            let place = reader.attributePlace(index)
            for slot in slots {
                checkLate(slot, place, &writer)
                Self.add(reader, attribute: index, to: slot, at: place, of: &source)
            }
        }
        if !plan.textSlots.isEmpty { captures.append(Capture(start: captured.count, place: place)) }
    }

    private mutating func takeText() {
        guard depthBelow == 0, let state = states.last, !automaton.states[state].textSlots.isEmpty else { return }
        let last = captures.count - 1
        guard captured.count - captures[last].start + reader.text.count <= fieldSize else {
            captures[last].isTooLong = true
            return
        }
        Self.append(reader, to: &captured)
    }

    private mutating func endElement(_ writer: inout RecordWriter) {
        guard depthBelow == 0 else {
            depthBelow -= 1
            return
        }
        guard let state = states.popLast() else { return }
        let plan = automaton.states[state]
        if !plan.textSlots.isEmpty { finishText(plan.textSlots, &writer) }
        for scope in plan.scopes.reversed() { finish(scope, &writer) }
    }

    private mutating func finishText(_ slots: [Int], _ writer: inout RecordWriter) {
        let capture = captures.removeLast()
        for slot in slots {
            checkLate(slot, capture.place, &writer)
            Self.add(captured, capture, to: slot, of: &source)
        }
        captured.removeSubrange(capture.start...)
    }

    private mutating func finish(_ scope: Int, _ writer: inout RecordWriter) {
        let plan = mapping.program.scopes[scope]
        for nested in plan.nested { writer.finishNested(nested, from: &source) }
        if plan.isRow {
            if !hasRows {
                hasRows = true
                writer.readHeader(from: source)
            }
            writer.convertRow(scope: scope, from: &source)
        }
        source.end(isRow: plan.isRow)
    }

    // A value of the head that comes behind records was not there for them.
    private mutating func checkLate(_ slot: Int, _ place: SourcePlace, _ writer: inout RecordWriter) {
        guard hasRows, headSlots.contains(slot), source.first(slot) < 0, lateSlots.insert(slot).inserted else { return }
        let name = mapping.program.slots[slot].name
        writer.take(Finding(.mappingHeaderLate, at: source.text.original(place), field: name, arguments: [name]))
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
        _ reader: borrowing XMLReader, attribute index: Int, to slot: Int, at place: SourcePlace,
        of source: inout FilingRows
    ) {
        source.add(reader.attributeValue(index), to: slot, at: place, isTooLong: false)
    }

    private static func add(_ captured: [UInt8], _ capture: Capture, to slot: Int, of source: inout FilingRows) {
        source.add(
            captured.span.extracting(capture.start..<captured.count), to: slot, at: capture.place,
            isTooLong: capture.isTooLong)
    }
}
