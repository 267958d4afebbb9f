/// A certificate as it is recorded: what it says of itself. Nothing here was checked, and nothing of it is trusted.
public struct CertificateDescription: Sendable, Hashable, Codable {
    /// Whom it was issued to, as in RFC 4514.
    public var subject: String
    /// Who issued it, as in RFC 4514.
    public var issuer: String
    /// The serial number, lower-case hexadecimal.
    public var serial: String
    /// The first moment of its validity, RFC 3339 in UTC.
    public var validFrom: String
    /// The last moment of its validity, RFC 3339 in UTC.
    public var validUntil: String
    /// SHA-256 of its DER, lower-case hexadecimal.
    public var fingerprint: String
    /// The names of the bits of keyUsage (RFC 5280 section 4.2.1.3), in their order.
    public var keyUsage: [String]
    /// The unified social credit code of the holder, or empty.
    public var organisationCode: String
    /// The kind of key, such as `SM2`, `RSA 2048` or `P-256`.
    public var keyAlgorithm: String
    /// The certificate itself, DER.
    public var content: [UInt8]

    /// Describes a certificate.
    init(_ certificate: PackageCertificate) {
        subject = certificate.subject
        issuer = certificate.issuer
        serial = certificate.serial
        validFrom = SigningTime.text(certificate.notBefore)
        validUntil = SigningTime.text(certificate.notAfter)
        fingerprint = certificate.fingerprint
        keyUsage = certificate.extensions.keyUsage?.names ?? []
        organisationCode = certificate.organisationCode
        switch certificate.key {
        case .success(let key): keyAlgorithm = key.name
        case .failure: keyAlgorithm = "unknown"
        }
        content = certificate.der
    }
}

extension KeyUsage {
    fileprivate var names: [String] {
        text == "none" ? [] : text.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}
