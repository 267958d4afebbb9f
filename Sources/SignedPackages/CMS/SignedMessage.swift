/// Everything of a SignedData (RFC 5652 section 5.1, GB/T 35275 clause 8) but the content itself.
struct SignedMessage: Sendable {
    /// How the bytes are written.
    enum Encoding: String, Sendable, Hashable {
        case der = "DER"
        case ber = "BER"
    }

    /// Which family of object identifiers it is written with.
    var profile: CMSProfile
    /// DER, or BER with indefinite or overlong lengths.
    var encoding: Encoding
    /// Set when the package is PEM; all offsets are those of the decoded bytes.
    var pem: PEMLayout?
    /// CMSVersion as it was seen.
    var version: Int
    /// The type of the content.
    var contentType: ObjectID
    /// The digests that are named up front.
    var digestAlgorithms: [AlgorithmIdentifier]
    /// Where the content lies; nil when the signature is detached.
    var content: ContentLocation?
    /// The certificates, DER, in the order of the message.
    var certificates: [[UInt8]] = []
    /// The revocation lists, DER.
    var crls: [[UInt8]] = []
    /// The OCSP responses, DER.
    var ocspResponses: [[UInt8]] = []
    /// The signers; none in a bundle of certificates.
    var signers: [SignerBlock] = []
    /// What is worth recording and changes nothing, in English.
    var notes: [String] = []
    /// The limits that it was read with.
    var limits: PackageLimits

    /// Whether the type of the content is plain data.
    var holdsData: Bool { contentType == CMSObjectIDs.data || contentType == CMSObjectIDs.chineseData }

    /// The content, from its beginning; nil when the signature is detached.
    ///
    /// - Parameter input: The package as it was handed to ``SignedMessageReader``.
    func contentReader(in input: any PackageInput) -> ContentReader? {
        content.map { ContentReader($0, in: decoded(input), limits: limits) }
    }

    /// Hands the content to `body`, piece by piece, in bounded memory. Does nothing when the signature is detached.
    func streamContent(from input: any PackageInput, _ body: (borrowing Span<UInt8>) throws -> Void) throws {
        guard var reader = contentReader(in: input) else { return }
        while try reader.withNext(body) {}
    }

    private func decoded(_ input: any PackageInput) -> any PackageInput {
        pem.map { PEMInput(input, layout: $0) } ?? input
    }
}
