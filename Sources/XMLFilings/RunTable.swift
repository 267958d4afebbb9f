/// The runs of markup that were read before, so that they need not be parsed when they come again.
///
/// What stands between two values of a record is nearly always the same bytes as in the records before. A *run* is made of
/// *pieces*: literal bytes, each but the last followed by an attribute's value. It means the same wherever the elements
/// that it ends are spelled alike and the same namespace declarations are in force, so it says what those were.
///
/// A table has room for a few hundred runs, which is more than records of one kind need; when it is full, it learns no
/// more.
struct RunTable: ~Copyable, Sendable {
    /// What stands at the beginning of a run, before its first piece.
    enum Text: UInt8, BitwiseCopyable {
        case none, plain, cdata
    }

    struct Run: BitwiseCopyable {
        var text: Text
        var hasStart: Bool
        var isEmptyElement: Bool
        // In which it is a run (``XMLMachine/circumstances(_:)``).
        var circumstances: Int32
        // Those behind it, or -1 as long as they are not known.
        var next: Int32 = -1
        // The namespace declarations in force.
        var scope: Int32
        // What is open behind it, if an element starts that does not end.
        var element: XMLMachine.OpenElement
        // Of the element that starts, or of the last one that ends.
        var spelling: Int32
        var name: Int32
        // The elements that end.
        var firstEnd: Int32 = 0
        var endCount: Int32 = 0
        // The last of them ends the run, the others have a value behind them.
        var firstPiece: Int32 = 0
        var lastPiece: Int32 = 0
        // The last tag, counted from the beginning of the first piece.
        var tag: Int32
    }

    /// Literal bytes, and the attribute whose value follows them.
    struct Piece: BitwiseCopyable {
        // The first sixteen bytes, and which of their bits count.
        var words: SIMD2<UInt64>
        var mask: SIMD2<UInt64>
        // The last sixteen, if there are more.
        var lastWords: SIMD2<UInt64>
        // Where all of them are.
        var start: Int32
        var length: Int32
        var spelling: Int32 = 0
        var name: Int32 = 0
        // The name, counted from the beginning of the piece.
        var nameStart: Int32 = 0
        var quote: UInt8 = 0
    }

    private(set) var list = Slab<Run>(capacity: 16)
    // By run: the four that came behind it, or -1; what came last is nearer to the front.
    private(set) var followers = Slab<Int32>(capacity: 64)
    private(set) var pieces = Slab<Piece>(capacity: 32)
    private(set) var literals = Slab<UInt8>(capacity: 1024)
    private(set) var endKeys = Slab<UInt64>(capacity: 32)
    private var numbers = Interner()
    private var key = Slab<UInt8>(capacity: 64)
    // Of the run in progress.
    private(set) var ends = Slab<Int32>(capacity: 16)
    private(set) var isPlain = true

    private static let most = 512
    private static let longest = 1024

    var isFull: Bool { list.count == Self.most }

    // MARK: Learning

    /// Begins a run.
    mutating func begin() {
        ends.truncate(to: 0)
        isPlain = true
    }

    /// An element has ended. It is plain if it declares no namespaces.
    mutating func note(end spelling: Int32, isPlain: Bool) {
        guard self.isPlain else { return }
        self.isPlain = isPlain && ends.count < Self.longest
        ends.append(spelling)
    }

    /// The number of the run in progress, whose bytes are `bytes[start..<end]`; -1 when there is no room for it.
    mutating func number(
        of run: Run, _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int,
        _ attributes: borrowing Slab<XMLMachine.Attribute>
    ) -> Int32 {
        guard isPlain, end - start <= Self.longest else { return -1 }
        makeKey(run, bytes, start, end, attributes)
        if let known = numbers.find(key, 0, key.count) { return known }
        guard !isFull else { return -1 }
        var new = run
        new.firstEnd = Int32(endKeys.count)
        new.endCount = Int32(ends.count)
        for index in 0..<ends.count { endKeys.append(Self.endKey(ends[index], scope: run.scope)) }
        new.firstPiece = Int32(pieces.count)
        addPieces(bytes, start, end, attributes)
        new.lastPiece = Int32(pieces.count) - 1
        list.append(new)
        for _ in 0..<4 { followers.append(-1) }
        return numbers.intern(key, 0, key.count)
    }

    // Everything that makes a run what it is. The spellings of what begins and ends are among its bytes.
    private mutating func makeKey(
        _ run: Run, _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int,
        _ attributes: borrowing Slab<XMLMachine.Attribute>
    ) {
        key.truncate(to: 0)
        key.append(run.text.rawValue | (run.hasStart ? 4 : 0))
        appendToKey(run.circumstances)
        appendToKey(run.scope)
        var from = start
        for index in 0..<attributes.count {
            key.append(from: bytes, from, attributes[index].opening + 1)
            // No document holds a NUL.
            key.append(0)
            from = attributes[index].closing
        }
        key.append(from: bytes, from, end)
    }

