/// Why reading stopped short of a token: small and plain, so that throwing it on the way out costs nothing until a
/// finding is made of it.
struct Stop: Error, BitwiseCopyable {
    /// What was met.
    var flaw: Flaw
    /// Where in the buffer.
    var at: Int
    /// The bytes of the buffer that the message shows.
    var from: Int
    var to: Int

    init(_ flaw: Flaw, at position: Int, from: Int = 0, to: Int = 0) {
        self.flaw = flaw
        self.at = position
        self.from = from
        self.to = to
    }

    /// A flaw whose message shows a spelling that is known by number, rather than bytes of the buffer.
    init(_ flaw: Flaw, at position: Int, spelling: Int32) {
        self.init(flaw, at: position, from: Int(spelling))
    }
}

/// Everything that can be wrong with a document, and the one thing that is not its fault: that there is no more of it
/// yet.
enum Flaw: UInt8, BitwiseCopyable, CaseIterable {
    case incomplete
    case empty, noRoot, truncated, doctype, contentOutsideRoot
    case declaration, declarationMisplaced, version, encodingName, standalone
    case character, name, markup, tag, attribute, attributeSpace, attributeLessThan, attributeDuplicate
    case prefixUndeclared, namespaceReserved, namespaceEmpty, qualifiedName
    case reference, characterReference, entity, cdataEnd, comment, instruction, instructionTarget, endTag
    case limitDepth, limitAttributes, limitTagSize, limitValueSize, limitNameSize, limitDistinctNames
}
