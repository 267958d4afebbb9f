/// The names of one document: how they are spelled, what their prefixes are bound to now, and the ids they come to.
///
/// A spelling (`a:case`) is looked up once per tag by its bytes. What it means depends only on the namespace
/// declarations in force, which together are a numbered *scope*; a spelling remembers its meaning in the scope where it
/// was last met.
struct NameTable: ~Copyable, Sendable {
    /// A name as it is written, split and checked once.
    struct Spelling: BitwiseCopyable {
        /// Number of the prefix; 0 for none.
        var prefix: Int32
        /// Number of the local part among the texts.
        var local: Int32
        /// As an attribute it is `xmlns` or `xmlns:…`, and declares this prefix; -1 for every other name.
        var declares: Int32
        var elementScope: Int32 = -1
        var elementName: Int32 = 0
        var attributeScope: Int32 = -1
        var attributeName: Int32 = 0
    }

    // What a prefix was bound to before an element declared it anew.
    struct Undo: BitwiseCopyable {
        var prefix: Int32
        var namespace: Int32
    }

    private enum Prefix {
        static let none: Int32 = 0
        static let xml: Int32 = 1
        static let xmlns: Int32 = 2
    }

    private enum Namespace {
        static let unbound: Int32 = -1
        static let none: Int32 = 0
        static let xml: Int32 = 1
        static let xmlns: Int32 = 2
    }

    private let limits: XMLLimits
    private var spellingTexts = Interner()
    private var spellings = Slab<Spelling>(capacity: 32)
    // Where in the document names the reader is, and for each such place the spelling that came next the last time: two
    // places at the start, then two for each spelling, behind its start (as a tag or an attribute) and behind its end.
    private var context = 0
    private var followers = Slab<Int32>(capacity: 64)
    private var texts = Interner()
    private var prefixes = Interner()
    private var namespaces = Interner()
    // (namespace, local) → id; `pairs` is the way back.
    private var names = Interner()
    private var pairs = Slab<UInt64>(capacity: 32)
    // By name: the last tag that had an attribute of it.
    private var lastTags = Slab<Int>(capacity: 32)
    private var tag = 0
    // By prefix: the namespace it is bound to now.
    private var bound = Slab<Int32>(capacity: 16)
    private var undo = Slab<Undo>(capacity: 16)
    // (outer scope, prefix, namespace) → scope: records that repeat their declarations share a scope.
    private var scopes = Interner()
    private var nextUnsharedScope: Int32 = -2
    /// The number of the namespace declarations in force; 0 before any.
    private(set) var scope: Int32 = 0

    init(limits: XMLLimits) {
        self.limits = limits
        for prefix in ["", "xml", "xmlns"] { _ = prefixes.intern(prefix) }
        for uri in ["", "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"] {
            bound.append(namespaces.intern(uri))
        }
        _ = scopes.intern(low: .max)
        for _ in 0..<2 { followers.append(-1) }
    }

    // MARK: Ids

    /// How many names have an id.
    var count: Int { pairs.count }

    mutating func intern(namespace: String, local: String) -> Int32 {
        name(namespaces.intern(namespace), texts.intern(local))
    }

    func namespace(of name: Int32) -> String {
        namespaces.string(Int32(truncatingIfNeeded: pairs[Int(name)] >> 32))
    }

    func local(of name: Int32) -> String {
        texts.string(Int32(truncatingIfNeeded: pairs[Int(name)]))
    }

    private mutating func name(_ namespace: Int32, _ local: Int32) -> Int32 {
        let id = names.intern(low: Self.pair(namespace, local))
        if Int(id) == pairs.count { pairs.append(Self.pair(namespace, local)) }
        return id
    }

    private static func pair(_ high: Int32, _ low: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
    }

    // MARK: Spellings

    /// The spelling that begins at `start`, if it is the one that came next the last time, and where it ends.
    ///
    /// Records look alike, so the name that is expected is nearly always the one that comes: comparing with it is half
    /// the work of finding where the name ends and looking it up.
    @inline(__always)
    mutating func expected(_ bytes: borrowing Slab<UInt8>, _ start: Int) -> (spelling: Int32, end: Int)? {
        let guess = followers[context]
        guard guess >= 0 else { return nil }
        let end = start &+ spellingTexts.length(guess)
        guard end < bytes.count, endsName(bytes.peek(end)), spellingTexts.matches(guess, bytes, start, end) else {
            return nil
        }
        context = Self.context(behindStart: guess)
        return (guess, end)
    }