    private mutating func appendToKey(_ number: Int32) {
        for shift in 0..<4 as Range<Int32> { key.append(UInt8(truncatingIfNeeded: number &>> (8 &* shift))) }
    }

    private mutating func addPieces(
        _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int, _ attributes: borrowing Slab<XMLMachine.Attribute>
    ) {
        var from = start
        for index in 0..<attributes.count {
            let attribute = attributes[index]
            var piece = addPiece(bytes, from, attribute.opening + 1)
            piece.spelling = attribute.spelling
            piece.name = attribute.name
            piece.nameStart = Int32(attribute.nameStart - from)
            piece.quote = bytes.peek(attribute.opening)
            pieces.append(piece)
            from = attribute.closing
        }
        pieces.append(addPiece(bytes, from, end))
    }

    private mutating func addPiece(_ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Piece {
        let length = end - start
        let mask = SIMD2<UInt64>(Self.mask(min(8, length)), Self.mask(max(0, min(16, length) - 8)))
        let piece = Piece(
            words: bytes.words(start) & mask, mask: mask,
            lastWords: length > 16 ? bytes.words(start + length - 16) : SIMD2(), start: Int32(literals.count),
            length: Int32(length))
        literals.append(from: bytes, start, end)
        return piece
    }

    private static func mask(_ bytes: Int) -> UInt64 {
        bytes == 8 ? .max : 1 << UInt64(bytes * 8) - 1
    }

    /// Says that one run came behind another.
    mutating func note(_ next: Int32, behind run: Int32) {
        let first = 4 * Int(run)
        for index in 0..<4 where followers[first + index] == next { return promote(index, behind: run) }
        for index in (1..<4).reversed() { followers[first + index] = followers[first + index - 1] }
        followers[first] = next
    }

    /// Moves the follower at an index one to the front.
    @inline(__always)
    mutating func promote(_ index: Int, behind run: Int32) {
        guard index > 0 else { return }
        let place = 4 &* Int(run) &+ index
        let promoted = followers[place]
        followers[place] = followers[place &- 1]
        followers[place &- 1] = promoted
    }

    // MARK: Finding

    /// What an open element is that a run ends: its spelling, and that it declares no namespaces.
    @inline(__always)
    static func endKey(_ spelling: Int32, scope: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: spelling)) | UInt64(UInt32(bitPattern: scope)) &<< 32
    }

    /// Says in what circumstances the reader is behind a run. They depend on the run alone.
    mutating func note(circumstances: Int32, behind run: Int32) {
        if list[Int(run)].next != circumstances { list[Int(run)].next = circumstances }
    }

    /// Where `bytes` go on behind a piece that begins at `start`; -1 where it does not.
    @inline(__always)
    mutating func endOfPiece(_ index: Int, _ bytes: borrowing Slab<UInt8>, _ start: Int) -> Int {
        let piece = pieces[index]
        let length = Int(piece.length)
        guard length <= bytes.count &- start else { return -1 }
        let difference = (bytes.words(start) ^ piece.words) & piece.mask
        guard difference.x | difference.y == 0 else { return -1 }
        let end = start &+ length
        guard length > 16 else { return end }
        let lastDifference = bytes.words(end &- 16) ^ piece.lastWords
        guard lastDifference.x | lastDifference.y == 0 else { return -1 }
        return length <= 32 || middleMatches(literals, Int(piece.start), length, bytes, start) ? end : -1
    }

    /// The name of the attribute whose value follows a piece.
    func attributeName(_ index: Int, ofRun number: Int32) -> Int32 {
        pieces[Int(list[Int(number)].firstPiece) + index].name
    }

    func shape(_ number: Int32) -> XMLRunShape {
        let run = list[Int(number)]
        return XMLRunShape(
            ends: Int(run.endCount), start: run.hasStart ? XMLNameID(run.name) : nil,
            isEmptyElement: run.isEmptyElement, attributeCount: Int(run.lastPiece - run.firstPiece))
    }
}

// What lies between the first and the last sixteen bytes; blocks may overlap those.
private func middleMatches(
    _ literals: borrowing Slab<UInt8>, _ first: Int, _ length: Int, _ bytes: borrowing Slab<UInt8>, _ start: Int
) -> Bool {
    var offset = 16
    while offset &+ 16 < length {
        let difference = literals.words(first &+ offset) ^ bytes.words(start &+ offset)
        if difference.x | difference.y != 0 { return false }
        offset &+= 16
    }
    return true
}
