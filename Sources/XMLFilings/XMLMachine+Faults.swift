import Findings

extension XMLMachine {
    /// Makes a finding of a stop: the place is counted and the message written only now.
    func finding(for stop: Stop) -> Finding {
        Finding(stop.flaw.kind, at: place(ofByte: stop.at), arguments: arguments(of: stop))
    }

    private func arguments(of stop: Stop) -> [String] {
        switch stop.flaw {
        case .truncated: [innermost]
        case .character: [character(at: stop.at)]
        case .name, .tag, .attribute, .markup, .instruction: [character(at: stop.at)]
        case .prefixUndeclared, .namespaceReserved, .namespaceEmpty, .attributeDuplicate:
            [names.text(ofSpelling: Int32(stop.from))]
        case .endTag:
            [shown(stop.from, stop.to), names.text(ofSpelling: elements[elements.count - 1].spelling)]
        case .qualifiedName, .characterReference, .entity, .instructionTarget, .version, .encodingName, .standalone:
            [shown(stop.from, stop.to)]
        case .limitDepth: ["\(limits.depth)"]
        case .limitAttributes: ["\(limits.attributes)"]
        case .limitTagSize: ["\(limits.tagSize)"]
        case .limitValueSize: ["\(limits.valueSize)"]
        case .limitNameSize: ["\(limits.nameSize)"]
        case .limitDistinctNames: ["\(limits.distinctNames)"]
        default: []
        }
    }

    // What is still open where the document ends.
    private var innermost: String {
        switch construct {
        case .comment: return "<!--"
        case .instruction: return "<?"
        case .cdata: return "<![CDATA["
        case .none: break
        }
        guard position == buffer.count, elements.count > 0 else { return "<" }
        return "<\(names.text(ofSpelling: elements[elements.count - 1].spelling))>"
    }

    private func shown(_ start: Int, _ end: Int) -> String {
        let span = buffer.span(start, min(end, buffer.count, start + Limits.findingValueLength))
        return span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    // The character as itself where it can be seen, and always as its number.
    private func character(at index: Int) -> String {
        guard index < buffer.count else { return "" }
        guard let (value, _) = NameCharacters.decode(buffer, index, buffer.count), let scalar = Unicode.Scalar(value)
        else {
            return "0x" + String(buffer.peek(index), radix: 16, uppercase: true)
        }
        let digits = String(value, radix: 16, uppercase: true)
        let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return value > 0x20 && value < 0x7F ? "\(scalar) (\(number))" : number
    }

    /// How far into the text an index of the buffer is.
    @inline(__always)
    func textOffset(_ index: Int) -> Int {
        tracker.place.offset &- tracked &+ index
    }

    /// Where a slice stands in the text; where it does not, where in `scratch`.
    @inline(__always)
    func stretch(_ slice: Slice, at origin: Int) -> XMLStretch {
        let shift = textOffset(0)
        guard !slice.isInScratch else {
            return XMLStretch(origin: shift &+ origin, start: -1 &- slice.start, end: slice.end)
        }
        return XMLStretch(origin: shift &+ origin, start: shift &+ slice.start, end: shift &+ slice.end)
    }

    /// What a stretch is, while that has not been dropped.
    func slice(_ stretch: XMLStretch) -> Slice {
        guard stretch.isLiteral else { return Slice(start: -1 - stretch.start, end: stretch.end, isInScratch: true) }
        let shift = textOffset(0)
        return Slice(start: stretch.start - shift, end: stretch.end - shift)
    }

    /// Behind all bytes.
    var trackerOfEnd: PlaceTracker {
        var result = tracker
        result.advance(over: buffer.span(tracked, buffer.count))
        return result
    }

    /// The place of the current token.
    mutating func placeOfToken() -> SourcePlace {
        track(to: tokenStart)
        return tracker.place
    }

    /// The place of the name of an attribute of the current tag.
    mutating func placeOfAttribute(_ index: Int) -> SourcePlace {
        track(to: tokenStart)
        return place(ofByte: attributes[index].nameStart)
    }

    /// The place of a byte that no place before will be asked for.
    mutating func placeOfByte(_ index: Int) -> SourcePlace {
        track(to: index)
        return tracker.place
    }

    /// Counts the lines up to a byte that no place before will be asked for.
    mutating func track(to index: Int) {
        guard tracked < index else { return }
        var moved = tracker
        moved.advance(over: buffer.span(tracked, index))
        tracker = moved
        tracked = index
    }

    /// The place of a byte of the buffer that is not before the current token.
    func place(ofByte index: Int) -> SourcePlace {
        let end = min(index, buffer.count)
        return tracked < end ? tracker.place(after: buffer.span(tracked, end)) : tracker.place
    }
}
