import Findings

/// Where the content of a SignedData lies: one OCTET STRING, whole or in any number of pieces. The pieces are found
/// again by walking, so that a gigabyte of small ones needs no memory.
struct ContentLocation: Sendable, Hashable {
    /// The header of the OCTET STRING.
    var header: BERHeader
    /// Where the value that holds it ends, as far as that is known.
    var limit: Int64
    /// Whether a value that reaches behind `limit` means that the input was cut off.
    var mayBeCut: Bool
    /// How many bytes the content has.
    var size: Int64 = 0
}

/// Walks over the pieces of a content (X.690 clause 8.7): strings in strings, definite or not.
struct ContentWalker: Sendable {
    private struct Level {
        var end: Int64?
        var limit: Int64
    }

    private var levels: [Level] = []
    private let nesting: Int
    private let allowance: Int64
    private let mayBeCut: Bool
    private var payload: Int64 = 0
    private var overhead: Int64 = 0
    // A whole string is handed out once, without walking.
    private var whole: Range<Int64>?
    /// Behind what was walked over so far.
    private(set) var position: Int64

    /// - Parameters:
    ///   - location: Where the content begins.
    ///   - limits: Nesting, and how many bytes may be spent on headers beyond a share of the content.
    init(_ location: ContentLocation, limits: PackageLimits) {
        nesting = limits.nesting
        mayBeCut = location.mayBeCut
        allowance = Int64(limits.signatureBytes)
        position = location.header.contentStart
        if location.header.tag == DERTag.octetString, let end = location.header.contentEnd {
            whole = position..<end
        } else {
            levels = [Level(end: location.header.contentEnd, limit: location.header.contentEnd ?? location.limit)]
        }
    }

    /// The next piece that is not empty, as offsets in the input; nil at the end of the content.
    mutating func next(in window: inout InputWindow) throws(PackageFault) -> Range<Int64>? {
        if let whole {
            self.whole = nil
            position = whole.upperBound
            return whole.isEmpty ? nil : whole
        }
        while let level = levels.last {
            if position == level.end {
                levels.removeLast()
                continue
            }
            let header = try BERHeader.read(
                at: position, limit: level.limit, in: &window,
                exceeding: mayBeCut && level.limit == window.input.size ? .packageTruncated : .packageMalformed)
            if header.isEndOfContents, level.end == nil {
                position = header.contentStart
                levels.removeLast()
            } else if let piece = try take(header, within: level) {
                return piece
            }
        }
        return nil
    }

    private mutating func take(_ header: BERHeader, within level: Level) throws(PackageFault) -> Range<Int64>? {
        overhead += header.contentStart - header.start
        guard overhead <= allowance + payload / 16 else {
            throw PackageFault("package", .structure, .packageLimit, "the content is cut into too many small pieces")
        }
        position = header.contentStart
        if header.tag == DERTag.octetString, let end = header.contentEnd {
            position = end
            payload += end - header.contentStart
            return header.contentStart == end ? nil : header.contentStart..<end
        }
        guard header.tag == DERTag.octetString | 0x20 else {
            throw PackageFault(
                "package", .structure, .packageMalformed,
                "tag 0x\(hex(header.tag)) among the pieces of the content, at byte \(header.start)")
        }
        guard levels.count < nesting else {
            throw PackageFault("package", .structure, .packageLimit, "strings nested deeper than \(nesting)")
        }
        levels.append(Level(end: header.contentEnd, limit: header.contentEnd ?? level.limit))
        return nil
    }
}
