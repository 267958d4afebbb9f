import CSVRosters
import Findings
import TextEncodings
import XMLFilings

/// Reads the text of a document, and knows where what was appended last ends.
protocol TextReader: ~Copyable {
    /// Where everything behind what was appended begins.
    var placeTracker: PlaceTracker { get }
    /// Takes the next bytes, UTF-8.
    mutating func append(_ bytes: Span<UInt8>)
    /// Says that the document ends with what was appended.
    mutating func endInput()
}

extension CSVReader: TextReader {}
extension XMLReader: TextReader {}

/// Decodes a document piece by piece and knows where each byte of the text was filed.
struct DocumentText: Sendable {
    private var decoder: TextDecoder
    // What the decoder noticed, each with its offset in the text, until the reader comes there.
    private var notes: [(offset: Int, finding: Finding)] = []
    // What was decoded last.
    private var piece: [UInt8] = []
    /// The first bytes that are no text. They reject the document, since nobody can say what they should have been; what
    /// stands before them is read, and the text ends there.
    private(set) var refusal: Finding?

    init(encoding: TextEncoding) {
        decoder = TextDecoder(from: encoding)
    }

    /// Decodes the next bytes for a reader, which is told where the text ends. Nothing before `oldest`, an offset in the
    /// text, will be asked for any more.
    mutating func feed<Reader: TextReader & ~Copyable>(
        _ bytes: Span<UInt8>, isLast: Bool, oldest: Int, to reader: inout Reader
    ) {
        var rest = bytes
        while !rest.isEmpty {
            let passed = refusal == nil ? decoder.pass(rest) : 0
            reader.append(rest.extracting(..<passed))
            rest = rest.extracting(passed...)
            if rest.isEmpty { break }
            // What cannot be passed is a single character, as a rule.
            let end = refusal == nil && decoder.canPass ? min(rest.count, Self.decodedSize) : rest.count
            decode(rest.extracting(..<end), isLast: false, oldest: oldest, for: &reader)
            rest = rest.extracting(end...)
        }
        guard isLast else { return }
        decode(rest, isLast: true, oldest: oldest, for: &reader)
        if refusal == nil { reader.endInput() }
    }

    private static let decodedSize = 64

    private mutating func decode<Reader: TextReader & ~Copyable>(
        _ bytes: Span<UInt8>, isLast: Bool, oldest: Int, for reader: inout Reader
    ) {
        guard refusal == nil else { return }
        piece.removeAll(keepingCapacity: true)
        decoder.releaseHistory(before: oldest)
        decoder.decode(bytes, into: &piece, isLast: isLast)
        if !decoder.faults.isEmpty { takeFaults(at: reader.placeTracker) }
        reader.append(piece.span)
    }

    // Takes what the decoder noticed in the piece, which begins at the tracker's place.
    private mutating func takeFaults(at tracker: PlaceTracker) {
        let start = decoder.utf8Count - piece.count
        for fault in decoder.takeFaults() where refusal == nil {
            let length = fault.utf8Offset - start
            var place = tracker.place(after: piece.span.extracting(0..<length))
            place.offset = fault.originalOffset
            var finding = fault.finding(in: decoder.encoding, at: place)
            if fault.kind == .privateUse {
                notes.append((fault.utf8Offset, finding))
            } else {
                finding.severity = .fatal
                refusal = finding
                piece.removeSubrange(length...)
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
