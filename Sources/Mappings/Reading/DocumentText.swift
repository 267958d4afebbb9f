import Findings
import TextEncodings

/// Decodes a document piece by piece and knows where each byte of the text was filed.
struct DocumentText: Sendable {
    private var decoder: TextDecoder
    // What the decoder noticed, each with its offset in the text, until the reader comes there.
    private var notes: [(offset: Int, finding: Finding)] = []
    /// The first bytes that are no text. They reject the document, since nobody can say what they should have been; what
    /// stands before them is read, and the text ends there.
    private(set) var refusal: Finding?

    init(encoding: TextEncoding) {
        decoder = TextDecoder(from: encoding)
    }

    /// Whether no byte has come yet.
    var isAtStart: Bool { decoder.originalCount == 0 }

    /// Decodes the next bytes. Nothing before `oldest`, an offset in the text, will be asked for any more.
    ///
    /// Where ``hasFaults`` is true, ``takeFaults(_:at:)`` has to follow: lines are counted by whoever reads the text.
    mutating func decode(_ bytes: Span<UInt8>, into text: inout [UInt8], isLast: Bool, oldest: Int) {
        text.removeAll(keepingCapacity: true)
        guard refusal == nil else { return }
        decoder.releaseHistory(before: oldest)
        decoder.decode(bytes, into: &text, isLast: isLast)
    }

    /// Decodes the beginning of the next bytes where it is text as it is; how much that is.
    mutating func pass(_ bytes: Span<UInt8>) -> Int {
        refusal == nil ? decoder.pass(bytes) : 0
    }

    /// Whether ``pass(_:)`` is worth trying again behind a few bytes that were decoded.
    var canPass: Bool { refusal == nil && decoder.canPass }

    /// Whether the decoder noticed something in the text that was decoded last.
    var hasFaults: Bool { !decoder.faults.isEmpty }

    /// Takes what the decoder noticed in the text, which begins at the tracker's place.
    mutating func takeFaults(_ text: inout [UInt8], at tracker: PlaceTracker) {
        let start = decoder.utf8Count - text.count
        for fault in decoder.takeFaults() where refusal == nil {
            let length = fault.utf8Offset - start
            var place = tracker.place(after: text.span.extracting(0..<length))
            place.offset = fault.originalOffset
            var finding = fault.finding(in: decoder.encoding, at: place)
            if fault.kind == .privateUse {
                notes.append((fault.utf8Offset, finding))
            } else {
                finding.severity = .fatal
                refusal = finding
                text.removeSubrange(length...)
            }
        }
    }

    /// Whether there are notes to be taken, now or later.
    var hasNotes: Bool { !notes.isEmpty }

    /// Takes the notes about private-use characters before an offset in the text, in order.
    mutating func takeNotes(before offset: Int) -> [Finding] {
        guard let first = notes.first, first.offset < offset else { return [] }
        let count = notes.firstIndex { $0.offset >= offset } ?? notes.count
        defer { notes.removeFirst(count) }
        return notes[..<count].map(\.finding)
    }

    /// A place in the text as a place in the document as it was filed.
    func original(_ place: SourcePlace) -> SourcePlace {
        SourcePlace(
            line: place.line, column: place.column, offset: decoder.originalOffset(ofUTF8Offset: place.offset))
    }
}
