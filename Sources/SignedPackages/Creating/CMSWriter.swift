/// Writes SignedData in DER (RFC 5652, GB/T 35275), content and all, without holding the content in memory.
struct CMSWriter: Sendable {
    let signers: [PackageSigner]
    let profile: CMSProfile
    /// The signing time, in seconds since 1970.
    let signedAt: Int64
    /// Whether signing-certificate-v2 goes into the attributes (ETSI EN 319 122-1 clause 5.2.2.3).
    let cades: Bool

    /// The digests that the signers need of the content.
    var digestAlgorithms: [DigestAlgorithm] {
        let needed = Set(signers.map(\.scheme.digest))
        return DigestAlgorithm.allCases.filter(needed.contains)
    }

    /// Writes a message with its content inside.
    ///
    /// - Parameters:
    ///   - content: Is read twice: to be hashed, and to be written.
    ///   - output: Takes the bytes, piece by piece.
    func writeAttached(_ content: some PackageInput, output: ([UInt8]) throws -> Void) throws {
        let tail = try tail(try ContentPasses.digests(of: content, digestAlgorithms))
        let octets = DERWriter.header(DERTag.octetString, length: content.size)
        let wrapper = DERWriter.header(DERTag.contextConstructed(0), length: Int64(octets.count) + content.size)
        try output(head(contentHeader: wrapper + octets, content: content.size, tail: tail.count))
        try ContentPasses.copy(content, output: output)
        try output(tail)
    }

    /// A message over a content that lies beside it.
    func detached(_ content: some PackageInput) throws -> [UInt8] {
        try detached(digests: try ContentPasses.digests(of: content, digestAlgorithms))
    }

    /// A message over a content whose digests are known.
    func detached(digests: [DigestAlgorithm: MessageDigest]) throws(PackageError) -> [UInt8] {
        let tail = try tail(digests)
        return head(contentHeader: [], content: 0, tail: tail.count) + tail
    }

    /// A message that holds certificates and nothing else.
    static func bundle(_ certificates: [[UInt8]]) -> [UInt8] {
        let writer = CMSWriter(signers: [], profile: .cms, signedAt: 0, cades: false)
        let tail = Self.certificateSet(certificates) + DERWriter.setOf([])
        return writer.head(contentHeader: [], content: 0, tail: tail.count) + tail
    }

    // Everything before the content, with lengths that count the content and the tail.
    private func head(contentHeader: [UInt8], content: Int64, tail: Int) -> [UInt8] {
        let contentType = contentType.der
        let contentInfo =
            DERWriter.header(
                DERTag.sequence, length: Int64(contentType.count + contentHeader.count) + content)
            + contentType + contentHeader
        let digests = DERWriter.setOf(digestAlgorithms.map { AlgorithmIdentifier($0.id).der })
        let inner = DERWriter.integer(1) + digests + contentInfo
        let body = Int64(inner.count) + content + Int64(tail)
        let signedData = DERWriter.header(DERTag.sequence, length: body) + inner
        let bodyWithHeader = body + Int64(signedData.count - inner.count)
        let wrapper = DERWriter.header(DERTag.contextConstructed(0), length: bodyWithHeader)
        let type = (profile == .gbt35275 ? CMSObjectIDs.chineseSignedData : CMSObjectIDs.signedData).der
        let total = Int64(type.count + wrapper.count) + bodyWithHeader
        return DERWriter.header(DERTag.sequence, length: total) + type + wrapper + signedData
    }

    // Certificates and signers.
    private func tail(_ digests: [DigestAlgorithm: MessageDigest]) throws(PackageError) -> [UInt8] {
        var blocks: [[UInt8]] = []
        for signer in signers { blocks.append(try block(signer, digests)) }
        return Self.certificateSet(signers.flatMap(\.chain)) + DERWriter.setOf(blocks)
    }

    private static func certificateSet(_ certificates: [[UInt8]]) -> [UInt8] {
        let distinct = DERWriter.sorted(Array(Set(certificates)))
        return DERWriter.value(DERTag.contextConstructed(0), distinct.flatMap { $0 })
    }

    private var contentType: ObjectID { profile == .gbt35275 ? CMSObjectIDs.chineseData : CMSObjectIDs.data }

    private func block(
        _ signer: PackageSigner, _ digests: [DigestAlgorithm: MessageDigest]
    ) throws(PackageError) -> [UInt8] {
        let digest = signer.scheme.digest
        guard let value = digests[digest] else { throw .libcrypto("no \(digest.rawValue) digest") }
        let attributes = try attributes(signer, value.bytes)
        let signature = try signer.key.sign(DERWriter.value(DERTag.set, attributes), by: signer.scheme)
        let identifier = DERWriter.sequence(
            signer.certificate.issuerName.der, DERWriter.value(DERTag.integer, signer.certificate.serialBytes))
        return DERWriter.sequence(
            DERWriter.integer(1), identifier, AlgorithmIdentifier(digest.id).der,
            DERWriter.value(DERTag.contextConstructed(0), attributes), signer.scheme.identifier(profile).der,
            DERWriter.octets(signature))
    }

    // The content octets of the SET OF, sorted.
    private func attributes(_ signer: PackageSigner, _ digest: [UInt8]) throws(PackageError) -> [UInt8] {
        var list = [
            attribute(CMSObjectIDs.contentType, contentType.der),
            attribute(CMSObjectIDs.messageDigest, DERWriter.octets(digest)),
            attribute(CMSObjectIDs.signingTime, SigningTime.der(signedAt)),
        ]
        if cades {
            let value = try SigningCertificateAttribute.der(signer.certificate.der, digest: signer.scheme.digest)
            list.append(attribute(CMSObjectIDs.signingCertificateV2, value))
        }
        return DERWriter.sorted(list).flatMap { $0 }
    }

    private func attribute(_ type: ObjectID, _ value: [UInt8]) -> [UInt8] {
        DERWriter.sequence(type.der, DERWriter.setOf([value]))
    }
}
