import Findings
import XMLFilings

/// What reading a document came to: its events with their places, and the fault that ended it, if one did.
struct Outline: Equatable {
    enum Event: Equatable {
        case start(name: String, attributes: [Attribute], place: SourcePlace, depth: Int)
        case text(String, place: SourcePlace)
        case end(name: String, place: SourcePlace, depth: Int)
    }

    struct Attribute: Equatable {
        var name: String
        var value: String
        var place: SourcePlace
    }

    var events: [Event] = []
    var finding: Finding?

    /// Reads `document` in pieces of the given sizes; the last size repeats.
    init(
        _ document: [UInt8], chunks: [Int] = [.max], limits: XMLLimits = XMLLimits(), skipsBlankText: Bool = false,
        byRuns: Bool = false
    ) {
        var reader = XMLReader(limits: limits, skipsBlankText: skipsBlankText)
        var chunks = chunks[...]
        var rest = document[...]
        do {
            while true {
                if byRuns {
                    let count = reader.passRuns(in: 0)
                    for index in 0..<count {
                        let run = reader.passedRuns[index]
                        add(run, &reader)
                    }
                    if count > 0 { continue }
                }
                switch try reader.next() {
                case .needsInput where rest.isEmpty:
                    reader.endInput()
                case .needsInput:
                    let piece = rest.prefix(chunks.first ?? .max)
                    if chunks.count > 1 { chunks.removeFirst() }
                    reader.append(Array(piece).span)
                    rest = rest.dropFirst(piece.count)
                case .startElement: events.append(Self.start(&reader))
                case .text: add(text: Self.string(reader.text), at: reader.place)
                case .endElement:
                    events.append(
                        .end(name: Self.name(reader.name, reader), place: reader.place, depth: reader.depth))
                case .endOfDocument: return
                }
            }
        } catch {
            finding = error.finding
        }
    }

    /// How many of the events come from runs.
    private(set) var runCount = 0

    // How many elements are open.
    private var openCount: Int {
        switch events.last(where: { if case .text = $0 { false } else { true } }) {
        case .start(_, _, _, let depth): depth
        case .end(_, _, let depth): depth - 1
        default: 0
        }
    }

    // A run as the tokens that it stands for. It tells the place of the last one only.
    private mutating func add(_ run: XMLRun, _ reader: inout XMLReader) {
        runCount += 1
        let shape = reader.shape(ofRun: run.number)
        if run.textStart >= 0 {
            let text = Self.string(reader.bytes(from: run.textStart, to: run.textEnd))
            add(text: text, at: reader.place(ofOffset: run.textStart))
        }
        var depth = openCount
        for _ in 0..<shape.ends {
            events.append(.end(name: "", place: .start, depth: depth))
            depth -= 1
        }
        guard let start = shape.start else { return }
        let place = reader.place(ofOffset: run.offset)
        let name = Self.name(start, reader)
        var attributes: [Attribute] = []
        for index in 0..<shape.attributeCount {
            let value = reader.passedAttributes[Int(run.firstAttribute) + index]
            attributes.append(
                Attribute(
                    name: Self.name(reader.attributeName(index, ofRun: run.number), reader),
                    value: Self.string(reader.bytes(value)), place: reader.place(ofOffset: value.origin)))
        }
        events.append(.start(name: name, attributes: attributes, place: place, depth: depth + 1))
        if shape.isEmptyElement { events.append(.end(name: name, place: place, depth: depth + 1)) }
    }

    /// The same without the names and places of end tags, which runs do not tell.
    var withoutEnds: [Event] {
        events.map { event in
            if case .end(_, _, let depth) = event { return .end(name: "", place: .start, depth: depth) }
            return event
        }
    }

    init(_ document: String, chunks: [Int] = [.max], limits: XMLLimits = XMLLimits(), skipsBlankText: Bool = false) {
        self.init(Array(document.utf8), chunks: chunks, limits: limits, skipsBlankText: skipsBlankText)
    }

    // Where text is cut is not part of what a document says.
    private mutating func add(text: String, at place: SourcePlace) {
        if case .text(let before, let start)? = events.last {
            events[events.count - 1] = .text(before + text, place: start)
        } else {
            events.append(.text(text, place: place))
        }
    }

    private static func start(_ reader: inout XMLReader) -> Event {
        let place = reader.place
        var attributes: [Attribute] = []
        for index in 0..<reader.attributeCount {
            let place = reader.attributePlace(index)
            attributes.append(
                Attribute(
                    name: name(reader.attributeName(index), reader), value: string(reader.attributeValue(index)),
                    place: place))
        }
        return .start(name: name(reader.name, reader), attributes: attributes, place: place, depth: reader.depth)
    }

    private static func name(_ id: XMLNameID, _ reader: borrowing XMLReader) -> String {
        let namespace = reader.namespace(of: id)
        return namespace.isEmpty ? reader.local(of: id) : "{\(namespace)}\(reader.local(of: id))"
    }

    static func string(_ span: Span<UInt8>) -> String {
        span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The events in one line: `<a b="c">`, text in apostrophes, `</>`.
    var line: String { line { $0 } }

    /// The same, with the attributes of each element sorted, for comparing with readers that do not keep their order.
    var sortedLine: String { line { $0.sorted() } }

    private func line(_ arranged: ([String]) -> [String]) -> String {
        events.map { event in
            switch event {
            case .start(let name, let attributes, _, _):
                "<" + ([name] + arranged(attributes.map { "\($0.name)=\"\($0.value)\"" })).joined(separator: " ") + ">"
            case .text(let text, _): "'\(text)'"
            case .end: "</>"
            }
        }.joined()
    }

    /// The finding in one line: `code line:column @offset`.
    var fault: String? {
        finding.map { finding in
            let place = finding.place.map { "\($0) @\($0.offset)" } ?? "nowhere"
            return "\(finding.code) \(place)"
        }
    }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
