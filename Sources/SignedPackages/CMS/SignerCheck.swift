import Findings

/// The checks of one signer, one after the other.
struct SignerCheck {
    let signer: SignerBlock
    let name: String
    let document: String
    let message: SignedMessage
    let certificate: PackageCertificate?
    let digests: FinishedDigests
    let cades: Bool
    private(set) var checks: [PackageCheck] = []
    private(set) var signedAt: Int64?

    init(
        signer: SignerBlock, name: String, document: String, message: SignedMessage, certificate: PackageCertificate?,
        digests: FinishedDigests, cades: Bool
    ) {
        self.signer = signer
        self.document = document
        self.message = message
        self.certificate = certificate
        self.digests = digests
        self.cades = cades
        self.name = certificate.map { "\(name) (\($0.label))" } ?? name
    }

    /// Runs all of them.
    mutating func run() throws(PackageError) -> SignerReport {
        let key = checkCertificate()
        let digest = checkDigestAlgorithm()
        let scheme = checkScheme(digest: digest, key: key)
        if let attributes = signer.signedAttributes {
            checkAttributes(attributes)
            signedAt = checkSigningTime(attributes)
            checkContentType(attributes)
            checkMessageDigest(attributes, algorithm: digest)
            try checkSigningCertificate(attributes)
        } else {
            checkAbsentAttributes()
        }
        if let key, let scheme { try checkValue(key: key, scheme: scheme) }
        return SignerReport(
            checks: checks, identity: identity(key: key, scheme: scheme), signedAt: signedAt, certificate: certificate)
    }

    mutating func pass(_ check: CheckName, _ detail: String) {
        checks.append(.passed(name, check, detail))
    }

    mutating func fail(_ check: CheckName, _ kind: FindingKind, _ detail: String) {
        checks.append(.failed(name, check, kind, detail))
    }

    private mutating func checkCertificate() -> PackagePublicKey? {
        guard let certificate else {
            fail(.certificate, .packageCertificateMissing, "\(signer.identifier.description) is not there")
            return nil
        }
        switch certificate.key {
        case .success(let key):
            pass(.certificate, "\(certificate.label), serial number \(certificate.serial), \(key.name)")
            return key
        case .failure(let fault):
            fail(.certificate, fault.check.kind ?? .packageMalformed, "its key: \(fault.check.detail)")
            return nil
        }
    }

    private func identity(key: PackagePublicKey?, scheme: SignatureScheme?) -> SignerIdentity? {
        guard let certificate else { return nil }
        let algorithm = scheme.map { scheme in key.map { scheme.name(with: $0) } ?? scheme.name }
        return SignerIdentity(
            subject: certificate.subject, issuer: certificate.issuer, serial: certificate.serial,
            fingerprint: certificate.fingerprint, organisationCode: certificate.organisationCode,
            organisation: certificate.organisation, algorithm: algorithm ?? signer.signatureAlgorithm.seen,
            signedAt: signedAt.map(SigningTime.text) ?? "")
    }
}

// Algorithms: what the places that name them say, and whether they agree.
extension SignerCheck {
    private mutating func checkDigestAlgorithm() -> DigestAlgorithm? {
        do throws(AlgorithmFault) {
            let digest = try DigestAlgorithm(signer.digestAlgorithm)
            let announced = message.digestAlgorithms.contains { (try? DigestAlgorithm($0)) == digest }
            guard announced else {
                throw .mismatch("the signer's digest \(digest.rawValue) is not among those named up front")
            }
            return digest
        } catch {
            fail(.algorithms, error.kind, error.detail)
            return nil
        }
    }

    private mutating func checkScheme(digest: DigestAlgorithm?, key: PackagePublicKey?) -> SignatureScheme? {
        // Without a digest there is nothing that it could be checked against; that was reported.
        guard let digest else { return nil }
        do throws(AlgorithmFault) {
            let scheme = try SignatureScheme(signer.signatureAlgorithm, digest: digest)
            guard let key else { return scheme }
            try checkKey(key, scheme)
            pass(.algorithms, "digest \(signer.digestAlgorithm.seen), signature \(signer.signatureAlgorithm.seen)")
            return scheme
        } catch {
            fail(.algorithms, error.kind, error.detail)
            return nil
        }
    }

    private mutating func checkKey(_ key: PackagePublicKey, _ scheme: SignatureScheme) throws(AlgorithmFault) {
        do throws(AlgorithmFault) {
            try scheme.check(key)
            pass(.keyStrength, key.name)
        } catch  where error.kind == .packageWeakAlgorithm {
            // The signature is still checked, so that all that is wrong is told.
            fail(.keyStrength, error.kind, error.detail)
        }
    }
}

// The signature value.
extension SignerCheck {
    private mutating func checkValue(key: PackagePublicKey, scheme: SignatureScheme) throws(PackageError) {
        guard let attributes = signer.signedAttributes else {
            try checkPlainValue(key: key, scheme: scheme)
            return
        }
        switch try key.verdict(on: signer.signature, of: attributes.signedBytes, by: scheme) {
        case .right: pass(.signatureValue, "\(scheme.name(with: key)) over the signed attributes")
        case .rightWithEmptyUserID: failUserID()
        case .wrong:
            let hint = try hint(attributes, key: key, scheme: scheme)
            fail(.signatureValue, .packageSignatureInvalid, "\(scheme.name(with: key)) does not fit\(hint)")
        }
    }

    // RFC 5652 section 5.4: what is signed is the DER, in which a set is sorted.
    private func hint(
        _ attributes: SignedAttributes, key: PackagePublicKey, scheme: SignatureScheme
    ) throws(PackageError) -> String {
        guard let written = attributes.writtenBytes else { return " the signed attributes" }
        let verdict = try key.verdict(on: signer.signature, of: written, by: scheme)
        return verdict == .right
            ? " the attributes in DER: the signer signed them in an order that DER does not allow"
            : " the signed attributes"
    }

    private mutating func checkPlainValue(key: PackagePublicKey, scheme: SignatureScheme) throws(PackageError) {
        switch (scheme, key) {
        case (.sm2, .sm2(_, let point)):
            func isRight(_ userID: [UInt8]) throws(PackageError) -> Bool {
                guard let e = digests.prefixed[SM2Prefix(point: point, userID: userID)] else { return false }
                return try key.isRight(signer.signature, digest: .sm3(e), by: scheme)
            }
            if try isRight(SM2Digest.defaultUserID) {
                pass(.signatureValue, "\(scheme.name(with: key)) over \(document)")
            } else if try isRight([]) {
                failUserID()
            } else {
                failPlainValue(key: key, scheme: scheme)
            }
        case (.ed25519, _):
            fail(
                .signatureValue, .packageUnsupportedAlgorithm,
                "Ed25519 without signed attributes needs the whole content at once")
        default:
            if let digest = digests.plain[scheme.digest],
                try key.isRight(signer.signature, digest: digest, by: scheme)
            {
                pass(.signatureValue, "\(scheme.name(with: key)) over \(document)")
            } else {
                failPlainValue(key: key, scheme: scheme)
            }
        }
    }

    private mutating func failPlainValue(key: PackagePublicKey, scheme: SignatureScheme) {
        fail(
            .signatureValue, .packageSignatureInvalid,
            "\(scheme.name(with: key)) does not fit \(document); without attributes a changed document looks the same")
    }

    private mutating func failUserID() {
        fail(
            .signatureValue, .packageSM2UserID,
            "it fits only with an empty user id, as OpenSSL 3 uses it; GM/T 0009 sets 1234567812345678")
    }
}
