/// Who signed, as the signer's certificate says it. Texts are for people and for provenance; nothing is decided by them.
public struct SignerIdentity: Sendable, Hashable, Codable {
    /// The certificate's subject, as in RFC 4514.
    public var subject: String
    /// The certificate's issuer, as in RFC 4514.
    public var issuer: String
    /// The serial number, lower-case hexadecimal.
    public var serial: String
    /// SHA-256 of the certificate, lower-case hexadecimal.
    public var fingerprint: String
    /// The unified social credit code of the holder, or empty.
    public var organisationCode: String
    /// The O of the subject, or empty.
    public var organisation: String
    /// How it was signed, such as `SM2 with SM3` or `RSA-PSS 2048 SHA-256`.
    public var algorithm: String
    /// The signing time that the signer claims, RFC 3339 in UTC, or empty.
    public var signedAt: String

    /// Describes a signer.
    public init(
        subject: String, issuer: String, serial: String, fingerprint: String, organisationCode: String = "",
        organisation: String = "", algorithm: String = "", signedAt: String = ""
    ) {
        self.subject = subject
        self.issuer = issuer
        self.serial = serial
        self.fingerprint = fingerprint
        self.organisationCode = organisationCode
        self.organisation = organisation
        self.algorithm = algorithm
        self.signedAt = signedAt
    }
}

/// What a verdict on a signature rests on, kept so that the verdict can be repeated years later.
public struct SignatureEvidence: Sendable, Hashable {
    /// The certificates of the path, DER, the signer's first.
    public var chain: [[UInt8]]
    /// The revocation lists that were used, DER.
    public var crls: [[UInt8]]
    /// The OCSP responses that were used, DER.
    public var ocspResponses: [[UInt8]]

    /// Collects evidence.
    public init(chain: [[UInt8]] = [], crls: [[UInt8]] = [], ocspResponses: [[UInt8]] = []) {
        self.chain = chain
        self.crls = crls
        self.ocspResponses = ocspResponses
    }
}

extension SignatureEvidence: Codable {
    private enum CodingKeys: String, CodingKey {
        case chain, crls, ocspResponses
    }

    /// Reads base64 texts.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            chain: try values.decodeBase64(forKey: .chain), crls: try values.decodeBase64(forKey: .crls),
            ocspResponses: try values.decodeBase64(forKey: .ocspResponses))
    }

    /// Writes every item as a base64 text.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeBase64(chain, forKey: .chain)
        try values.encodeBase64(crls, forKey: .crls)
        try values.encodeBase64(ocspResponses, forKey: .ocspResponses)
    }
}

/// The verdict on one signature.
public struct SignatureVerdict: Sendable, Hashable, Codable {
    /// `signature 1`, or the name of the entry that holds it and its number.
    public var name: String
    /// Who signed; nil when the signer's certificate is not there.
    public var signer: SignerIdentity?
    /// Which object identifiers it is written with.
    public var profile: CMSProfile
    /// Everything that was checked, in the order in which it was.
    public var checks: [PackageCheck]
    /// Failed when one check failed, indeterminate when one is, else passed.
    public var outcome: CheckOutcome
    /// The documents that it covers.
    public var covers: [String]
    /// What the verdict rests on.
    public var evidence: SignatureEvidence

    /// Draws the outcome from the checks.
    public init(
        name: String, signer: SignerIdentity?, profile: CMSProfile, checks: [PackageCheck], covers: [String],
        evidence: SignatureEvidence
    ) {
        self.name = name
        self.signer = signer
        self.profile = profile
        self.checks = checks
        self.outcome = CheckOutcome.combined(checks.map(\.outcome))
        self.covers = covers
        self.evidence = evidence
    }
}
