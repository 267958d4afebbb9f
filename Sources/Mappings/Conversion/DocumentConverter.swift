import Findings
public import TextEncodings
import XMLFilings

/// Turns one document into records: decodes, reads, maps and encodes, in one pass and with bounded memory.
///
/// It does no I/O and reads no clock. Feed the document's bytes as they were filed, in pieces of any size — the pieces
/// make no difference to what comes out — and take the batches as they become ready:
///
/// ```swift
/// var converter = DocumentConverter(mapping: mapping, context: context, encoding: verdict.encoding)
/// while let piece = next() {
///     converter.feed(piece)
///     while let batch = converter.drain() { stage(batch) }
/// }
/// converter.finish()
/// while let batch = converter.drain() { stage(batch) }
/// if converter.isRejected { discardEverythingStaged() }
/// ```
///
/// A document is used whole or not at all: nothing that was drained may be used before ``finish()`` has been called and
/// ``isRejected`` is false.
public struct DocumentConverter: ~Copyable {
    private var reading: DocumentReading
    private var tally: DocumentTally
    private var crew: ConversionCrew
    private let encoding: TextEncoding
    // Neither the mapping nor the bytes say that it is this encoding.
    private let isGuess: Bool
    private let isPureASCII: Bool
    // The first bytes, until there are enough of them to read the XML declaration.
    private var head: [UInt8] = []
    private var isPastHead = false
    private var isFinished = false

    /// Starts a document.
    ///
    /// - Parameters:
    ///   - mapping: What to do with it.
    ///   - context: Where it came from.
    ///   - encoding: What an `EncodingSurvey` of the whole document found; the mapping's own `encoding` comes first.
    ///   - isPureASCII: Whether the survey saw nothing but ASCII, so that what an XML declaration says makes no
    ///     difference.
    ///   - limits: What the document may demand.
    ///   - workers: How many threads may convert rows of it at the same time, besides the caller's, which reads. With 0
    ///     the caller's does everything. What comes out is the same.
    public init(
        mapping: Mapping, context: FilingContext, encoding: TextEncoding, isPureASCII: Bool = false,
        limits: ConversionLimits = ConversionLimits(), workers: Int = 0
    ) {
        let encoding = mapping.program.reads.encoding(found: encoding)
        self.encoding = encoding
        isGuess = mapping.program.reads.encoding == nil && encoding == .gb18030
        self.isPureASCII = isPureASCII
        tally = DocumentTally(mapping, limits: limits)
        reading = DocumentReading(mapping, encoding: encoding, limits: limits)
        crew = ConversionCrew(mapping, context, limits, workers: workers)
        isPastHead = mapping.format == .csv
    }

    /// Takes the next bytes of the document, as they were filed. After a rejection it does nothing.
    public mutating func feed(_ bytes: Span<UInt8>) {
        guard !isRejected, !isFinished, !bytes.isEmpty else { return }
        if isPastHead { return readPieces(bytes) }
        head.append(bytes)
        if head.count >= XMLEncodingSniff.size { passHead() }
    }

    /// Says that the document is complete. Further calls do nothing.
    public mutating func finish() {
        guard !isFinished else { return }
        isFinished = true
        if !isPastHead { passHead() }
        guard !isRejected else { return }
        read(Span(), isLast: true)
    }

    /// Whether nothing of the document may be used; it can become true at any time up to ``finish()``.
    public var isRejected: Bool { tally.isRejected }

    /// The next full batch, or after ``finish()`` also the last one; nil when there is none at the moment, and after a
    /// rejection.
    public mutating func drain() -> RecordBatch? {
        tally.takeReady()
    }

    /// Numbers and findings so far; complete after ``finish()``.
    public var summary: ConversionSummary { tally.currentSummary }

    /// The name of the set that a snapshot replaces, where it has one; known before the first batch.
    public var snapshotScope: String? { tally.summary.snapshotScope }

    private mutating func passHead() {
        isPastHead = true
        let sniff = XMLDeclaration.sniff(head.span)
        let declared = sniff.declaredLabel.flatMap { TextEncoding(label: $0) }
        let contradiction = sniff.contradiction(
            actual: encoding.rawValue, declaredMeans: declared?.rawValue, isPureASCII: isPureASCII, isGuess: isGuess)
        if let contradiction { tally.take(contradiction) }
        let first = head
        head = []
        guard !isRejected else { return }
        read(first.span, isLast: false)
    }

    // What is decoded is read and copied again: small pieces stay near the processor meanwhile.
    private mutating func readPieces(_ bytes: Span<UInt8>) {
        var start = 0
        while start < bytes.count, !isRejected {
            let end = min(bytes.count, start + Self.pieceSize)
            read(bytes.extracting(start..<end), isLast: false)
            start = end
        }
    }

    private static let pieceSize = 32 << 10

    private mutating func read(_ bytes: Span<UInt8>, isLast: Bool) {
        reading.append(bytes, isLast: isLast, oldest: crew.oldestOffset, in: &crew.filling.block)
        while !isRejected {
            switch reading.fill(&crew.filling.block, &tally.summary) {
            case .needsInput: return
            case .full: crew.handOver(reading.text, to: &tally)
            case .refused(let finding):
                crew.finish(reading.text, to: &tally)
                return tally.take(finding)
            case .ended:
                crew.finish(reading.text, to: &tally)
                return tally.finish(header: reading.header) { reading.total($0) }
            }
        }
    }

    // MARK: Explaining

    /// Has the writer note where every field comes from.
    mutating func startTracing(row: Int?) {
        crew.startTracing(row: row)
    }

    /// The rows that were noted.
    var trace: RowTrace? { crew.trace }
}

/// The two ways to read a document.
enum DocumentReading: ~Copyable, Sendable {
    case csv(RosterReading)
    case xml(FilingReading)

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        switch mapping.format {
        case .csv: self = .csv(RosterReading(mapping, encoding: encoding, limits: limits))
        case .xml: self = .xml(FilingReading(mapping, encoding: encoding, limits: limits))
        }
    }

    var text: DocumentText {
        switch self {
        case .csv(let reading): reading.text
        case .xml(let reading): reading.text
        }
    }

    var header: HeaderValues {
        switch self {
        case .csv(let reading): reading.header
        case .xml(let reading): reading.header
        }
    }

    func total(_ column: String?) -> DeclaredNumber? {
        switch self {
        case .csv(let reading): reading.total(column)
        case .xml: nil
        }
    }

    mutating func append(_ bytes: Span<UInt8>, isLast: Bool, oldest: Int, in block: inout RowBlock) {
        switch consume self {
        case .csv(var reading):
            reading.append(bytes, isLast: isLast, oldest: oldest, in: &block)
            self = .csv(reading)
        case .xml(var reading):
            reading.append(bytes, isLast: isLast, oldest: oldest, in: &block)
            self = .xml(reading)
        }
    }

    mutating func fill(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
        switch consume self {
        case .csv(var reading):
            let state = reading.fill(&block, &summary)
            self = .csv(reading)
            return state
        case .xml(var reading):
            let state = reading.fill(&block, &summary)
            self = .xml(reading)
            return state
        }
    }
}
