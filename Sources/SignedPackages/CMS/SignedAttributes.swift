/// The signed attributes of a signer (RFC 5652 section 5.3), and the bytes that their signature is made over.
struct SignedAttributes: Sendable {
    /// One attribute: its type and its values.
    struct Attribute: Sendable {
        var type: ObjectID
        var values: [DERElement]
    }

    /// How many attributes a signer may have.
    static let most = 64

    /// The attributes in the order in which they are written.
    let attributes: [Attribute]
    /// The DER of the SET OF, with its own tag: what is signed (RFC 5652 section 5.4).
    let signedBytes: [UInt8]
    /// The SET OF in the order in which it is written, where that is not the order of DER.
    let writtenBytes: [UInt8]?

    /// Reads `[0] IMPLICIT SET OF Attribute`.
    init(_ element: DERElement) throws(EncodingFault) {
        var cursor = element.children
        var attributes: [Attribute] = []
        var encodings: [[UInt8]] = []
        while let attribute = try cursor.next() {
            guard attributes.count < Self.most else {
                throw EncodingFault("more than \(Self.most) signed attributes", kind: .packageLimit)
            }
            attributes.append(try Self.attribute(attribute))
            encodings.append(Array(attribute.encoded))
        }
        self.attributes = attributes
        signedBytes = DERWriter.setOf(encodings)
        let written = DERWriter.value(DERTag.set, element.content)
        writtenBytes = written == signedBytes ? nil : written
    }

    /// The values of an attribute; nil when it is absent, one list for each time that it occurs.
    func values(of type: ObjectID) -> [[DERElement]] {
        attributes.filter { $0.type == type }.map(\.values)
    }

    private static func attribute(_ element: DERElement) throws(EncodingFault) -> Attribute {
        try element.expect(DERTag.sequence, "a signed attribute")
        var parts = element.children
        let type = try parts.next(DERTag.objectIdentifier, "the type of an attribute").objectID()
        var members = try parts.next(DERTag.set, "the values of an attribute").children
        try parts.end("a signed attribute")
        var values: [DERElement] = []
        while let value = try members.next() {
            guard values.count < Self.most else {
                throw EncodingFault("more than \(Self.most) values of an attribute", kind: .packageLimit)
            }
            values.append(value)
        }
        return Attribute(type: type, values: values)
    }
}
