import Findings

/// The state of one reading. The extensions of this type are the parser, one for each part of the grammar.
///
/// Its functions are `mutating` where they run for every token even if they change nothing: a borrowed call of a struct
/// of this size copies it.
struct XMLMachine: ~Copyable, Sendable {
    let limits: XMLLimits
    var skipsBlankText: Bool
    // Little room at first, here and below: most filings are small.
    var buffer = Slab<UInt8>(capacity: 4 << 10)
    // The next byte to be read, and the first byte of the current token; both are indices of `buffer`.
    var position = 0
    var tokenStart = 0
    var inputEnded = false
    var phase = Phase.start
    var construct = Construct.none
    // The current element was an empty-element tag: its end is the next token.
    var endIsPending = false
    var tagSearch = TagSearch()
    var declaration: XMLDeclaration?
    var encodingLabelStart = 0

    var names: NameTable
    var elements = Slab<OpenElement>(capacity: 16)
    // Of the current element.
    var name: Int32 = 0
    var depth = 0
    var attributes = Slab<Attribute>(capacity: 16)
    // Values and text that differ from what the document says literally.
    var scratch = Slab<UInt8>(capacity: 512)
    var text = Slice()
    // The last piece of text ended before its run did.
    var textGoesOn = false

    var runs = RunTable()
    var run = RunProgress()
    // The runs that were passed over last, and the values of their attributes.
    var passed = Slab<XMLRun>(capacity: 32)
    var passedValues = Slab<XMLStretch>(capacity: 64)

    // The place of the byte `tracked`; it only moves forward, so that every byte is counted once.
    var tracker = PlaceTracker()
    var tracked = 0
    var failure: Stop?

    init(limits: XMLLimits, skipsBlankText: Bool = false) {
        self.limits = limits
        self.skipsBlankText = skipsBlankText
        self.names = NameTable(limits: limits)
    }
}
