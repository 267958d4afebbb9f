public import Findings

/// Reads an XML 1.0 (fifth edition) document with namespaces, as a stream of tokens that the caller pulls.
///
/// It validates nothing and refuses every DOCTYPE, so nothing is ever looked up or expanded: memory stays at one chunk
/// and one tag, whatever the document demands. It does no I/O; the driver appends UTF-8 bytes that are already decoded:
///
/// ```swift
/// var reader = XMLReader()
/// let caseName = reader.intern(namespace: "urn:yutai:appeals:1", local: "case")
/// while true {
///     switch try reader.next() {
///     case .needsInput: if let chunk = nextChunk() { reader.append(chunk.span) } else { reader.endInput() }
///     case .startElement where reader.name == caseName: …
///     case .endOfDocument: return
///     default: break
///     }
/// }
/// ```
///
/// Comments and processing instructions are checked and skipped. Spans that the reader hands out are valid until its
/// next mutating call. Names are compared by ``XMLNameID``, never by text.
public struct XMLReader: ~Copyable, Sendable {
    private var machine: Box<XMLMachine>

    /// Creates a reader of one document.
    ///
    /// - Parameters:
    ///   - limits: What the document may demand.
    ///   - skipsBlankText: Leaves out text that is nothing but white space from one piece of markup to the next (up to
    ///     ``XMLLimits/textPieceSize``): in records that is layout, and leaving it out saves a third of all tokens.
    ///     White space that is written as references or in CDATA is reported as ever.
    public init(limits: XMLLimits = XMLLimits(), skipsBlankText: Bool = false) {
        machine = Box(XMLMachine(limits: limits, skipsBlankText: skipsBlankText))
    }

    /// Whether text that is nothing but white space between two pieces of markup is left out, from the next token on.
    public var skipsBlankText: Bool {
        get { machine.value.skipsBlankText }
        set { machine.value.skipsBlankText = newValue }
    }

    // MARK: Input

    /// Adds UTF-8 bytes of the document, cut anywhere. Call it after ``XMLToken/needsInput``, so that the buffer stays
    /// small.
    public mutating func append(_ bytes: Span<UInt8>) {
        machine.value.append(bytes)
    }

    /// Says that the document is complete.
    public mutating func endInput() {
        machine.value.inputEnded = true
    }

    /// Reads on to the next token.
    ///
    /// - Throws: ``XMLFault`` with a fatal finding where the document is not well-formed or goes over a limit.
    public mutating func next() throws(XMLFault) -> XMLToken {
        do throws(Stop) {
            return try machine.value.next()
        } catch {
            throw XMLFault(machine.value.finding(for: error))
        }
    }

    // MARK: Runs

    /// Reads on over runs of tokens, as long as the bytes that come are runs that were read before; how many there were.
    /// The next token, and what is told of it, is that behind the last of them.
    ///
    /// Records look alike, and reading what is the same as before costs a comparison. A *run* is what stands between two
    /// values: a piece of text, if any; any number of end tags; and a start tag, if it does not end at ``endRun()``. What
    /// was passed over is told by ``passedRuns``.
    ///
    /// - Parameter context: Decides, with the names in a run, what the caller makes of it. A run is found again only in the
    ///   context in which it was read first, and with the same ``skipsBlankText``; and both must be the same behind a run
    ///   whenever it is found, for the reader goes on by itself. Below 1 << 30; a negative one finds and learns no runs.
    public mutating func passRuns(in context: Int32) -> Int {
        machine.value.passRuns(in: context)
    }

    /// The runs that were passed over last, in order. What they tell stays good until the next call that changes something.
    public var passedRuns: Span<XMLRun> {
        @_lifetime(borrow self)
        get { machine.passedRuns }
    }

    /// The values of the attributes of those runs, and where their names stand. A run's are those from its
    /// ``XMLRun/firstAttribute`` on, in document order.
    public var passedAttributes: Span<XMLStretch> {
        @_lifetime(borrow self)
        get { machine.passedAttributes }
    }

    /// Ends the run in progress with the current token, as a start tag would.
    public mutating func endRun() {
        machine.value.endRun()
    }

    /// What a run consists of, besides the text at its beginning.
    public func shape(ofRun run: Int32) -> XMLRunShape {
        machine.value.runs.shape(run)
    }

    /// The name of an attribute of a run's start tag, in document order from 0.
    public func attributeName(_ index: Int, ofRun run: Int32) -> XMLNameID {
        XMLNameID(machine.value.runs.attributeName(index, ofRun: run))
    }

