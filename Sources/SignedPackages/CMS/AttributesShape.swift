/// Tells whether a content has the shape of the signed attributes of a message: a SET of SEQUENCEs that begin with an
/// object identifier, in DER, from the first byte to the last.
///
/// A signature with attributes is made over their encoding alone. Whoever takes the attributes out of a message and puts
/// their encoding in as its content has a message without attributes whose signature fits (RFC 5652 section 5.4 makes
/// the two inputs the same). Nobody meant to sign that as a document, and no XML and no table begins so.
struct AttributesShape {
    // The headers of the set, of the first attribute, and the tag of its type.
    private static let headSize = 16
    private var head: [UInt8] = []
    private var count: Int64 = 0

    /// Takes the next bytes of the content.
    mutating func update(_ bytes: borrowing Span<UInt8>) {
        count += Int64(bytes.count)
        for index in 0..<min(bytes.count, Self.headSize - head.count) { head.append(bytes[index]) }
    }

    /// Whether all the bytes together have the shape.
    var fits: Bool {
        guard let set = Self.header(head[...], DERTag.set), Int64(set.size) + Int64(set.length) == count,
            let attribute = Self.header(head.dropFirst(set.size), DERTag.sequence)
        else { return false }
        return head.dropFirst(set.size + attribute.size).first == DERTag.objectIdentifier
    }

    // The size of a header in DER, and the length that it tells.
    private static func header(_ bytes: ArraySlice<UInt8>, _ tag: UInt8) -> (size: Int, length: Int)? {
        let bytes = Array(bytes)
        guard bytes.count >= 2, bytes[0] == tag else { return nil }
        guard bytes[1] >= 0x80 else { return (2, Int(bytes[1])) }
        let octets = Int(bytes[1] & 0x7F)
        guard (1...4).contains(octets), bytes.count >= 2 + octets else { return nil }
        return (2 + octets, bytes[2..<(2 + octets)].reduce(0) { $0 << 8 | Int($1) })
    }
}
