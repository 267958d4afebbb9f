import Findings

/// The tag and length of a BER value that stays where it is.
struct BERHeader: Sendable, Hashable {
    /// The identifier octet.
    var tag: UInt8
    /// Where the value begins.
    var start: Int64
    /// Where its content begins.
    var contentStart: Int64
    /// Where its content ends; nil for an indefinite length.
    var contentEnd: Int64?

    /// Whether these are end-of-contents octets.
    var isEndOfContents: Bool { tag == 0 && contentEnd == contentStart }

    /// Reads the header at `offset`; the value must end at `limit` at the latest.
    ///
    /// - Parameter exceeding: What it means when a value reaches behind `limit`: the input ends too early, or the value
    ///   is larger than the one that it lies in.
    static func read(
        at offset: Int64, limit: Int64, in window: inout InputWindow, exceeding: FindingKind
    ) throws(PackageFault) -> BERHeader {
        func fault(_ detail: String, _ kind: FindingKind) -> PackageFault {
            PackageFault("package", .structure, kind, "\(detail), at byte \(offset)")
        }
        guard limit - offset >= 2 else { throw fault("a value ends within its header", exceeding) }
        let tag = try window.byte(at: offset)
        let first = try window.byte(at: offset + 1)
        guard tag & 0x1F != 0x1F else { throw fault("a tag number above 30", .packageMalformed) }
        var header = BERHeader(tag: tag, start: offset, contentStart: offset + 2)
        if first == 0x80 {
            guard tag & 0x20 != 0 else { throw fault("an indefinite length on a primitive value", .packageMalformed) }
            return header
        }
        var length = UInt64(first)
        if first > 0x80 {
            let octets = Int64(first & 0x7F)
            guard octets <= 8 else { throw fault("a length of \(octets) octets", .packageMalformed) }
            guard limit - offset >= 2 + octets else { throw fault("a value ends within its header", exceeding) }
            length = 0
            for index in 0..<octets { length = length << 8 | UInt64(try window.byte(at: offset + 2 + index)) }
            header.contentStart += octets
        }
        guard length <= UInt64(limit - header.contentStart) else {
            throw fault("a value of \(length) bytes where \(limit - header.contentStart) are left", exceeding)
        }
        header.contentEnd = header.contentStart + Int64(length)
        return header
    }
}