    /// The number of the spelling `bytes[start..<end]`, which is checked when it is new.
    mutating func spelling(_ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) throws(Stop) -> Int32 {
        let spelling: Int32
        if let known = spellingTexts.find(bytes, start, end) {
            spelling = known
        } else {
            spelling = try addSpelling(bytes, start, end)
        }
        followers[context] = spelling
        context = Self.context(behindStart: spelling)
        return spelling
    }

    /// Says that a tag or an attribute with this spelling has come.
    @inline(__always)
    mutating func began(_ spelling: Int32) {
        context = Self.context(behindStart: spelling)
    }

    /// Says that the element with this spelling has ended, so that what follows it is expected next.
    @inline(__always)
    mutating func ended(_ spelling: Int32) {
        context = Self.context(behindStart: spelling) &+ 1
    }

    @inline(__always)
    private static func context(behindStart spelling: Int32) -> Int {
        2 &* Int(spelling) &+ 2
    }

    /// Whether `bytes[start..<end]` is the given spelling.
    @inline(__always)
    mutating func matches(_ spelling: Int32, _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Bool {
        spellingTexts.matches(spelling, bytes, start, end)
    }

    /// How many bytes a spelling has.
    @inline(__always)
    mutating func length(ofSpelling spelling: Int32) -> Int {
        spellingTexts.length(spelling)
    }

    /// A spelling as text, for messages.
    func text(ofSpelling spelling: Int32) -> String {
        spellingTexts.string(spelling)
    }

    /// The prefix that an attribute of this spelling declares; -1 when it is no namespace declaration.
    @inline(__always)
    mutating func prefixDeclared(by spelling: Int32) -> Int32 {
        spellings[Int(spelling)].declares
    }

    private mutating func addSpelling(
        _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int
    ) throws(Stop) -> Int32 {
        guard end - start <= limits.nameSize else { throw Stop(.limitNameSize, at: start) }
        if let flaw = NameCharacters.firstFlaw(in: bytes, start, end) {
            throw Stop(.name, at: flaw, from: flaw, to: end)
        }
        let local = try startOfLocalPart(bytes, start, end)
        try checkRoom(at: start)
        var spelling = Spelling(prefix: Prefix.none, local: texts.intern(bytes, local, end), declares: -1)
        if local > start {
            spelling.prefix = internPrefix(bytes, start, local - 1)
            if spelling.prefix == Prefix.xmlns { spelling.declares = internPrefix(bytes, local, end) }
        } else if prefixes.find(bytes, start, end) == Prefix.xmlns {
            spelling.declares = Prefix.none
        }
        spellings.append(spelling)
        followers.append(-1)
        followers.append(-1)
        return spellingTexts.intern(bytes, start, end)
    }

    // Namespaces in XML 1.0, production [7] QName: at most one colon, with a name on either side.
    private func startOfLocalPart(
        _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int
    ) throws(Stop) -> Int {
        var colon = start
        while colon < end, bytes.peek(colon) != UInt8(ascii: ":") { colon += 1 }
        guard colon < end else { return start }
        guard colon > start, colon + 1 < end, NameCharacters.isStart(in: bytes, at: colon + 1, end) else {
            throw Stop(.qualifiedName, at: start, from: start, to: end)
        }
        for index in colon + 1..<end where bytes.peek(index) == UInt8(ascii: ":") {
            throw Stop(.qualifiedName, at: start, from: start, to: end)
        }
        return colon + 1
    }

    private mutating func internPrefix(_ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Int32 {
        let prefix = prefixes.intern(bytes, start, end)
        while bound.count < prefixes.count { bound.append(Namespace.unbound) }
        return prefix
    }

    private mutating func checkRoom(at position: Int) throws(Stop) {
        let storage = spellingTexts.storage + texts.storage + prefixes.storage + namespaces.storage
        let most = max(spellingTexts.count, namespaces.count, pairs.count)
        guard most < limits.distinctNames, storage < limits.nameStorage else {
            throw Stop(.limitDistinctNames, at: position)
        }
    }

    // MARK: Meanings

    /// The id of the element name that a spelling means in the current scope. `position` is where it stands.
    @inline(__always)
    mutating func elementName(_ spelling: Int32, at position: Int) throws(Stop) -> Int32 {
        let known = spellings[Int(spelling)]
        if known.elementScope == scope { return known.elementName }
        return try resolveElement(spelling, at: position)
    }

    private mutating func resolveElement(_ spelling: Int32, at position: Int) throws(Stop) -> Int32 {
        var entry = spellings[Int(spelling)]
        guard entry.prefix != Prefix.xmlns else {
            throw Stop(.namespaceReserved, at: position, spelling: spelling)
        }
        entry.elementName = try resolve(entry, spelling, at: position)
        entry.elementScope = scope
        spellings[Int(spelling)] = entry
        return entry.elementName
    }

    /// The id of the attribute name that a spelling means in the current scope; without a prefix it is in no namespace.
    @inline(__always)
    mutating func attributeName(_ spelling: Int32, at position: Int) throws(Stop) -> Int32 {
        let known = spellings[Int(spelling)]
        if known.attributeScope == scope { return known.attributeName }
        return try resolveAttribute(spelling, at: position)
    }

    private mutating func resolveAttribute(_ spelling: Int32, at position: Int) throws(Stop) -> Int32 {
        var entry = spellings[Int(spelling)]
        entry.attributeName =
            entry.prefix == Prefix.none ? name(Namespace.none, entry.local) : try resolve(entry, spelling, at: position)
        entry.attributeScope = scope
        spellings[Int(spelling)] = entry
        return entry.attributeName
    }

    private mutating func resolve(
        _ entry: Spelling, _ spelling: Int32, at position: Int
    ) throws(Stop) -> Int32 {
        let namespace = bound[Int(entry.prefix)]
        guard namespace != Namespace.unbound else {
            throw Stop(.prefixUndeclared, at: position, spelling: spelling)
        }
        if let known = names.find(low: Self.pair(namespace, entry.local)) { return known }
        try checkRoom(at: position)
        return name(namespace, entry.local)
    }

    /// Begins a tag, for ``isFirstInTag(_:)``.
    @inline(__always)
    mutating func beginTag() {
        tag &+= 1
    }

    /// Whether this is the first attribute of that name in the tag.
    @inline(__always)
    mutating func isFirstInTag(_ name: Int32) -> Bool {
        while lastTags.count <= Int(name) { lastTags.append(0) }
        let isFirst = lastTags[Int(name)] != tag
        lastTags[Int(name)] = tag
        return isFirst
    }

    // MARK: Scopes

    /// How many declarations are in force; hand it to ``leave(scope:declarations:)`` with the scope of that time.
    var declarations: Int { undo.count }

    /// Puts the namespace declaration of an attribute with the given spelling and the value `bytes[start..<end]` into
    /// force.
    ///
    /// - Parameter first: ``declarations`` before the current tag's own.
    mutating func declare(
        _ spelling: Int32, _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int, first: Int, at position: Int
    ) throws(Stop) {
        let prefix = spellings[Int(spelling)].declares
        for index in first..<undo.count where undo[index].prefix == prefix {
            throw Stop(.attributeDuplicate, at: position, spelling: spelling)
        }
        guard end - start <= limits.nameSize else { throw Stop(.limitNameSize, at: position) }
        if namespaces.find(bytes, start, end) == nil { try checkRoom(at: position) }
        let namespace = namespaces.intern(bytes, start, end)
        // Namespaces in XML 1.0, section 3: the prefixes xml and xmlns and their namespaces belong to each other alone,
        // and only the default namespace can be undeclared.
        guard prefix != Prefix.xmlns, namespace != Namespace.xmlns,
            (prefix == Prefix.xml) == (namespace == Namespace.xml)
        else { throw Stop(.namespaceReserved, at: position, spelling: spelling) }
        guard prefix == Prefix.none || namespace != Namespace.none else {
            throw Stop(.namespaceEmpty, at: position, spelling: spelling)
        }
        undo.append(Undo(prefix: prefix, namespace: bound[Int(prefix)]))
        bound[Int(prefix)] = namespace
        enterScope(prefix, namespace)
    }

    private mutating func enterScope(_ prefix: Int32, _ namespace: Int32) {
        guard scope >= 0, scopes.count < limits.distinctNames else {
            scope = nextUnsharedScope
            nextUnsharedScope = nextUnsharedScope == .min ? -2 : nextUnsharedScope - 1
            return
        }
        scope = scopes.intern(low: Self.pair(scope, prefix), high: UInt64(UInt32(bitPattern: namespace)))
    }

    /// Returns to the scope that was in force before an element.
    @inline(__always)
    mutating func leave(scope outer: Int32, declarations: Int) {
        while undo.count > declarations {
            let last = undo[undo.count &- 1]
            bound[Int(last.prefix)] = last.namespace
            undo.truncate(to: undo.count &- 1)
        }
        scope = outer
    }
}

extension Interner {
    fileprivate mutating func intern(_ string: String) -> Int32 {
        var bytes = Slab<UInt8>(capacity: string.utf8.count)
        for byte in string.utf8 { bytes.append(byte) }
        return intern(bytes, 0, bytes.count)
    }
}
