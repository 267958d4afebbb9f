extension XMLMachine {
    /// At the `<` of a start tag or an empty-element tag.
    @inline(__always)
    mutating func readStartTag() throws(Stop) {
        if phase == .epilog {
            throw Stop(position + 1 < buffer.count ? .contentOutsideRoot : .incomplete, at: position)
        }
        if tagSearch.distance > 0 { try searchTagEnd() }
        do throws(Stop) {
            try parseStartTag()
        } catch {
            throw limited(error)
        }
    }

    private mutating func parseStartTag() throws(Stop) {
        let nameStart = position &+ 1
        let (spelling, nameEnd) = try readName(nameStart)
        scratch.truncate(to: 0)
        var declaresNamespaces = false
        var cursor = nameEnd
        while true {
            let byte = buffer.peek(cursor)
            if byte == UInt8(ascii: ">") { break }
            if byte == UInt8(ascii: "/") {
                guard buffer.peek(cursor + 1) == UInt8(ascii: ">") else { throw unexpected(.tag, at: cursor + 1) }
                endIsPending = true
                cursor += 1
                break
            }
            guard isSpace(byte) else { throw unexpected(cursor > nameEnd ? .attributeSpace : .tag, at: cursor) }
            cursor = buffer.endOfSpace(cursor)
            let next = buffer.peek(cursor)
            if next != UInt8(ascii: ">"), next != UInt8(ascii: "/") {
                cursor = try readAttribute(cursor, declaresNamespaces: &declaresNamespaces)
            }
        }
        guard cursor - position < limits.tagSize else { throw Stop(.limitTagSize, at: position) }
        try open(spelling, nameStart: nameStart, declaresNamespaces: declaresNamespaces)
        position = cursor + 1
    }

    // The tag is complete: from here on only what its names mean can be wrong.
    @inline(__always)
    private mutating func open(_ spelling: Int32, nameStart: Int, declaresNamespaces: Bool) throws(Stop) {
        guard elements.count < limits.depth else { throw Stop(.limitDepth, at: position) }
        let outerScope = names.scope
        let outerDeclarations = Int32(truncatingIfNeeded: names.declarations)
        if declaresNamespaces { try declareNamespaces() }
        let id = try names.elementName(spelling, at: nameStart)
        try nameAttributes()
        elements.append(
            OpenElement(spelling: spelling, outerScope: outerScope, outerDeclarations: outerDeclarations, name: id))
        name = id
        depth = elements.count
        phase = .content
    }

    /// At the `</` of an end tag.
    @inline(__always)
    mutating func readEndTag() throws(Stop) {
        guard phase == .content else { throw Stop(.contentOutsideRoot, at: position) }
        let nameStart = position &+ 2
        let spelling = elements[elements.count &- 1].spelling
        // The name is known, so it need not be looked for.
        let nameEnd = nameStart &+ names.length(ofSpelling: spelling)
        if nameEnd < buffer.count, buffer.peek(nameEnd) == UInt8(ascii: ">"), nameEnd &- position < limits.tagSize,
            names.matches(spelling, buffer, nameStart, nameEnd)
        {
            position = nameEnd &+ 1
        } else {
            try readUnusualEndTag(nameStart, spelling)
        }
        endElement()
    }

    private mutating func readUnusualEndTag(_ nameStart: Int, _ spelling: Int32) throws(Stop) {
        let nameEnd = try endOfName(nameStart)
        guard names.matches(spelling, buffer, nameStart, nameEnd) else {
            guard nameEnd - nameStart <= limits.nameSize else { throw Stop(.limitNameSize, at: nameStart) }
            throw Stop(.endTag, at: position, from: nameStart, to: nameEnd)
        }
        let cursor = buffer.endOfSpace(nameEnd)
        guard buffer.peek(cursor) == UInt8(ascii: ">") else { throw limited(unexpected(.tag, at: cursor)) }
        guard cursor - position < limits.tagSize else { throw Stop(.limitTagSize, at: position) }
        position = cursor + 1
    }

    /// Closes the innermost element; it is still counted in `depth`.
    ///
    /// - Parameter isOfRun: Whether an end tag says so, which belongs to the run in progress. The end of an empty element
    ///   belonged to the run before, with its start.
    @inline(__always)
    mutating func endElement(isOfRun: Bool = true) {
        let last = elements.count - 1
        let element = elements[last]
        elements.truncate(to: last)
        names.ended(element.spelling)
        if isOfRun, run.circumstances >= 0 {
            runs.note(end: element.spelling, isPlain: element.outerScope == names.scope)
        }
        names.leave(scope: element.outerScope, declarations: Int(element.outerDeclarations))
        name = element.name
        depth = last + 1
        endIsPending = false
        if last == 0 { phase = .epilog }
    }

    /// The spelling of the name that begins at `start`, and its end.
    @inline(__always)
    mutating func readName(_ start: Int) throws(Stop) -> (spelling: Int32, end: Int) {
        if let expected = names.expected(buffer, start) { return expected }
        let end = try endOfName(start)
        return (try names.spelling(buffer, start, end), end)
    }

    /// The end of the name that begins at `start`. That it is a name is checked when it is looked up.
    @inline(__always)
    mutating func endOfName(_ start: Int) throws(Stop) -> Int {
        let end = buffer.endOfName(start)
        guard end > start, end < buffer.count else { throw brokenName(start, end) }
        return end
    }

    private mutating func brokenName(_ start: Int, _ end: Int) -> Stop {
        guard end > start else { return unexpected(.name, at: start) }
        return Stop(end - start > limits.nameSize ? .limitNameSize : .incomplete, at: start)
    }

    // MARK: Tags longer than the buffer

    // What is behind the largest tag does not count, so that a document fares the same however it is cut.
    private mutating func limited(_ stop: Stop) -> Stop {
        endIsPending = false
        attributes.truncate(to: 0)
        if stop.flaw != .incomplete {
            return lastByte(of: stop) - position < limits.tagSize ? stop : Stop(.limitTagSize, at: position)
        }
        guard buffer.count - position <= limits.tagSize else { return Stop(.limitTagSize, at: position) }
        if tagSearch.distance == 0 { tagSearch = TagSearch(distance: 1) }
        return stop
    }

    // The byte that shows what is wrong: the end of a name, or of the character that the message names.
    mutating func lastByte(of stop: Stop) -> Int {
        guard stop.flaw != .limitNameSize else { return stop.at + limits.nameSize }
        return max(stop.to, stop.at + lengthOfCharacter(stop.at) - 1)
    }

    // An unfinished tag is not parsed again and again: only its new bytes are searched, until its end comes.
    private mutating func searchTagEnd() throws(Stop) {
        var index = position + tagSearch.distance
        while buffer.count - position <= limits.tagSize, !inputEnded {
            index = buffer.endOfTagPiece(index, quote: tagSearch.quote)
            guard index < buffer.count else {
                tagSearch.distance = index - position
                throw Stop(.incomplete, at: index)
            }
            let byte = buffer.peek(index)
            if byte == UInt8(ascii: ">"), tagSearch.quote == nil { break }
            tagSearch.quote = tagSearch.quote == nil ? byte : nil
            index += 1
        }
        tagSearch = TagSearch()
    }
}
