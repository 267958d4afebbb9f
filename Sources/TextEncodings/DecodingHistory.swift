/// What the decoder remembers so that offsets in its output can be translated back exactly: the original bytes of the
/// recent output, with a checkpoint every few kilobytes. Translating walks from a checkpoint on, character by character.
///
/// Faultless UTF-8 needs none of that: its offsets differ by the byte order mark only, and nothing is kept until the first
/// replacement.
struct DecodingHistory: Sendable {
    private struct Checkpoint {
        var utf8: Int
        var original: Int
    }

    private static let spacing = 8 << 10

    private let encoding: TextEncoding
    private let size: Int
    private var bytes: [UInt8] = []
    // Bytes at the front of `bytes` that were released but not moved out yet.
    private var dropped = 0
    // In ascending order; `bytes[dropped]` belongs to the first.
    private var checkpoints: [Checkpoint] = []
    // Up to this output offset original and output differ by the mark only.
    private var identicalUpTo = 0
    private(set) var isIdentical: Bool
    private var markLength = 0
    private var utf8End = 0
    /// The original offset behind all that was added.
    private(set) var originalEnd = 0

    init(encoding: TextEncoding, size: Int) {
        self.encoding = encoding
        self.size = size
        isIdentical = encoding == .utf8
    }

    mutating func start(after markLength: Int) {
        self.markLength = markLength
        originalEnd = markLength
    }

    /// What is added next is a replacement, whose length differs from its original's.
    mutating func noteReplacement() {
        guard isIdentical else { return }
        isIdentical = false
        identicalUpTo = utf8End
    }

    mutating func add(_ original: Span<UInt8>, utf8Count: Int) {
        guard !original.isEmpty else { return }
        if !isIdentical {
            if checkpoints.last.map({ originalEnd - $0.original >= Self.spacing }) ?? true {
                checkpoints.append(Checkpoint(utf8: utf8End, original: originalEnd))
                release(before: utf8End - size)
            }
            bytes.append(copying: original)
        }
        utf8End += utf8Count
        originalEnd += original.count
    }

    /// Drops what lies before the last checkpoint at or below `offset`.
    mutating func release(before offset: Int) {
        let kept = checkpointIndex(for: offset)
        guard kept > 0 else { return }
        dropped += checkpoints[kept].original - checkpoints[0].original
        checkpoints.removeFirst(kept)
        guard dropped > bytes.count / 2 else { return }
        bytes.removeFirst(dropped)
        dropped = 0
    }

    func originalOffset(ofUTF8Offset offset: Int) -> Int {
        if isIdentical || offset < identicalUpTo { return offset + markLength }
        guard let first = checkpoints.first else { return offset + markLength }
        guard offset >= first.utf8 else {
            return Int(Double(offset) / Double(first.utf8) * Double(first.original))
        }
        let checkpoint = checkpoints[checkpointIndex(for: offset)]
        return walk(from: checkpoint, to: offset)
    }

    private func walk(from checkpoint: Checkpoint, to offset: Int) -> Int {
        let span = bytes.span
        var index = dropped + checkpoint.original - checkpoints[0].original
        let start = index
        var utf8 = checkpoint.utf8
        if encoding == .gb18030 { Self.walkCommon(span, &index, &utf8, to: offset) }
        while index < span.count {
            let (length, written) = step(span, at: index)
            guard utf8 + written <= offset else { break }
            utf8 += written
            index += length
            if encoding == .gb18030 { Self.walkCommon(span, &index, &utf8, to: offset) }
        }
        return checkpoint.original + index - start
    }

    // ASCII and the two-byte codes of characters that take three bytes in UTF-8, as far as nothing else comes.
    private static func walkCommon(_ span: Span<UInt8>, _ index: inout Int, _ utf8: inout Int, to offset: Int) {
        let characters = GB18030Table.twoByteCommon
        let table = characters.span
        // The longest of these characters fits, and the trail byte is there.
        while index &+ 1 < span.count, utf8 &+ 3 <= offset {
            let lead = span[index]
            if lead < 0x80 {
                index &+= 1
                utf8 &+= 1
                continue
            }
            let trail = span[index &+ 1]
            guard lead >= 0x81, lead != 0xFF, trail >= 0x40,
                table[GB18030Table.index(lead: lead, trail: trail)] >= 0x800
            else { return }
            index &+= 2
            utf8 &+= 3
        }
    }

    private func step(_ span: Span<UInt8>, at index: Int) -> (length: Int, written: Int) {
        let step =
            switch encoding {
            case .utf8: UTF8Character.step(span, at: index)
            case .gb18030: GB18030Character.step(span, at: index)
            case .utf16LittleEndian: UTF16Character.step(span, at: index, isBigEndian: false)
            case .utf16BigEndian: UTF16Character.step(span, at: index, isBigEndian: true)
            }
        switch step {
        case .scalar(let scalar, let length):
            return (length, scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4)
        case .invalid(let length): return (length, 3)
        // Only the cut last character of a document was added without its end.
        case .incomplete: return (span.count - index, 3)
        }
    }

    // The last checkpoint at or below the offset; 0 when there is none.
    private func checkpointIndex(for offset: Int) -> Int {
        var (low, high) = (0, checkpoints.count)
        while low < high {
            let middle = (low + high) / 2
            if checkpoints[middle].utf8 <= offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
