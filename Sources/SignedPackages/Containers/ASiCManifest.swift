/// `META-INF/ASiCManifest*.xml`: which signature covers which documents, by their digests (ETSI EN 319 162-1 A.4).
struct ASiCManifest: Sendable, Hashable {
    /// One document that is covered.
    struct Reference: Sendable, Hashable {
        /// The name of the entry, decoded from its URI.
        var name: String
        /// The media type, or empty.
        var mediaType: String
        var algorithm: DigestAlgorithm
        /// The digest of the document.
        var digest: [UInt8]
    }

    /// The name of the entry that holds the signature over this manifest.
    var signature: String
    var references: [Reference]

    static let namespace = "http://uri.etsi.org/02918/v1.2.1#"
    static let digestNamespace = "http://www.w3.org/2000/09/xmldsig#"
    static let signatureMediaType = "application/x-pkcs7-signature"
}
