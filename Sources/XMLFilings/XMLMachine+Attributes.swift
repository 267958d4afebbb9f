extension XMLMachine {
    /// Reads one attribute, whose name begins at `nameStart`; returns the index behind its closing quote.
    @inline(__always)
    mutating func readAttribute(_ nameStart: Int, declaresNamespaces: inout Bool) throws(Stop) -> Int {
        guard attributes.count < limits.attributes else { throw unexpected(.limitAttributes, at: nameStart) }
        let (spelling, nameEnd) = try readName(nameStart)
        if names.prefixDeclared(by: spelling) >= 0 { declaresNamespaces = true }
        var cursor = buffer.endOfSpace(nameEnd)
        guard buffer.peek(cursor) == UInt8(ascii: "=") else { throw unexpected(.attribute, at: cursor) }
        cursor = buffer.endOfSpace(cursor + 1)
        let quote = buffer.peek(cursor)
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw unexpected(.attribute, at: cursor)
        }
        let start = cursor + 1
        let end = buffer.endOfPlainValue(start, quote: quote)
        try checkValueSize(start, end)
        if buffer.peek(end) == quote {
            attributes.append(
                Attribute(
                    spelling: spelling, nameStart: nameStart, opening: cursor, closing: end,
                    value: Slice(start: start, end: end)))
            return end + 1
        }
        let copy = scratch.count
        let behind = try rewriteValue(start, firstStop: end, quote: quote)
        let value = Slice(start: copy, end: scratch.count, isInScratch: true)
        attributes.append(
            Attribute(
                spelling: spelling, nameStart: nameStart, opening: cursor, closing: behind - 1, value: value))
        return behind
    }

    // Section 3.3.3: references are replaced, every white-space character becomes a space. The result goes to
    // `scratch`.
    mutating func rewriteValue(_ start: Int, firstStop: Int, quote: UInt8) throws(Stop) -> Int {
        var run = start
        var cursor = firstStop
        while true {
            try checkValueSize(start, cursor)
            let byte = buffer.peek(cursor)
            if byte == 0xEF {
                guard !isNoncharacter(at: cursor) else {
                    try checkValueSize(start, cursor + 3)
                    throw Stop(.character, at: cursor)
                }
                cursor = buffer.endOfPlainValue(cursor + 2, quote: quote)
                continue
            }
            scratch.append(from: buffer, run, cursor)
            switch byte {
            case quote: return cursor + 1
            case UInt8(ascii: "&"): cursor = try readReference(cursor, ofValue: start)
            case 0x09, 0x0A, 0x0D:
                scratch.append(UInt8(ascii: " "))
                cursor += byte == 0x0D && buffer.peek(cursor + 1) == 0x0A ? 2 : 1
            case UInt8(ascii: "<"): throw Stop(.attributeLessThan, at: cursor)
            default: throw unexpected(.character, at: cursor)
            }
            run = cursor
            cursor = buffer.endOfPlainValue(cursor, quote: quote)
        }
    }

    // A value can be over its limit before its reference is whole, or shows that it is broken.
    private mutating func readReference(_ reference: Int, ofValue start: Int) throws(Stop) -> Int {
        do throws(Stop) {
            return try readReference(reference)
        } catch {
            try checkValueSize(start, error.flaw == .incomplete ? buffer.count : lastByte(of: error) + 1)
            throw error
        }
    }

    // Bytes behind the largest tag do not count: that is another limit's affair.
    @inline(__always)
    private mutating func checkValueSize(_ start: Int, _ end: Int) throws(Stop) {
        guard min(end, position + limits.tagSize) - start <= limits.valueSize else {
            throw Stop(.limitValueSize, at: start)
        }
    }

    /// Whether the EF BF at `index` begins U+FFFE or U+FFFF.
    mutating func isNoncharacter(at index: Int) -> Bool {
        index + 2 < buffer.count && buffer.peek(index + 2) >= 0xBE && buffer.peek(index + 2) <= 0xBF
    }

    /// Takes the namespace declarations out of the current tag's attributes, and puts them into force.
    mutating func declareNamespaces() throws(Stop) {
        let first = names.declarations
        var kept = 0
        for index in 0..<attributes.count {
            let attribute = attributes[index]
            guard names.prefixDeclared(by: attribute.spelling) >= 0 else {
                attributes[kept] = attribute
                kept += 1
                continue
            }
            let value = attribute.value
            if value.isInScratch {
                try names.declare(
                    attribute.spelling, scratch, value.start, value.end, first: first, at: attribute.nameStart)
            } else {
                try names.declare(
                    attribute.spelling, buffer, value.start, value.end, first: first, at: attribute.nameStart)
            }
        }
        attributes.truncate(to: kept)
    }

    /// Gives every attribute of the current tag its name, and refuses a name that comes twice.
    @inline(__always)
    mutating func nameAttributes() throws(Stop) {
        guard attributes.count > 0 else { return }
        names.beginTag()
        for index in 0..<attributes.count {
            let attribute = attributes[index]
            let id = try names.attributeName(attribute.spelling, at: attribute.nameStart)
            guard names.isFirstInTag(id) else {
                throw Stop(.attributeDuplicate, at: attribute.nameStart, spelling: attribute.spelling)
            }
            attributes[index].name = id
        }
    }
}
