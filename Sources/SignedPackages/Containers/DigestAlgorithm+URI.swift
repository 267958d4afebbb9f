extension DigestAlgorithm {
    /// The URI that manifests name it by.
    ///
    /// SM3 has none of the W3C: its object identifier as RFC 3061 writes it is what occurs most.
    var uri: String {
        switch self {
        case .sha256: "http://www.w3.org/2001/04/xmlenc#sha256"
        case .sha384: "http://www.w3.org/2001/04/xmldsig-more#sha384"
        case .sha512: "http://www.w3.org/2001/04/xmlenc#sha512"
        case .sm3: "urn:oid:1.2.156.10197.1.401"
        }
    }

    /// The digest that a URI names, in its usual form and the others that occur.
    init?(uri: String) {
        guard let digest = Self.allCases.first(where: { $0.uri == uri }) ?? Self.otherNames[uri] else { return nil }
        self = digest
    }

    private static let otherNames: [String: DigestAlgorithm] = [
        "1.2.156.10197.1.401": .sm3, "oid:1.2.156.10197.1.401": .sm3, "http://www.w3.org/2001/04/xmlenc#sm3": .sm3,
        "http://www.w3.org/2001/04/xmldsig-more#sm3": .sm3, "http://www.w3.org/2007/05/xmldsig-more#sm3": .sm3,
        "urn:oid:2.16.840.1.101.3.4.2.1": .sha256, "urn:oid:2.16.840.1.101.3.4.2.2": .sha384,
        "urn:oid:2.16.840.1.101.3.4.2.3": .sha512,
    ]

    /// What people still write and nobody may rely on any more.
    static let weakURIs: Set<String> = [
        "http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5",
        "urn:oid:1.3.14.3.2.26", "urn:oid:1.2.840.113549.2.5",
    ]
}
