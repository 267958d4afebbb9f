/// One DER value (X.690 clause 10): its tag and its bytes. Nothing inside of it has been looked at yet.
struct DERElement: Sendable {
    /// The identifier octet: class, constructed bit and number. Numbers above 30 are not used by any structure read
    /// here.
    let tag: UInt8
    /// Tag, length and content.
    let encoded: ArraySlice<UInt8>
    /// The content.
    let content: ArraySlice<UInt8>

    /// Reads one value that fills `bytes` completely.
    init(_ bytes: ArraySlice<UInt8>) throws(EncodingFault) {
        var cursor = DERCursor(bytes)
        guard let element = try cursor.next() else { throw EncodingFault("a DER value is missing") }
        try cursor.end("a DER value")
        self = element
    }

    fileprivate init(tag: UInt8, encoded: ArraySlice<UInt8>, content: ArraySlice<UInt8>) {
        self.tag = tag
        self.encoded = encoded
        self.content = content
    }

    /// A cursor over the values inside.
    var children: DERCursor { DERCursor(content) }

    /// The object identifier that this is.
    func objectID() throws(EncodingFault) -> ObjectID {
        try expect(DERTag.objectIdentifier, "an object identifier")
        return try ObjectID(contents: content)
    }

    /// The content octets of the INTEGER that this is: two's complement, shortest form.
    func integer() throws(EncodingFault) -> ArraySlice<UInt8> {
        try expect(DERTag.integer, "an integer")
        guard let first = content.first else { throw EncodingFault("an integer is empty") }
        if content.count > 1 {
            let second = content[content.startIndex + 1]
            guard !(first == 0 && second < 0x80), !(first == 0xFF && second >= 0x80) else {
                throw EncodingFault("an integer is longer than it needs to be")
            }
        }
        return content
    }

    /// The INTEGER as a small number, 0 to 2^31 - 1.
    func smallInteger() throws(EncodingFault) -> Int {
        let bytes = try integer()
        guard bytes.count <= 4, bytes.first.map({ $0 < 0x80 }) == true else {
            throw EncodingFault("an integer is negative or far too large")
        }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    /// Makes sure of the tag.
    func expect(_ tag: UInt8, _ what: String) throws(EncodingFault) {
        guard self.tag == tag else {
            throw EncodingFault("expected \(what) (tag 0x\(hex(tag))), found tag 0x\(hex(self.tag))")
        }
    }
}

/// Walks over DER values that follow one another; every length is checked before it is used.
struct DERCursor: Sendable {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The tag of the next value, if there is one.
    var nextTag: UInt8? { rest.first }

    /// The next value; nil at the end.
    mutating func next() throws(EncodingFault) -> DERElement? {
        guard let tag = rest.first else { return nil }
        guard tag & 0x1F != 0x1F else { throw EncodingFault("a tag number above 30") }
        let (length, header) = try Self.length(in: rest)
        guard length <= rest.count - header else {
            throw EncodingFault("a value of \(length) bytes where \(rest.count - header) are left")
        }
        let start = rest.startIndex
        let end = start + header + length
        let element = DERElement(tag: tag, encoded: rest[start..<end], content: rest[(start + header)..<end])
        rest = rest[end...]
        return element
    }

    /// The next value, which must be there and have this tag.
    mutating func next(_ tag: UInt8, _ what: String) throws(EncodingFault) -> DERElement {
        guard let element = try next() else { throw EncodingFault("\(what) is missing") }
        try element.expect(tag, what)
        return element
    }

    /// The next value if it has this tag.
    mutating func nextIf(_ tag: UInt8) throws(EncodingFault) -> DERElement? {
        nextTag == tag ? try next() : nil
    }

    /// Makes sure that nothing follows.
    func end(_ what: String) throws(EncodingFault) {
        guard rest.isEmpty else { throw EncodingFault("\(rest.count) more bytes behind the end of \(what)") }
    }

    // X.690 clause 10.1: definite, and in as few octets as possible.
    private static func length(in bytes: ArraySlice<UInt8>) throws(EncodingFault) -> (length: Int, header: Int) {
        let start = bytes.startIndex
        guard bytes.count >= 2 else { throw EncodingFault("a value ends within its header") }
        let first = bytes[start + 1]
        guard first >= 0x80 else { return (Int(first), 2) }
        let count = Int(first & 0x7F)
        guard count >= 1, count <= 4 else {
            throw EncodingFault("a length that DER does not allow or that is far too large")
        }
        guard bytes.count >= 2 + count else { throw EncodingFault("a value ends within its header") }
        let length = bytes[(start + 2)..<(start + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
        guard length >= 0x80, length >> (8 * (count - 1)) != 0 else {
            throw EncodingFault("a length is longer than it needs to be")
        }
        return (length, 2 + count)
    }
}

/// The identifier octets that occur in signed messages.
enum DERTag {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    /// `[number]`, primitive.
    static func context(_ number: UInt8) -> UInt8 { 0x80 | number }
    /// `[number]`, constructed.
    static func contextConstructed(_ number: UInt8) -> UInt8 { 0xA0 | number }
}
