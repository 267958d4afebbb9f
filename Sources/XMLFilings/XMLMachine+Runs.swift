extension XMLMachine {
    // MARK: Learning

    /// Takes a token of the run in progress.
    mutating func note(_ token: XMLToken) {
        switch token {
        case .text: noteText()
        case .startElement: endRun(hasStart: true)
        case .endElement: break
        case .needsInput, .endOfDocument: run.start = -1
        }
    }

    // Text comes before the markup of a run. What it looks like is not part of the run, except that it is text.
    private mutating func noteText() {
        guard run.start >= 0, runs.ends.count == 0 else {
            run.start = -1
            return
        }
        let isWholeCDATA =
            run.text == .none && construct == .none && !text.isInScratch && text.start == run.start + 9
            && position == text.end + 3
        run.text = isWholeCDATA ? .cdata : .plain
        run.start = isWholeCDATA ? text.end : position
    }

    /// Ends the run in progress with the current token.
    mutating func endRun() {
        guard run.context >= 0, !endIsPending, run.start != position else { return }
        endRun(hasStart: false)
    }

    private mutating func endRun(hasStart: Bool) {
        let number = hasStart || runs.ends.count > 0 ? numberOfRun(hasStart: hasStart) : -1
        if number >= 0, run.last >= 0 { runs.note(number, behind: run.last) }
        beginRun(behind: number)
    }

    private mutating func numberOfRun(hasStart: Bool) -> Int32 {
        guard run.start >= 0, elements.count > 0, construct == .none else { return -1 }
        let element = elements[elements.count - 1]
        guard !hasStart || element.outerScope == names.scope else { return -1 }
        let ended = runs.ends.count > 0 ? runs.ends[runs.ends.count - 1] : 0
        let new = RunTable.Run(
            text: run.text, hasStart: hasStart, isEmptyElement: hasStart && endIsPending,
            skipsBlankText: run.skipsBlankText, context: run.context, scope: names.scope,
            spelling: hasStart ? element.spelling : ended, name: name, firstEnd: 0, endCount: 0, firstPiece: 0,
            pieceCount: 0, tag: Int32(tokenStart - run.start))
        return runs.number(of: new, buffer, run.start, position, attributes)
    }

    private mutating func beginRun(behind last: Int32) {
        run.start = position
        run.text = .none
        run.last = last
        run.excess += 1
        runs.begin()
    }

    // MARK: Finding

    /// Passes over the run that comes, if it is known; otherwise -1.
    @inline(__always)
    mutating func nextRun(in context: Int32) -> Int32 {
        guard run.start == position, !endIsPending, !textGoesOn, phase == .content, construct == .none,
            runs.ends.count == 0, failure == nil
        else {
            if run.context < 0 { (run.context, run.start) = (context, -1) }
            return -1
        }
        guard context >= 0, run.excess < Self.mostExcess else {
            (run.context, run.start) = (-1, -1)
            return -1
        }
        run.context = context
        run.skipsBlankText = skipsBlankText
        return run.last >= 0 ? findRun() : -1
    }

    private static var mostExcess: Int { 4096 }

    private mutating func findRun() -> Int32 {
        let followers = 4 &* Int(run.last)
        var textEnd = -1
        for index in 0..<4 {
            let number = runs.followers[followers &+ index]
            guard number >= 0 else { break }
            let known = runs.list[Int(number)]
            guard known.context == run.context, known.scope == names.scope, known.skipsBlankText == skipsBlankText,
                findText(known.text, &textEnd), endsMatch(known), passPieces(known, textEnd)
            else { continue }
            runs.promote(index, behind: run.last)
            finishPass(known, number)
            return number
        }
        attributes.truncate(to: 0)
        return -1
    }

    // Whether there is text of that kind; then `end` is where it ends.
    @inline(__always)
    private mutating func findText(_ kind: RunTable.Text, _ end: inout Int) -> Bool {
        // It has been read as a token of its own, which may have been more than one plain piece.
        if run.text != .none {
            end = position
            return kind == .plain
        }
        let byte = buffer.peek(position)
        switch kind {
        case .none:
            end = position
            return true
        case .plain:
            guard byte != UInt8(ascii: "<"), !(skipsBlankText && isSpace(byte)) else { return false }
            end = buffer.endOfPlainText(position)
            return buffer.peek(end) == UInt8(ascii: "<") && end &- position <= limits.textPieceSize
        case .cdata:
            // <![CDATA[
            guard buffer.words(position).x == 0x4154_4144_435B_213C, buffer.peek(position + 8) == UInt8(ascii: "[")
            else { return false }
            end = buffer.endOfRun(position + 9, delimiter: UInt8(ascii: "]"))
            return end > position + 9 && end &- position < limits.textPieceSize
        }
    }

    // Whether the innermost elements are those that the run ends, and it leads to no depth that is not allowed.
    @inline(__always)
    private mutating func endsMatch(_ known: RunTable.Run) -> Bool {
        let count = Int(known.endCount)
        let left = elements.count &- count
        guard left > 0, left < limits.depth else { return false }
        for index in 0..<count {
            let element = elements[elements.count &- 1 &- index]
            guard element.spelling == runs.endSpellings[Int(known.firstEnd) &+ index],
                element.outerScope == known.scope
            else { return false }
        }
        return true
    }

    // Compares what comes behind the text with the run, and takes its values. Nothing else is changed yet.
    @inline(__always)
    private mutating func passPieces(_ known: RunTable.Run, _ start: Int) -> Bool {
        attributes.truncate(to: 0)
        scratch.truncate(to: 0)
        let last = Int(known.firstPiece) &+ Int(known.pieceCount) &- 1
        var cursor = start
        for index in Int(known.firstPiece)..<last {
            let piece = runs.pieces[index]
            guard runs.matches(piece, buffer, cursor) else { return false }
            cursor = passValue(piece, cursor)
            guard cursor >= 0 else { return false }
        }
        let piece = runs.pieces[last]
        guard runs.matches(piece, buffer, cursor) else { return false }
        let end = cursor &+ Int(piece.length)
        let tag = start &+ Int(known.tag)
        guard end &- tag <= limits.tagSize else { return false }
        text = Slice()
        if run.text == .none, known.text != .none {
            text = Slice(start: known.text == .cdata ? position &+ 9 : position, end: start)
        }
        tokenStart = tag
        position = end
        return true
    }

    // The value behind a piece that begins at `start`; the index of its closing quote, or -1 where `next` has to read it.
    @inline(__always)
    private mutating func passValue(_ piece: RunTable.Piece, _ start: Int) -> Int {
        let first = start &+ Int(piece.length)
        let end = buffer.endOfPlainValue(first, quote: piece.quote)
        if buffer.peek(end) != piece.quote { return passBrokenValue(piece, start, firstStop: end) }
        guard end &- first <= limits.valueSize else { return -1 }
        add(piece, start, closing: end, Slice(start: first, end: end))
        return end
    }

    private mutating func passBrokenValue(_ piece: RunTable.Piece, _ start: Int, firstStop: Int) -> Int {
        let first = start + Int(piece.length)
        let copy = scratch.count
        guard let behind = try? rewriteValue(first, firstStop: firstStop, quote: piece.quote),
            behind - 1 - first <= limits.valueSize
        else { return -1 }
        add(piece, start, closing: behind - 1, Slice(start: copy, end: scratch.count, isInScratch: true))
        return behind - 1
    }

    @inline(__always)
    private mutating func add(_ piece: RunTable.Piece, _ start: Int, closing: Int, _ value: Slice) {
        attributes.append(
            Attribute(
                spelling: piece.spelling, name: piece.name, nameStart: start &+ Int(piece.nameStart),
                opening: start &+ Int(piece.length) &- 1, closing: closing, value: value))
    }

    @inline(__always)
    private mutating func finishPass(_ known: RunTable.Run, _ number: Int32) {
        elements.truncate(to: elements.count &- Int(known.endCount))
        depth = elements.count &+ 1
        name = known.name
        if known.hasStart, !known.isEmptyElement {
            elements.append(
                OpenElement(
                    spelling: known.spelling, name: known.name, outerScope: known.scope,
                    outerDeclarations: Int32(truncatingIfNeeded: names.declarations)))
            names.began(known.spelling)
        } else {
            names.ended(known.spelling)
        }
        tagSearch = TagSearch()
        run.start = position
        run.text = .none
        run.last = number
        if run.excess > 0 { run.excess &-= 1 }
    }
}
