/// Turns BER (X.690 clause 8) in memory into DER as far as lengths and cut strings go: indefinite and overlong lengths
/// become short ones, constructed strings become primitive. What is written like DER already keeps its bytes, so that
/// certificates stay what their issuer signed.
///
/// The order of sets and the form of primitive values are left alone; whoever reads them judges them.
struct BERNormalizer {
    private let bytes: ArraySlice<UInt8>
    private let nesting: Int
    /// Whether something had to be rewritten.
    private(set) var rewrote = false

    /// - Parameters:
    ///   - bytes: One or more BER values.
    ///   - nesting: How deep values may lie in one another.
    init(_ bytes: ArraySlice<UInt8>, nesting: Int) {
        self.bytes = bytes
        self.nesting = nesting
    }

    /// Reads the value at `index` and moves behind it. Nil where the end-of-contents octets stand instead of a value;
    /// those are consumed.
    mutating func next(at index: inout Int) throws(EncodingFault) -> ArraySlice<UInt8>? {
        if isEndOfContents(index) {
            index += 2
            return nil
        }
        let start = index
        let extent = try scan(at: start, end: bytes.endIndex, depth: 0)
        index = extent.end
        if extent.plain { return bytes[start..<extent.end] }
        rewrote = true
        var result: [UInt8] = []
        _ = try emit(at: start, end: bytes.endIndex, depth: 0, into: &result)
        return result[...]
    }

    // Where the value ends, and whether lengths and strings in it are those of DER. Recursion is bounded by `nesting`.
    private func scan(at start: Int, end: Int, depth: Int) throws(EncodingFault) -> (end: Int, plain: Bool) {
        let header = try header(at: start, end: end, depth: depth)
        guard header.constructed else { return (header.contentEnd ?? end, header.plain) }
        var plain = header.plain && !header.isCutString
        var index = header.contentStart
        while try !isAtEnd(of: header, index: &index, limit: end) {
            let child = try scan(at: index, end: header.contentEnd ?? end, depth: depth + 1)
            plain = plain && child.plain
            index = child.end
        }
        return (index, plain)
    }

    // Writes the value as DER; returns where it ends.
    private func emit(
        at start: Int, end: Int, depth: Int, into result: inout [UInt8]
    ) throws(EncodingFault) -> Int {
        let extent = try scan(at: start, end: end, depth: depth)
        if extent.plain {
            result.append(contentsOf: bytes[start..<extent.end])
            return extent.end
        }
        let header = try header(at: start, end: end, depth: depth)
        if header.isCutString {
            var content: [UInt8] = []
            let end = try join(header, start: start, end: end, depth: depth, into: &content)
            result.append(contentsOf: DERWriter.value(header.tag & ~0x20, content))
            return end
        }
        var content: [UInt8] = []
        var index = header.contentStart
        if header.constructed {
            while try !isAtEnd(of: header, index: &index, limit: end) {
                index = try emit(at: index, end: header.contentEnd ?? end, depth: depth + 1, into: &content)
            }
        } else {
            content.append(contentsOf: bytes[index..<extent.end])
            index = extent.end
        }
        result.append(contentsOf: DERWriter.value(header.tag, content))
        return index
    }

    // Joins the pieces of a constructed string (clause 8.7.3); pieces have the tag of the whole.
    private func join(
        _ header: Header, start: Int, end: Int, depth: Int, into content: inout [UInt8]
    ) throws(EncodingFault) -> Int {
        guard header.tag & 0x1F != DERTag.bitString else { throw EncodingFault("a BIT STRING in pieces") }
        var index = header.contentStart
        while try !isAtEnd(of: header, index: &index, limit: end) {
            let piece = try self.header(at: index, end: header.contentEnd ?? end, depth: depth + 1)
            guard piece.tag & ~0x20 == header.tag & ~0x20 else {
                throw EncodingFault("a string holds a piece of another type")
            }
            if piece.constructed {
                index = try join(
                    piece, start: index, end: header.contentEnd ?? end, depth: depth + 1, into: &content)
            } else {
                let pieceEnd = piece.contentEnd ?? end
                content.append(contentsOf: bytes[piece.contentStart..<pieceEnd])
                index = pieceEnd
            }
        }
        return index
    }
}

extension BERNormalizer {
    private struct Header {
        var tag: UInt8
        var contentStart: Int
        // Nil for an indefinite length.
        var contentEnd: Int?
        // The length is written as DER demands.
        var plain: Bool

        var constructed: Bool { tag & 0x20 != 0 }
        var isCutString: Bool { constructed && Self.strings.contains(tag & ~0x20) }

        private static let strings: Set<UInt8> = [
            0x03, 0x04, 0x0C, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E,
        ]
    }

    private func isEndOfContents(_ index: Int) -> Bool {
        index + 1 < bytes.endIndex && bytes[index] == 0 && bytes[index + 1] == 0
    }

    // Moves over the end-of-contents octets when they end the value.
    private func isAtEnd(of header: Header, index: inout Int, limit: Int) throws(EncodingFault) -> Bool {
        if let end = header.contentEnd { return index == end }
        guard index + 1 < limit else {
            throw EncodingFault("a value of indefinite length has no end", kind: .packageTruncated)
        }
        guard isEndOfContents(index) else { return false }
        index += 2
        return true
    }

    private func header(at start: Int, end: Int, depth: Int) throws(EncodingFault) -> Header {
        guard depth < nesting else { throw EncodingFault("values nested deeper than \(nesting)", kind: .packageLimit) }
        guard start + 1 < end else { throw EncodingFault("a value ends within its header", kind: .packageTruncated) }
        let (tag, first) = (bytes[start], bytes[start + 1])
        guard tag != 0 else { throw EncodingFault("end-of-contents octets where a value should be") }
        guard tag & 0x1F != 0x1F else { throw EncodingFault("a tag number above 30") }
        if first < 0x80 { return try checked(Header(tag: tag, contentStart: start + 2, plain: true), Int(first), end) }
        if first == 0x80 {
            guard tag & 0x20 != 0 else { throw EncodingFault("an indefinite length on a primitive value") }
            return Header(tag: tag, contentStart: start + 2, contentEnd: nil, plain: false)
        }
        let count = Int(first & 0x7F)
        guard count <= 8, start + 2 + count <= end else { throw EncodingFault("a length of \(count) octets") }
        var length: UInt64 = 0
        for octet in bytes[(start + 2)..<(start + 2 + count)] { length = length << 8 | UInt64(octet) }
        guard length <= UInt64(end - start) else {
            throw EncodingFault(
                "a value of \(length) bytes where \(end - start - 2 - count) are left", kind: .packageTruncated)
        }
        let shortest = DERWriter.header(tag, length: Int64(length)).count
        let header = Header(tag: tag, contentStart: start + 2 + count, plain: shortest == 2 + count)
        return try checked(header, Int(length), end)
    }

    private func checked(_ header: Header, _ length: Int, _ end: Int) throws(EncodingFault) -> Header {
        guard length <= end - header.contentStart else {
            throw EncodingFault(
                "a value of \(length) bytes where \(end - header.contentStart) are left", kind: .packageTruncated)
        }
        var header = header
        header.contentEnd = header.contentStart + length
        return header
    }
}
