/// One SignerInfo (RFC 5652 section 5.3).
struct SignerBlock: Sendable {
    /// How the signer's certificate is named.
    enum Identifier: Sendable, Hashable {
        /// The issuer's name in DER and the content octets of the serial number.
        case issuerAndSerial(issuer: [UInt8], serial: [UInt8])
        case subjectKeyIdentifier([UInt8])

        /// For people.
        var description: String {
            switch self {
            case .issuerAndSerial(_, let serial): "the certificate with serial number \(hex(serial))"
            case .subjectKeyIdentifier(let identifier): "the certificate with key identifier \(hex(identifier))"
            }
        }
    }

    /// CMSVersion as it was seen.
    var version: Int
    var identifier: Identifier
    var digestAlgorithm: AlgorithmIdentifier
    /// Nil in the form without attributes.
    var signedAttributes: SignedAttributes?
    var signatureAlgorithm: AlgorithmIdentifier
    /// The signature value.
    var signature: [UInt8]
    /// The types of the attributes that nothing vouches for. They are named and otherwise ignored.
    var unsignedAttributes: [ObjectID]

    /// Reads a SignerInfo in DER.
    init(_ element: DERElement) throws(EncodingFault) {
        try element.expect(DERTag.sequence, "a signer")
        var members = element.children
        version = try members.next(DERTag.integer, "the version of a signer").smallInteger()
        // 1 with issuer and serial number, 3 with a key identifier; writers mix them up.
        guard version == 1 || version == 3 else { throw EncodingFault("a signer of version \(version)") }
        identifier = try Self.identifier(&members)
        digestAlgorithm = try AlgorithmIdentifier(try members.next(DERTag.sequence, "the digest of a signer"))
        let signed = try members.nextIf(DERTag.contextConstructed(0))
        if let signed { signedAttributes = try SignedAttributes(signed) }
        signatureAlgorithm = try AlgorithmIdentifier(
            try members.next(DERTag.sequence, "the signature algorithm of a signer"))
        signature = Array(try members.next(DERTag.octetString, "the signature value").content)
        let unsigned = try members.nextIf(DERTag.contextConstructed(1))
        unsignedAttributes = []
        if let unsigned { unsignedAttributes = try Self.types(of: unsigned) }
        try members.end("a signer")
    }

    private static func identifier(_ members: inout DERCursor) throws(EncodingFault) -> Identifier {
        if let key = try members.nextIf(DERTag.context(0)) { return .subjectKeyIdentifier(Array(key.content)) }
        var parts = try members.next(DERTag.sequence, "the identifier of a signer").children
        let issuer = try parts.next(DERTag.sequence, "the issuer of the signer's certificate")
        let serial = try parts.next(DERTag.integer, "the serial number of the signer's certificate").integer()
        try parts.end("the identifier of a signer")
        return .issuerAndSerial(issuer: Array(issuer.encoded), serial: Array(serial))
    }

    private static func types(of attributes: DERElement) throws(EncodingFault) -> [ObjectID] {
        var cursor = attributes.children
        var types: [ObjectID] = []
        while let attribute = try cursor.next() {
            guard types.count < SignedAttributes.most else {
                throw EncodingFault("more than \(SignedAttributes.most) unsigned attributes", kind: .packageLimit)
            }
            var parts = attribute.children
            types.append(try parts.next(DERTag.objectIdentifier, "the type of an attribute").objectID())
        }
        return types
    }
}
