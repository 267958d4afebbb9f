public import Findings

/// Reads the rows of a roster from UTF-8 text that is appended piece by piece (RFC 4180, with recovery).
///
/// The reader owns its buffer: it holds the row in progress and what was appended behind it, no more. A byte order mark is
/// not expected; decoders remove it. Rows, places and findings do not depend on how the input was cut.
///
///     var reader = CSVReader()
///     while true {
///         switch reader.next() {
///         case .needsInput: …append or endInput
///         case .row: …field(0), field(1)
///         case .endOfDocument: return
///         case .refused(let finding): …
///         }
///     }
public struct CSVReader: ~Copyable, Sendable {
    /// The limits that are enforced.
    public let limits: CSVLimits
    /// Bytes from the start of a document that tell its dialect where none is given.
    public static let usualSampleSize = 64 << 10
    let sampleSize: Int
    /// How cells are separated: as declared, by the document's `sep=` line, or as detected. `nil` until the first row.
    public internal(set) var dialect: CSVDialect?
    /// The 1-based number of the row among all rows, blank ones counted; 0 before the first.
    public private(set) var rowNumber = 0

    var buffer: [UInt8] = []
    // Where the current row, or the row in progress, begins in the buffer.
    var rowStart = 0
    var scanner: CSVScanner
    var isInputEnded = false
    var isPrepared = false
    // Bytes from `rowStart` on that belong to the row that was handed out; 0 when none was.
    private var handedOut = 0
    // Line and document offset of `rowStart`. Rows begin at the start of a line.
    var line = 1
    var offset = 0
    @usableFromInline var findings: [Finding] = []
    private var refusal: CSVToken?

    /// Starts a document.
    ///
    /// - Parameters:
    ///   - dialect: How cells are separated; `nil` has the first rows tell.
    ///   - limits: What is enforced.
    ///   - sampleSize: Bytes that tell the dialect; the first row is there when they are, or when the input has ended.
    public init(
        dialect: CSVDialect? = nil, limits: CSVLimits = CSVLimits(), sampleSize: Int = CSVReader.usualSampleSize
    ) {
        self.limits = limits
        self.sampleSize = sampleSize
        self.dialect = dialect
        scanner = CSVScanner(delimiter: dialect?.delimiter ?? .comma, limits: limits)
    }

    /// Takes the next bytes of the document, which may be cut anywhere. The fields of the current row end with it.
    public mutating func append(_ bytes: Span<UInt8>) {
        dropHandedOut()
        if rowStart > buffer.count / 2 {
            buffer.removeFirst(rowStart)
            rowStart = 0
        }
        buffer.append(copying: bytes)
    }

    /// Says that the document ends with what was appended.
    public mutating func endInput() {
        isInputEnded = true
    }

    /// Goes on to the next row.
    public mutating func next() -> CSVToken {
        dropHandedOut()
        if let refusal { return refusal }
        guard isPrepared || prepare() else { return .needsInput }
        guard rowStart < buffer.count else { return isInputEnded ? .endOfDocument : .needsInput }
        switch scanner.scan(buffer, from: rowStart, isLast: isInputEnded) {
        case .needsInput:
            return .needsInput
        case .row:
            handedOut = scanner.consumed
            rowNumber &+= 1
            if !scanner.notes.isEmpty { reportNotes() }
            return .row
        case .refused:
            return refuse()
        }
    }

    /// Whether anything was found since the last call of ``takeFindings()``.
    @inlinable public var hasFindings: Bool { !findings.isEmpty }

    /// Hands over what was found since the last call, in the order of the document.
    ///
    /// The findings of a row are there when the row is.
    public mutating func takeFindings() -> [Finding] {
        guard !findings.isEmpty else { return [] }
        defer { findings.removeAll(keepingCapacity: true) }
        return findings
    }

    /// Where the row begins; its offset counts bytes of UTF-8. Before the first row, the start of the document.
    public var place: SourcePlace { SourcePlace(line: line, column: 1, offset: offset) }

    /// Where everything behind what was appended begins. Costs a look at what was not read yet.
    public var placeTracker: PlaceTracker {
        var tracker = PlaceTracker(at: place)
        tracker.advance(over: buffer.span.extracting(rowStart...))
        return tracker
    }

    /// Where a field of the row begins, its quote included. Costs a look at the row up to there.
    ///
    /// For a field that the row does not have: where it ends.
    public func place(ofField index: Int) -> SourcePlace {
        guard index < fieldCount else { return place(ofByte: scanner.rowLength) }
        let field = scanner.fields[index]
        return place(ofByte: field.start - (field.isQuoted ? 1 : 0))
    }

    func place(ofByte index: Int) -> SourcePlace {
        let end = min(rowStart + index, buffer.count)
        return PlaceTracker(at: place).place(after: buffer.span.extracting(rowStart..<end))
    }

    private mutating func refuse() -> CSVToken {
        guard let broken = scanner.refusal else { return .endOfDocument }
        let finding = Finding(
            broken.kind, at: place(ofByte: broken.index), row: rowNumber + 1, arguments: [String(broken.limit)])
        let token = CSVToken.refused(finding)
        refusal = token
        return token
    }

    private mutating func reportNotes() {
        scanner.notes.sort { $0.index < $1.index }
        var tracker = PlaceTracker(at: place)
        var index = 0
        for note in scanner.notes {
            let end = min(note.index, buffer.count - rowStart)
            tracker.advance(over: buffer.span.extracting(rowStart + index..<rowStart + end))
            index = end
            findings.append(Finding(note.kind, at: tracker.place, row: max(1, rowNumber)))
        }
        scanner.notes.removeAll(keepingCapacity: true)
    }

    private mutating func dropHandedOut() {
        guard handedOut > 0 else { return }
        line += scanner.innerLines + (scanner.endsInLineEnd ? 1 : 0)
        offset += handedOut
        rowStart += handedOut
        handedOut = 0
        scanner.beginRow()
    }
}
