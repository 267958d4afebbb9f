/// The signed attribute that names the signer's certificate by its digest (RFC 5035 section 3): what keeps a signature
/// from being shown with another certificate of the same key.
struct SigningCertificateAttribute: Sendable {
    /// The digest algorithm of the certificate's digest.
    var digestAlgorithm: DigestAlgorithm
    /// The digest of the certificate's DER.
    var digest: [UInt8]
    /// The issuer's GeneralNames, and the serial number, where they are given.
    var issuerAndSerial: (names: DERElement, serial: [UInt8])?

    /// Reads SigningCertificateV2; only its first entry, which is the signer's, counts.
    init(_ element: DERElement) throws {
        try element.expect(DERTag.sequence, "signing-certificate-v2")
        var members = element.children
        var entries = try members.next(DERTag.sequence, "the certificates of signing-certificate-v2").children
        var entry = try entries.next(DERTag.sequence, "the signer's entry of signing-certificate-v2").children
        digestAlgorithm = .sha256
        if let algorithm = try entry.nextIf(DERTag.sequence) {
            digestAlgorithm = try DigestAlgorithm(try AlgorithmIdentifier(algorithm))
        }
        digest = Array(try entry.next(DERTag.octetString, "the certificate's digest").content)
        if let names = try entry.nextIf(DERTag.sequence) {
            var parts = names.children
            let issuer = try parts.next(DERTag.sequence, "the issuer")
            let serial = try parts.next(DERTag.integer, "the serial number").integer()
            try parts.end("the issuer and serial number")
            issuerAndSerial = (issuer, Array(serial))
        }
        try entry.end("the signer's entry of signing-certificate-v2")
    }

    /// What does not fit the certificate, or nil.
    func mismatch(with certificate: PackageCertificate) throws -> String? {
        let actual = try MessageDigest(digestAlgorithm, of: certificate.der).bytes
        guard actual == digest else {
            return "it names a certificate with \(digestAlgorithm.rawValue) \(hex(digest)), this one has \(hex(actual))"
        }
        guard let (names, serial) = issuerAndSerial else { return nil }
        guard serial == certificate.serialBytes else {
            return "it names serial number \(hex(serial)), the certificate has \(certificate.serial)"
        }
        // GeneralName: directoryName is [4], explicitly tagged.
        var cursor = names.children
        while let name = try cursor.next() {
            if name.tag == DERTag.contextConstructed(4), Array(name.content) == certificate.issuerName.der {
                return nil
            }
        }
        return "it names another issuer than the certificate's"
    }

    /// The attribute's value for a certificate.
    static func der(_ certificate: [UInt8], digest: DigestAlgorithm) throws(PackageError) -> [UInt8] {
        let hash = DERWriter.octets(try MessageDigest(digest, of: certificate).bytes)
        // DER leaves a default out.
        let algorithm = digest == .sha256 ? [] : AlgorithmIdentifier(digest.id).der
        return DERWriter.sequence(DERWriter.sequence(DERWriter.sequence(algorithm, hash)))
    }
}
