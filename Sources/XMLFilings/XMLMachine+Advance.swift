extension XMLMachine {
    /// Takes bytes of the document.
    mutating func append(_ bytes: Span<UInt8>) {
        guard failure == nil else { return }
        discardConsumed(makingRoomFor: bytes.count)
        buffer.append(bytes)
    }

    /// Reads on to the next token, or stops for good.
    mutating func next() throws(Stop) -> XMLToken {
        if let failure { throw failure }
        do throws(Stop) {
            return try advance()
        } catch {
            failure = error
            throw error
        }
    }

    // The loop that everything hangs from.
    private mutating func advance() throws(Stop) -> XMLToken {
        attributes.truncate(to: 0)
        text = Slice()
        if endIsPending {
            endElement(isOfRun: false)
            return .endElement
        }
        do throws(Stop) {
            while true {
                if let token = try step() {
                    if run.circumstances >= 0 { note(token) }
                    return token
                }
            }
        } catch {
            guard error.flaw == .incomplete else { throw error }
            return try waitOrEnd()
        }
    }

    // Reads one piece of the document; nil when it gives no token.
    @inline(__always)
    private mutating func step() throws(Stop) -> XMLToken? {
        tokenStart = position
        guard construct == .none else { return try readConstruct() ? .text : nil }
        if phase == .content {
            if buffer.peek(position) != UInt8(ascii: "<"), try !skipBlankText() {
                try readText()
                return .text
            }
        } else {
            try skipToMarkup()
        }
        textGoesOn = false
        switch buffer.peek(position + 1) {
        case UInt8(ascii: "/"):
            try readEndTag()
            return .endElement
        case UInt8(ascii: "!"): try readDeclarationMark()
        case UInt8(ascii: "?"): try readInstructionTarget()
        default:
            try readStartTag()
            return .startElement
        }
        return nil
    }

    private mutating func readConstruct() throws(Stop) -> Bool {
        switch construct {
        case .none: return false
        case .comment: try readComment()
        case .instruction: try readInstruction()
        case .cdata: return try readCDATA()
        }
        return false
    }

    // Outside the root there is nothing but markup and white space.
    private mutating func skipToMarkup() throws(Stop) {
        if phase == .start {
            try readXMLDeclaration()
            phase = .prolog
        }
        position = buffer.endOfSpace(position)
        tokenStart = position
        guard buffer.peek(position) == UInt8(ascii: "<") else { throw unexpected(.contentOutsideRoot, at: position) }
    }

    /// What to make of a byte that may not stand at `index`: perhaps it is only that there are no more bytes yet.
    mutating func unexpected(_ flaw: Flaw, at index: Int) -> Stop {
        guard index < buffer.count else { return Stop(.incomplete, at: buffer.count) }
        // The message shows the character, which has to be there whole for that.
        guard endOfWholeCharacters(index, buffer.count) > index else { return Stop(.incomplete, at: index) }
        let byte = buffer.peek(index)
        guard byte >= 0x20 || isSpace(byte) else { return Stop(.character, at: index) }
        return Stop(flaw, at: index)
    }

    // All bytes are read, or begin something that goes on behind them.
    private mutating func waitOrEnd() throws(Stop) -> XMLToken {
        tokenStart = position
        guard inputEnded else {
            guard buffer.count - position <= limits.tagSize else { throw Stop(.limitTagSize, at: position) }
            return .needsInput
        }
        let isComplete = construct == .none && position == buffer.count
        switch phase {
        case .epilog where isComplete: return .endOfDocument
        case .start where buffer.count == position: throw Stop(.empty, at: position)
        case .prolog where isComplete: throw Stop(.noRoot, at: position)
        default: throw Stop(.truncated, at: buffer.count)
        }
    }

    // Drops the bytes that are done with, when that is cheap or makes room.
    private mutating func discardConsumed(makingRoomFor additional: Int) {
        let consumed = endIsPending ? tokenStart : position
        if consumed > 0, consumed == buffer.count || buffer.count + additional > buffer.room {
            track(to: consumed)
            tracked = 0
            buffer.removeFirst(consumed)
            position -= consumed
            run.start = run.start < consumed ? -1 : run.start - consumed
            tokenStart = 0
        }
        attributes.truncate(to: 0)
        text = Slice()
    }
}
