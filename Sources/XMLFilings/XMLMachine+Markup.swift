extension XMLMachine {
    /// At `<!`: a comment or a CDATA section begins, or a DOCTYPE is refused.
    mutating func readDeclarationMark() throws(Stop) {
        switch buffer.peek(position + 2) {
        case UInt8(ascii: "-"):
            guard buffer.peek(position + 3) == UInt8(ascii: "-") else { throw unexpected(.markup, at: position + 3) }
            position += 4
            construct = .comment
        case UInt8(ascii: "["):
            try match("CDATA[", at: position + 3)
            guard phase == .content else { throw Stop(.contentOutsideRoot, at: position) }
            position += 9
            construct = .cdata
        case UInt8(ascii: "D"):
            try match("OCTYPE", at: position + 3)
            throw Stop(.doctype, at: position)
        default: throw unexpected(.markup, at: position + 2)
        }
    }

    private mutating func match(_ keyword: String, at start: Int) throws(Stop) {
        for (offset, byte) in keyword.utf8.enumerated() where buffer.peek(start + offset) != byte {
            throw unexpected(.markup, at: start + offset)
        }
    }

    /// Reads on in a comment.
    mutating func readComment() throws(Stop) {
        while true {
            position = try endOfRun(UInt8(ascii: "-"))
            guard buffer.peek(position + 1) == UInt8(ascii: "-") else {
                guard position + 1 < buffer.count else { throw Stop(.incomplete, at: position) }
                position += 1
                continue
            }
            guard buffer.peek(position + 2) == UInt8(ascii: ">") else {
                throw position + 2 < buffer.count ? Stop(.comment, at: position) : Stop(.incomplete, at: position)
            }
            position += 3
            construct = .none
            return
        }
    }

    /// At `<?`: reads the target of a processing instruction.
    mutating func readInstructionTarget() throws(Stop) {
        let start = position + 2
        let end = try endOfName(start)
        guard end - start <= limits.nameSize else { throw Stop(.limitNameSize, at: start) }
        if let flaw = NameCharacters.firstFlaw(in: buffer, start, end) {
            throw Stop(.name, at: flaw, from: flaw, to: end)
        }
        try checkTarget(start, end)
        if !isSpace(buffer.peek(end)) {
            guard buffer.peek(end) == UInt8(ascii: "?") else { throw unexpected(.instruction, at: end) }
            guard buffer.peek(end + 1) == UInt8(ascii: ">") else { throw unexpected(.instruction, at: end + 1) }
        }
        position = end
        construct = .instruction
    }

    // `xml` in any case is reserved, production [17]; a colon is against Namespaces in XML 1.0, section 7.
    private func checkTarget(_ start: Int, _ end: Int) throws(Stop) {
        if end - start == 3, buffer.peek(start) | 0x20 == UInt8(ascii: "x"),
            buffer.peek(start + 1) | 0x20 == UInt8(ascii: "m"), buffer.peek(start + 2) | 0x20 == UInt8(ascii: "l")
        {
            let isLowercase = buffer.peek(start) & buffer.peek(start + 1) & buffer.peek(start + 2) & 0x20 != 0
            throw isLowercase
                ? Stop(.declarationMisplaced, at: position) : Stop(.instructionTarget, at: start, from: start, to: end)
        }
        for index in start..<end where buffer.peek(index) == UInt8(ascii: ":") {
            throw Stop(.instructionTarget, at: start, from: start, to: end)
        }
    }

    /// Reads on in a processing instruction, behind its target.
    mutating func readInstruction() throws(Stop) {
        while true {
            position = try endOfRun(UInt8(ascii: "?"))
            if buffer.peek(position + 1) == UInt8(ascii: ">") {
                position += 2
                construct = .none
                return
            }
            guard position + 1 < buffer.count else { throw Stop(.incomplete, at: position) }
            position += 1
        }
    }

    // The next `delimiter` in a comment or instruction. What has been read is given up, however long it is.
    private mutating func endOfRun(_ delimiter: UInt8) throws(Stop) -> Int {
        while true {
            let start = position
            position = buffer.endOfRun(start, delimiter: delimiter)
            switch buffer.peek(position) {
            case delimiter: return position
            case 0x0D: position += 1
            case 0xEF:
                guard position + 2 < buffer.count else { throw Stop(.incomplete, at: position) }
                guard !isNoncharacter(at: position) else { throw Stop(.character, at: position) }
                position += 2
            default:
                guard position == buffer.count else { throw Stop(.character, at: position) }
                // Half a character may be the first half of a forbidden one.
                position = endOfWholeCharacters(start, position)
                throw Stop(.incomplete, at: position)
            }
        }
    }
}
