extension XMLMachine {
    /// At the start of the document: skips a byte order mark, and reads the XML declaration if there is one.
    mutating func readXMLDeclaration() throws(Stop) {
        let start = try begins(with: [0xEF, 0xBB, 0xBF], at: position) ? position + 3 : position
        guard start < buffer.count else {
            if inputEnded { position = start }
            throw Stop(.incomplete, at: start)
        }
        guard try begins(with: Array("<?xml".utf8), at: start) else {
            position = start
            return
        }
        // Behind `<?xml` a name would go on in a processing instruction such as `<?xml-stylesheet`.
        let sixth = buffer.peek(start + 5)
        if isSpace(sixth) || sixth == UInt8(ascii: "?") {
            try awaitDeclarationEnd(start)
            position = try parseXMLDeclaration(start)
        } else if start + 5 < buffer.count {
            position = start
        } else {
            throw Stop(.incomplete, at: start)
        }
    }

    // No `>` may stand inside a declaration, so it is read when one has come, whatever else is wrong with it: what is
    // found then does not depend on how the document was cut.
    private func awaitDeclarationEnd(_ start: Int) throws(Stop) {
        let horizon = max(start, min(buffer.count, position + limits.tagSize))
        for index in start..<horizon where buffer.peek(index) == UInt8(ascii: ">") { return }
        guard buffer.count - position <= limits.tagSize else { throw Stop(.limitTagSize, at: position) }
        guard inputEnded else { throw Stop(.incomplete, at: buffer.count) }
    }

    private mutating func begins(with bytes: [UInt8], at start: Int) throws(Stop) -> Bool {
        for (offset, byte) in bytes.enumerated() {
            guard start + offset < buffer.count || inputEnded else { throw Stop(.incomplete, at: start) }
            guard buffer.peek(start + offset) == byte else { return false }
        }
        return true
    }

    // Production [23]. Each pseudo-attribute needs white space before it, and they come in this order.
    private mutating func parseXMLDeclaration(_ start: Int) throws(Stop) -> Int {
        var cursor = start + 5
        guard let version = try pseudoAttribute("version", &cursor) else {
            throw unexpected(.declaration, at: buffer.endOfSpace(cursor))
        }
        guard isVersion(version) else { throw Stop(.version, at: version.start, from: version.start, to: version.end) }
        let encoding = try pseudoAttribute("encoding", &cursor)
        if let encoding, !isEncodingName(encoding) {
            throw Stop(.encodingName, at: encoding.start, from: encoding.start, to: encoding.end)
        }
        let standalone = try pseudoAttribute("standalone", &cursor)
        let answer = standalone.map { text($0) }
        if let standalone, answer != "yes", answer != "no" {
            throw Stop(.standalone, at: standalone.start, from: standalone.start, to: standalone.end)
        }
        cursor = buffer.endOfSpace(cursor)
        guard buffer.peek(cursor) == UInt8(ascii: "?") else { throw unexpected(.declaration, at: cursor) }
        guard buffer.peek(cursor + 1) == UInt8(ascii: ">") else { throw unexpected(.declaration, at: cursor + 1) }
        declaration = XMLDeclaration(
            version: text(version), encoding: encoding.map { text($0) }, standalone: answer.map { $0 == "yes" })
        encodingLabelStart = encoding?.start ?? 0
        return cursor + 2
    }

    private typealias Value = (start: Int, end: Int)

    private mutating func pseudoAttribute(_ name: String, _ cursor: inout Int) throws(Stop) -> Value? {
        var index = buffer.endOfSpace(cursor)
        for (offset, byte) in name.utf8.enumerated() {
            guard index + offset < buffer.count else { throw Stop(.incomplete, at: index) }
            guard buffer.peek(index + offset) == byte else { return nil }
        }
        guard index > cursor else { throw unexpected(.declaration, at: index) }
        index = buffer.endOfSpace(index + name.utf8.count)
        guard buffer.peek(index) == UInt8(ascii: "=") else { throw unexpected(.declaration, at: index) }
        index = buffer.endOfSpace(index + 1)
        let quote = buffer.peek(index)
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw unexpected(.declaration, at: index)
        }
        let start = index + 1
        index = start
        while buffer.peek(index) != quote {
            let byte = buffer.peek(index)
            guard byte >= 0x20, byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") else {
                throw unexpected(.declaration, at: index)
            }
            index += 1
        }
        cursor = index + 1
        return (start, index)
    }

    private func text(_ value: Value) -> String {
        var result = ""
        for index in value.start..<value.end { result.unicodeScalars.append(Unicode.Scalar(buffer.peek(index))) }
        return result
    }

    // Production [26] VersionNum, fifth edition: a 1.0 processor reads any 1.x as 1.0.
    private func isVersion(_ value: Value) -> Bool {
        guard value.end - value.start >= 3, buffer.peek(value.start) == UInt8(ascii: "1"),
            buffer.peek(value.start + 1) == UInt8(ascii: ".")
        else { return false }
        return (value.start + 2..<value.end).allSatisfy { isDigit(buffer.peek($0)) }
    }

    // Production [81] EncName.
    private func isEncodingName(_ value: Value) -> Bool {
        guard value.start < value.end, isLetter(buffer.peek(value.start)) else { return false }
        return (value.start..<value.end).allSatisfy {
            let byte = buffer.peek($0)
            return isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
