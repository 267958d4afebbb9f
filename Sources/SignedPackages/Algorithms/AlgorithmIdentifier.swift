/// An AlgorithmIdentifier (RFC 5280 section 4.1.1.2) as it was seen.
struct AlgorithmIdentifier: Sendable, Hashable {
    /// What stands behind the object identifier.
    enum Parameters: Sendable, Hashable {
        case absent
        case null
        case other([UInt8])
    }

    var algorithm: ObjectID
    var parameters: Parameters

    init(_ algorithm: ObjectID, _ parameters: Parameters = .absent) {
        self.algorithm = algorithm
        self.parameters = parameters
    }

    init(_ element: DERElement) throws(EncodingFault) {
        try element.expect(DERTag.sequence, "an algorithm identifier")
        var members = element.children
        algorithm = try members.next(DERTag.objectIdentifier, "the algorithm").objectID()
        let value = try members.next()
        try members.end("an algorithm identifier")
        switch value {
        case nil: parameters = .absent
        case .some(let value) where value.tag == DERTag.null && value.content.isEmpty: parameters = .null
        case .some(let value): parameters = .other(Array(value.encoded))
        }
    }

    /// Reads one from its DER bytes.
    init(der: some Sequence<UInt8>) throws(EncodingFault) {
        try self.init(DERElement(Array(der)[...]))
    }

    /// The value in DER.
    var der: [UInt8] {
        switch parameters {
        case .absent: DERWriter.sequence(algorithm.der)
        case .null: DERWriter.sequence(algorithm.der, DERWriter.null)
        case .other(let bytes): DERWriter.sequence(algorithm.der, bytes)
        }
    }

    /// Absent and NULL mean the same for digests and for RSA; writers differ.
    var hasNoParameters: Bool { parameters == .absent || parameters == .null }

    /// The name of a known algorithm and its object identifier, with what is worth recording about the parameters.
    var seen: String {
        let name = AlgorithmNames.names[algorithm].map { "\($0) (\(algorithm))" } ?? "\(algorithm)"
        return parameters == .null ? name + " with NULL parameters" : name
    }
}
