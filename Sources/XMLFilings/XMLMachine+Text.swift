extension XMLMachine {
    /// Reads a piece of text, whose first byte is not `<`.
    @inline(__always)
    mutating func readText() throws(Stop) {
        depth = elements.count
        let end = buffer.endOfPlainText(position)
        if buffer.peek(end) == UInt8(ascii: "<"), end - position <= limits.textPieceSize {
            text = Slice(start: position, end: end)
            position = end
        } else {
            _ = try readBrokenText(firstStop: end, isCDATA: false)
        }
    }

    /// Passes over white space that reaches from tag to tag, if that is wanted; false when there is text to be read.
    @inline(__always)
    mutating func skipBlankText() throws(Stop) -> Bool {
        guard skipsBlankText, !textGoesOn, isSpace(buffer.peek(position)) else { return false }
        let end = buffer.endOfSpace(buffer.endOfIndentation(position))
        guard end &- position <= limits.textPieceSize else { return false }
        guard buffer.peek(end) == UInt8(ascii: "<") else {
            // Whether it is blank shows only behind it.
            guard end < buffer.count || inputEnded else { throw Stop(.incomplete, at: end) }
            return false
        }
        position = end
        tokenStart = end
        return true
    }

    /// Reads a piece of a CDATA section; false when it is empty because the section ends.
    mutating func readCDATA() throws(Stop) -> Bool {
        depth = elements.count
        let end = buffer.endOfRun(position, delimiter: UInt8(ascii: "]"))
        return try readBrokenText(firstStop: end, isCDATA: true)
    }

    /// What a byte that stops a scan of text is.
    private enum TextStop: Equatable {
        /// Text like any other, so many bytes of it.
        case plain(Int)
        case lineEnd(Int)
        case reference
        /// The run ends here, before a tag or `]]>`.
        case end
        /// The bytes that tell are not here yet.
        case unknown
    }

    // Reads text that is not one plain slice: it holds references or line ends to normalise, is cut by the end of the
    // buffer or the size of a piece, or breaks a rule. What comes before a flaw is delivered first, so that cuts make
    // no difference.
    private mutating func readBrokenText(firstStop: Int, isCDATA: Bool) throws(Stop) -> Bool {
        let start = position
        let horizon = min(buffer.count, start + limits.textPieceSize)
        scratch.truncate(to: 0)
        // What has been looked at, and how far it has been copied to `scratch`.
        var cursor = firstStop
        var run = start
        do throws(Stop) {
            while cursor < horizon {
                let stop = try textStop(at: cursor, isCDATA: isCDATA)
                if stop == .end { return finishPiece(run, cursor, isCDATA: isCDATA) }
                guard try pass(stop, &cursor, &run) else { break }
                cursor =
                    isCDATA ? buffer.endOfRun(cursor, delimiter: UInt8(ascii: "]")) : buffer.endOfPlainText(cursor)
            }
        } catch  where cursor == start {
            throw error
        } catch {}
        let cut = max(run, endOfWholeCharacters(run, min(cursor, horizon)))
        guard cut > start else { throw Stop(.incomplete, at: start) }
        setPiece(run, cut)
        textGoesOn = true
        return true
    }

    // Takes in what stopped a scan; false when that must wait.
    private mutating func pass(_ stop: TextStop, _ cursor: inout Int, _ run: inout Int) throws(Stop) -> Bool {
        switch stop {
        case .end, .unknown: return false
        case .plain(let length):
            cursor += length
            return true
        case .lineEnd(let length):
            scratch.append(from: buffer, run, cursor)
            scratch.append(0x0A)
            cursor += length
        case .reference:
            scratch.append(from: buffer, run, cursor)
            run = cursor
            cursor = try readReference(cursor)
        }
        run = cursor
        return true
    }

    private mutating func finishPiece(_ run: Int, _ end: Int, isCDATA: Bool) -> Bool {
        setPiece(run, end)
        if isCDATA {
            position = end + 3
            construct = .none
            // The end of the section is markup: what follows begins a run of its own.
            textGoesOn = false
        }
        return text.start < text.end
    }

    // The piece is what `scratch` holds, if anything, and `run..<end`.
    private mutating func setPiece(_ run: Int, _ end: Int) {
        position = end
        if scratch.count > 0 {
            scratch.append(from: buffer, run, end)
            text = Slice(start: 0, end: scratch.count, isInScratch: true)
        } else {
            text = Slice(start: run, end: end)
        }
    }

    private mutating func textStop(at index: Int, isCDATA: Bool) throws(Stop) -> TextStop {
        let isLast = index + 1 == buffer.count && !inputEnded
        switch buffer.peek(index) {
        case UInt8(ascii: "<") where !isCDATA: return .end
        case UInt8(ascii: "&") where !isCDATA: return .reference
        case UInt8(ascii: "]"):
            if isLast { return .unknown }
            guard buffer.peek(index + 1) == UInt8(ascii: "]") else { return .plain(1) }
            if index + 2 == buffer.count, !inputEnded { return .unknown }
            guard buffer.peek(index + 2) == UInt8(ascii: ">") else { return .plain(1) }
            guard isCDATA else { throw Stop(.cdataEnd, at: index) }
            return .end
        case 0x0D:
            if isLast { return .unknown }
            return .lineEnd(buffer.peek(index + 1) == 0x0A ? 2 : 1)
        case 0xEF:
            if index + 2 >= buffer.count, !inputEnded { return .unknown }
            guard !isNoncharacter(at: index) else { throw Stop(.character, at: index) }
            return .plain(2)
        default: throw unexpected(.character, at: index)
        }
    }

    /// The last index up to `end` that does not cut a character in two.
    mutating func endOfWholeCharacters(_ start: Int, _ end: Int) -> Int {
        if end == buffer.count, inputEnded { return end }
        var lead = end - 1
        while lead >= start, end - lead < 4, buffer.peek(lead) & 0xC0 == 0x80 { lead -= 1 }
        guard lead >= start else { return end }
        return lead + lengthOfCharacter(lead) > end ? lead : end
    }

    /// The bytes of the character that begins at `index`, as its first byte says.
    mutating func lengthOfCharacter(_ index: Int) -> Int {
        switch buffer.peek(index) {
        case 0xC0...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xFF: 4
        default: 1
        }
    }
}
