/// Every digest of one content that some signatures over it need, made in one pass.
struct ContentDigests: ~Copyable {
    private var sha256: Digester?
    private var sha384: Digester?
    private var sha512: Digester?
    private var sm3: Digester?
    // SM2 without attributes signs SM3(Z ‖ content), and Z belongs to the key.
    private var prefixed: [(prefix: SM2Prefix, hash: LibcryptoSM3)] = []
    // Only of a content that is signed without attributes.
    private var shape: AttributesShape?

    /// Finds out which digests are needed.
    ///
    /// - Parameters:
    ///   - messages: The messages whose content it is.
    ///   - certificates: Where the signers' certificates are looked for.
    init(for messages: [SignedMessage], certificates: [PackageCertificate]) throws(PackageError) {
        let signers = messages.flatMap(\.signers)
        // Algorithms that are not known are reported by the check of the signer.
        let needed = Set(signers.compactMap { try? DigestAlgorithm($0.digestAlgorithm) })
        sha256 = needed.contains(.sha256) ? try Digester(.sha256) : nil
        sha384 = needed.contains(.sha384) ? try Digester(.sha384) : nil
        sha512 = needed.contains(.sha512) ? try Digester(.sha512) : nil
        let plainSM3 = signers.contains {
            $0.signedAttributes != nil && (try? DigestAlgorithm($0.digestAlgorithm)) == .sm3
        }
        sm3 = plainSM3 ? try Digester(.sm3) : nil
        shape = signers.contains { $0.signedAttributes == nil } ? AttributesShape() : nil
        var seen: Set<SM2Prefix> = []
        for signer in signers where signer.signedAttributes == nil {
            guard case .success(.sm2(_, let point))? = signer.certificate(in: certificates)?.key else { continue }
            for userID in [SM2Digest.defaultUserID, []] {
                let prefix = SM2Prefix(point: point, userID: userID)
                guard seen.insert(prefix).inserted else { continue }
                let hash = try LibcryptoSM3()
                try SM2Digest.z(point: point, userID: userID).withUnsafeBytes { hash.update($0) }
                prefixed.append((prefix, hash))
            }
        }
    }

    /// Takes the next bytes of the content.
    mutating func update(_ bytes: borrowing Span<UInt8>) {
        sha256?.update(bytes)
        sha384?.update(bytes)
        sha512?.update(bytes)
        sm3?.update(bytes)
        shape?.update(bytes)
        for entry in prefixed {
            // The buffer is only read, and only while the span's owner is borrowed.
            bytes.withUnsafeBytes { entry.hash.update($0) }
        }
    }

    /// All digests.
    consuming func finish() throws(PackageError) -> FinishedDigests {
        var plain: [DigestAlgorithm: MessageDigest] = [:]
        if let digest = try sha256.take()?.finish() { plain[.sha256] = digest }
        if let digest = try sha384.take()?.finish() { plain[.sha384] = digest }
        if let digest = try sha512.take()?.finish() { plain[.sha512] = digest }
        if let digest = try sm3.take()?.finish() { plain[.sm3] = digest }
        var values: [SM2Prefix: [UInt8]] = [:]
        for entry in prefixed { values[entry.prefix] = try entry.hash.finish() }
        return FinishedDigests(plain: plain, prefixed: values, isSignedAttributes: shape?.fits ?? false)
    }
}

/// What Z is made of, besides the curve.
struct SM2Prefix: Sendable, Hashable {
    /// The public point.
    var point: [UInt8]
    /// The user id.
    var userID: [UInt8]
}

/// The digests of one content.
struct FinishedDigests: Sendable {
    /// The digests of the content alone.
    var plain: [DigestAlgorithm: MessageDigest]
    /// SM3 of Z and the content.
    var prefixed: [SM2Prefix: [UInt8]]
    /// Whether the content is itself what signed attributes are signed as. Looked at only where a signer has none.
    var isSignedAttributes: Bool
}

extension SignerBlock {
    /// The certificate that this signer names, if it is there.
    func certificate(in certificates: [PackageCertificate]) -> PackageCertificate? {
        certificates.first { certificate in
            switch identifier {
            case .issuerAndSerial(let issuer, let serial):
                certificate.serialBytes == serial && certificate.issuerName.der == issuer
            case .subjectKeyIdentifier(let identifier):
                certificate.subjectKeyIdentifier == identifier
            }
        }
    }
}
