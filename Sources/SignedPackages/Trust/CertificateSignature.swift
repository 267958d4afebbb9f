import Crypto

/// How the check of a signature on a certificate, revocation list or OCSP response came out.
enum SignatureOutcome: Sendable, Hashable {
    /// The key made it.
    case valid
    /// The key did not make it.
    case invalid
    /// The key made it with an empty SM2 user id, which is what OpenSSL 3 uses unless it is told the standard one.
    case emptyUserID
    /// The algorithm or key is no longer safe; says which.
    case weak(String)
    /// The algorithm or key is not supported, or they do not fit; says which.
    case unsupported(String)

    /// What is wrong, for messages about something signed by `signer`.
    func cause(signer: PackageCertificate) -> String {
        switch self {
        case .valid: "it verifies"
        case .invalid: "it does not verify with the key of \(signer.label) (SHA-256 \(signer.fingerprint))"
        case .emptyUserID: "it was made by \(signer.label) with an empty SM2 user id instead of 1234567812345678"
        case .weak(let what), .unsupported(let what): what
        }
    }
}

/// Signatures on certificates, revocation lists and OCSP responses.
enum CertificateSignature {
    /// Whether a key made a signature.
    ///
    /// - Parameters:
    ///   - signature: The content of the signature's BIT STRING.
    ///   - bytes: What was signed.
    ///   - algorithm: The AlgorithmIdentifier beside the signature, DER.
    ///   - key: The key of the supposed signer.
    static func check(
        _ signature: ArraySlice<UInt8>, over bytes: ArraySlice<UInt8>, algorithm: ArraySlice<UInt8>,
        key: PackagePublicKey
    ) -> SignatureOutcome {
        do {
            let scheme = try SignatureScheme(try AlgorithmIdentifier(der: algorithm))
            try scheme.check(key)
            switch try key.verdict(on: Array(signature), of: Array(bytes), by: scheme) {
            case .right: return .valid
            case .wrong: return .invalid
            case .rightWithEmptyUserID: return .emptyUserID
            }
        } catch let fault as AlgorithmFault {
            return fault.kind == .packageWeakAlgorithm ? .weak(fault.detail) : .unsupported(fault.detail)
        } catch {
            return .unsupported("\(error)")
        }
    }

    /// A digest by its dotted object identifier; SHA-1 too, since OCSP names issuers by it. `nil` when it is unknown.
    static func digest(_ algorithm: String, _ bytes: some Collection<UInt8>) -> [UInt8]? {
        if algorithm == "1.3.14.3.2.26" { return Array(Insecure.SHA1.hash(data: Array(bytes))) }
        let known = DigestAlgorithm.allCases.first { $0.id.description == algorithm }
        return known.flatMap { try? MessageDigest($0, of: bytes).bytes }
    }
}