    /// Whether the place of a byte of the text can still be told: none behind it has been asked for.
    public func canPlace(offset: Int) -> Bool { offset >= machine.value.tracker.place.offset }

    /// Where a byte of the text stands. No place before it may be asked for any more.
    public mutating func place(ofOffset offset: Int) -> SourcePlace {
        machine.value.placeOfByte(offset - machine.value.textOffset(0))
    }

    // MARK: The current token

    /// The name of the current element, at its start and at its end.
    public var name: XMLNameID { XMLNameID(machine.value.name) }

    /// How many elements are open. The element of a start or end token is counted, so the root's own tokens have depth
    /// 1.
    public var depth: Int { machine.value.depth }

    /// The current piece of text, UTF-8: references resolved and line ends normalised to LF. Empty at other tokens.
    public var text: Span<UInt8> {
        @_lifetime(borrow self)
        get { machine.bytes(machine.value.text) }
    }

    /// How many attributes the current start tag has; namespace declarations are not counted. 0 at other tokens.
    public var attributeCount: Int { machine.value.attributes.count }

    /// The name of an attribute of the current start tag, in document order from 0.
    public func attributeName(_ index: Int) -> XMLNameID {
        XMLNameID(machine.value.attributes[index].name)
    }

    /// The value of an attribute of the current start tag: references resolved, white space normalised, UTF-8.
    @_lifetime(borrow self)
    public func attributeValue(_ index: Int) -> Span<UInt8> {
        machine.bytes(machine.value.attributes[index].value)
    }

    /// Where the current token begins; the offset counts UTF-8 bytes.
    ///
    /// At the end of an empty-element tag it is the place of that tag. Reading it moves the line count forward, hence
    /// `mutating`: every byte is counted once, however often places are asked for.
    public var place: SourcePlace {
        mutating get { machine.value.placeOfToken() }
    }

    /// Where the name of an attribute of the current start tag begins; the offset counts UTF-8 bytes.
    public mutating func attributePlace(_ index: Int) -> SourcePlace {
        machine.value.placeOfAttribute(index)
    }

    // MARK: Offsets

    /// Where everything behind what was appended begins.
    public var placeTracker: PlaceTracker { machine.value.trackerOfEnd }

    /// Where the current token begins, as ``place`` does, without counting lines.
    public var offset: Int { machine.value.textOffset(machine.value.tokenStart) }

    /// Where ``text`` stands.
    public var textStretch: XMLStretch { machine.value.stretch(machine.value.text, at: machine.value.tokenStart) }

    /// Where ``attributeValue(_:)`` stands, and the name of the attribute.
    public func attributeStretch(_ index: Int) -> XMLStretch {
        let attribute = machine.value.attributes[index]
        return machine.value.stretch(attribute.value, at: attribute.nameStart)
    }

    /// What stands at a stretch, or what it stands for, until the next call that changes something.
    @_lifetime(borrow self)
    public func bytes(_ stretch: XMLStretch) -> Span<UInt8> {
        machine.bytes(machine.value.slice(stretch))
    }

    /// A part of the document that was read since the last ``append(_:)``.
    ///
    /// Offsets are those that ``offset`` has, from that of the first token behind the last append on.
    @_lifetime(borrow self)
    public func bytes(from start: Int, to end: Int) -> Span<UInt8> {
        let shift = machine.value.textOffset(0)
        return machine.bytes(.init(start: start - shift, end: end - shift))
    }

    /// What the XML declaration says; nil until the first token, and where the document has none.
    public var declaration: XMLDeclaration? { machine.value.declaration }

    // MARK: Names

    /// The id of a name, given before or while reading; the document's own names get theirs as they are met.
    ///
    /// - Parameters:
    ///   - namespace: The namespace URI; empty for a name in no namespace.
    ///   - local: The local part.
    public mutating func intern(namespace: String, local: String) -> XMLNameID {
        XMLNameID(machine.value.names.intern(namespace: namespace, local: local))
    }

    /// The namespace URI of a name; empty for a name in no namespace. It makes a `String`: for messages, not for
    /// comparing.
    public func namespace(of name: XMLNameID) -> String {
        machine.value.names.namespace(of: name.rawValue)
    }

    /// The local part of a name. It makes a `String`: for messages, not for comparing.
    public func local(of name: XMLNameID) -> String {
        machine.value.names.local(of: name.rawValue)
    }

    /// How many different names there are so far; every id is below it.
    public var nameCount: Int { machine.value.names.count }
}
