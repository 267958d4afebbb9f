import Findings
import FuzzSupport
import XMLFilings

/// Documents: cuts, limits, places, nesting, and writing what was read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let raw = FuzzInput(start, count)
    readRaw(raw.bytes)
    // What the decoders hand to the reader is UTF-8; everything else is promised for that alone.
    var input = raw.asUTF8
    let whole = Outline(input.bytes)
    checkPlaces(whole, in: input.bytes)
    checkNesting(whole)
    checkCuts(&input, whole)
    checkLimits(&input)
    if whole.fault == nil { checkRewriting(whole) }
    return 0
}

// Bytes that are no UTF-8 do no harm.
private func readRaw(_ bytes: [UInt8]) {
    let whole = Outline(bytes)
    checkPlaces(whole, in: bytes)
    checkNesting(whole)
    checkSniff(bytes)
}

// Cuts change nothing.
private func checkCuts(_ input: inout FuzzInput, _ whole: Outline) {
    let sizes = input.pieceSizes()
    requireEqual(Outline(input.bytes, chunks: sizes), whole, "cut into \(sizes)")
    if input.bytes.count <= 512 {
        requireEqual(Outline(input.bytes, chunks: [1]), whole, "byte by byte")
    }
    let dense = Outline(input.bytes, skipsBlankText: true)
    requireEqual(Outline(input.bytes, chunks: sizes, skipsBlankText: true), dense, "blanks skipped, \(sizes)")
    requireEqual(dense.finding, whole.finding, "a fault depends on skipping blanks")
    requireEqual(dense.marks, whole.marks, "tags depend on skipping blanks")
}

// Small limits are kept, however the document is cut.
private func checkLimits(_ input: inout FuzzInput) {
    func decide(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &input.decisions) }
    let tagSize = decide(16...80)
    let limits = XMLLimits(
        depth: decide(1...6), attributes: decide(0...5), tagSize: tagSize, valueSize: decide(0...30),
        nameSize: decide(1...min(20, tagSize - 4)), distinctNames: decide(8...60), textPieceSize: decide(16...40))
    let whole = Outline(input.bytes, limits: limits)
    let sizes = input.pieceSizes()
    requireEqual(Outline(input.bytes, chunks: sizes, limits: limits), whole, "cut into \(sizes) at \(limits)")
    checkPlaces(whole, in: input.bytes)
    for event in whole.events {
        guard case .start(_, let attributes, _, let depth) = event else { continue }
        require(depth <= limits.depth, "depth \(depth) at \(limits)")
        require(attributes.count <= limits.attributes, "\(attributes.count) attributes at \(limits)")
        for attribute in attributes {
            require(attribute.value.utf8.count <= limits.valueSize, "a value of \(attribute.value.utf8.count) bytes")
        }
    }
    checkPieces(input.bytes, limits)
}

private func checkPieces(_ bytes: [UInt8], _ limits: XMLLimits) {
    var reader = XMLReader(limits: limits)
    reader.append(bytes.span)
    reader.endInput()
    while let token = try? reader.next(), token != .endOfDocument {
        require(reader.nameCount <= limits.distinctNames + 8, "\(reader.nameCount) names at \(limits)")
        guard token == .text else { continue }
        let count = reader.text.count
        require(count > 0, "an empty piece of text")
        require(count <= limits.textPieceSize + 4, "a piece of \(count) bytes at \(limits)")
    }
}

// Places lie in the document, in ascending order, and agree with a plain count.
private func checkPlaces(_ outline: Outline, in bytes: [UInt8]) {
    let places = Places(bytes)
    var last = -1
    for event in outline.events {
        let place = event.place
        places.check(place, "\(event)")
        require(place.offset >= last, "\(event) is before \(last)")
        last = place.offset
        guard case .start(_, let attributes, _, _) = event else { continue }
        var inner = last
        for attribute in attributes {
            places.check(attribute.place, "\(attribute)")
            require(attribute.place.offset > inner, "\(attribute) is before \(inner)")
            inner = attribute.place.offset
        }
    }
    guard let finding = outline.finding else { return }
    require(finding.severity == .fatal, "\(finding)")
    guard let place = finding.place else { fatalError("no place: \(finding)") }
    places.check(place, "\(finding)")
}

// Every end belongs to the last open start, and a document that was read to its end has one root.
private func checkNesting(_ outline: Outline) {
    var open: [String] = []
    var roots = 0
    for event in outline.events {
        switch event {
        case .start(let name, _, _, let depth):
            if open.isEmpty { roots += 1 }
            open.append(name)
            requireEqual(depth, open.count, "depth of \(name)")
        case .text: require(!open.isEmpty, "text outside the root")
        case .end(let name, _, let depth):
            requireEqual(depth, open.count, "depth at the end of \(name)")
            requireEqual(open.popLast(), name, "name at the end")
        }
    }
    if outline.finding == nil { require(open.isEmpty && roots == 1, "\(roots) roots, \(open.count) open") }
}

// What was read, written and read again is the same.
private func checkRewriting(_ outline: Outline) {
    let text = outline.rewritten
    let again = Outline(text)
    requireEqual(again.fault, nil, text)
    requireEqual(again.line, outline.line, text)
}

private func checkSniff(_ bytes: [UInt8]) {
    let sniff = XMLDeclaration.sniff(bytes.span)
    require(sniff.byteOrderMark >= 0 && sniff.byteOrderMark <= min(4, bytes.count), "mark of \(sniff.byteOrderMark)")
    if let place = sniff.labelPlace {
        require(place.offset >= 0 && place.offset <= bytes.count, "label at \(place)")
    }
}
