/// A document to put into a package.
public struct PackageSourceDocument: Sendable {
    /// The name in the package, such as `roster.csv`.
    public var name: String
    /// The media type, such as `text/csv`; may be empty.
    public var mediaType: String
    /// The bytes; they are read more than once.
    public var content: any PackageInput

    /// Describes a document.
    public init(name: String, mediaType: String, content: any PackageInput) {
        self.name = name
        self.mediaType = mediaType
        self.content = content
    }
}

/// Makes signed packages of every kind, in bounded memory.
///
/// All methods throw ``PackageError``, or what the input or the output threw.
public struct PackageCreator: Sendable {
    private let signers: [PackageSigner]
    private let profile: CMSProfile
    private let signedAt: Int64
    private let cades: Bool

    /// Describes how to sign.
    ///
    /// - Parameters:
    ///   - signers: Who signs; at least one. All sign the same content.
    ///   - profile: The object identifiers: RFC 5652's, or GB/T 35275's, which go with SM2.
    ///   - signedAt: The signing time, in seconds since 1970.
    ///   - cades: Whether the signer's certificate is named in the signed attributes. ASiC containers always do that.
    public init(signers: [PackageSigner], profile: CMSProfile = .cms, signedAt: Int64, cades: Bool = false) {
        self.signers = signers
        self.profile = profile
        self.signedAt = signedAt
        self.cades = cades
    }

    /// SignedData with the content inside, in DER: `x.xml.p7m`.
    public func attached(_ content: some PackageInput, output: ([UInt8]) throws -> Void) throws {
        try writer(cades: cades).writeAttached(content, output: output)
    }

    /// SignedData over a content that lies beside it, in DER: `x.csv.p7s`.
    public func detached(_ content: some PackageInput) throws -> [UInt8] {
        try writer(cades: cades).detached(content)
    }

    /// ASiC-E with CAdES (ETSI EN 319 162-1): several documents, a manifest, and a signature over the manifest.
    public func asicE(_ documents: [PackageSourceDocument], output: @escaping ([UInt8]) throws -> Void) throws {
        let writer = try writer(cades: true)
        guard !documents.isEmpty else { throw Self.nothing("ASiC-E") }
        // One digest for all references: the strongest thing that every signer can do anyway.
        let algorithm = writer.digestAlgorithms[0]
        var manifest = ASiCManifest(signature: "META-INF/signature001.p7s", references: [])
        for document in documents {
            let digests = try Self.digests(of: document.content, [algorithm])
            guard let digest = digests[algorithm] else { continue }
            manifest.references.append(
                ASiCManifest.Reference(
                    name: document.name, mediaType: document.mediaType, algorithm: algorithm, digest: digest.bytes))
        }
        let manifestBytes = try manifest.xml()
        var zip = ZipWriter(output: output)
        try zip.add(ASiCMediaType.entry, Array(ASiCMediaType.text(of: .asicE).utf8))
        for document in documents { try Self.add(document, to: &zip) }
        try zip.add("META-INF/ASiCManifest001.xml", manifestBytes)
        try zip.add(manifest.signature, try writer.detached(BytesInput(manifestBytes)))
        try zip.finish()
    }

    /// ASiC-S with CAdES (ETSI EN 319 162-1): one document, and a signature over it.
    public func asicS(_ document: PackageSourceDocument, output: @escaping ([UInt8]) throws -> Void) throws {
        let writer = try writer(cades: true)
        let digests = try Self.digests(of: document.content, writer.digestAlgorithms)
        var zip = ZipWriter(output: output)
        try zip.add(ASiCMediaType.entry, Array(ASiCMediaType.text(of: .asicS).utf8))
        try Self.add(document, to: &zip)
        try zip.add(ASiCEntries.simpleSignature, try writer.detached(digests: digests))
        try zip.finish()
    }

    /// SignedData that holds certificates and no signature, in DER: `x.p7b`.
    ///
    /// - Parameter certificates: DER, in any order; repeated ones are written once.
    public static func bundle(_ certificates: [[UInt8]]) -> [UInt8] {
        CMSWriter.bundle(certificates)
    }

    /// A SignedData in DER as PEM (RFC 7468 section 9, label `CMS`).
    public static func pem(_ message: [UInt8]) -> String {
        "-----BEGIN CMS-----\n\(Base64.lines(message))-----END CMS-----\n"
    }

    private func writer(cades: Bool) throws(PackageError) -> CMSWriter {
        guard !signers.isEmpty else { throw Self.nothing("a signature") }
        guard profile == .cms || signers.allSatisfy({ $0.scheme == .sm2 }) else {
            throw PackageError(
                .notWritable, place: "GB/T 35275", underlying: "a key that is not SM2",
                next: "Sign with an SM2 key, or with the object identifiers of RFC 5652.")
        }
        return CMSWriter(signers: signers, profile: profile, signedAt: signedAt, cades: cades)
    }

    private static func nothing(_ kind: String) -> PackageError {
        PackageError(
            .notWritable, place: kind, underlying: "nothing to put into it",
            next: "Give at least one signer and one document.")
    }

    private static func add(_ document: PackageSourceDocument, to zip: inout ZipWriter) throws {
        func add(_ content: some PackageInput) throws { try zip.add(document.name, content) }
        try add(document.content)
    }

    private static func digests(
        of content: any PackageInput, _ algorithms: [DigestAlgorithm]
    ) throws -> [DigestAlgorithm: MessageDigest] {
        func digests(_ content: some PackageInput) throws -> [DigestAlgorithm: MessageDigest] {
            try ContentPasses.digests(of: content, algorithms)
        }
        return try digests(content)
    }
}
