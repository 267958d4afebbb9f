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
    private var writer: RecordWriter
    private var reading: DocumentReading
    private let encoding: TextEncoding
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
    public init(
        mapping: Mapping, context: FilingContext, encoding: TextEncoding, isPureASCII: Bool = false,
        limits: ConversionLimits = ConversionLimits()
    ) {
        let encoding = mapping.program.reads.encoding ?? encoding
        self.encoding = encoding
        self.isPureASCII = isPureASCII
        writer = RecordWriter(mapping, context, limits: limits)
        reading = DocumentReading(mapping, encoding: encoding, limits: limits)
        isPastHead = mapping.format == .csv
    }

    /// Takes the next bytes of the document, as they were filed. After a rejection it does nothing.
    public mutating func feed(_ bytes: Span<UInt8>) {
        guard !isRejected, !isFinished, !bytes.isEmpty else { return }
        if isPastHead { return reading.feed(bytes, isLast: false, to: &writer) }
        head.append(bytes)
        if head.count >= XMLEncodingSniff.size { passHead() }
    }

    /// Says that the document is complete. Further calls do nothing.
    public mutating func finish() {
        guard !isFinished else { return }
        isFinished = true
        if !isPastHead { passHead() }
        guard !isRejected else { return }
        reading.feed(Span(), isLast: true, to: &writer)
    }

    /// Whether nothing of the document may be used; it can become true at any time up to ``finish()``.
    public var isRejected: Bool { writer.summary.isRejected }

    /// The next full batch, or after ``finish()`` also the last one; nil when there is none at the moment, and after a
    /// rejection.
    public mutating func drain() -> RecordBatch? {
        writer.rows.takeReady()
    }

    /// Numbers and findings so far; complete after ``finish()``.
    public var summary: ConversionSummary { writer.currentSummary }

    private mutating func passHead() {
        isPastHead = true
        let sniff = XMLDeclaration.sniff(head.span)
        let declared = sniff.declaredLabel.flatMap { TextEncoding(label: $0) }
        let contradiction = sniff.contradiction(
            actual: encoding.rawValue, declaredMeans: declared?.rawValue, isPureASCII: isPureASCII)
        if let contradiction { writer.take(contradiction) }
        let first = head
        head = []
        reading.feed(first.span, isLast: false, to: &writer)
    }

    // MARK: Explaining

    /// Has the writer note where every field comes from.
    mutating func startTracing(row: Int?) {
        writer.trace = RowTrace(onlyRow: row)
    }

    /// The rows that were noted.
    var trace: RowTrace? { writer.trace }
}

/// The two ways to read a document.
enum DocumentReading: ~Copyable {
    case csv(RosterReading)
    case xml(FilingReading)

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        switch mapping.format {
        case .csv: self = .csv(RosterReading(mapping, encoding: encoding, limits: limits))
        case .xml: self = .xml(FilingReading(mapping, encoding: encoding, limits: limits))
        }
    }

    mutating func feed(_ bytes: Span<UInt8>, isLast: Bool, to writer: inout RecordWriter) {
        switch consume self {
        case .csv(var reading):
            reading.feed(bytes, isLast: isLast, to: &writer)
            self = .csv(reading)
        case .xml(var reading):
            reading.feed(bytes, isLast: isLast, to: &writer)
            self = .xml(reading)
        }
    }
}
