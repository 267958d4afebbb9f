public import CanonicalRecords

/// What every record of one document has in common: where it came from, and who vouches for it.
///
/// It is handed in whole; converting reads no clock and no settings.
public struct FilingContext: Sendable, Hashable {
    /// The source that filed the document, e.g. `yutai-liangzhang`.
    public var source: String
    /// SHA-256 of all bytes of the filing, 64 lower-case hex digits.
    public var filing: String
    /// The document's name within the filing, or the name of the file where the filing is one document.
    public var document: String
    /// When the filing was claimed, `2026-11-21T08:00:00+08:00`.
    public var receivedAt: String
    /// Who signed the filing, once that has been verified.
    public var signer: FilingSigner?
    /// The area that the source files for (GB/T 2260, 6 digits or more), where a mapping does not say.
    public var areaCode: String?
    /// The gateway's secret from which record ids are derived. Ids are stable as long as it stays; without it nobody
    /// can find out an identity number from an id by trying all numbers.
    public var identityKey: IdentityKey

    /// Puts a context together.
    public init(
        source: String, filing: String, document: String, receivedAt: String, signer: FilingSigner? = nil,
        areaCode: String? = nil, identityKey: IdentityKey
    ) {
        self.source = source
        self.filing = filing
        self.document = document
        self.receivedAt = receivedAt
        self.signer = signer
        self.areaCode = areaCode
        self.identityKey = identityKey
    }
}

/// Who signed a filing, as every record's provenance tells it.
public struct FilingSigner: Sendable, Hashable {
    /// The subject of the signing certificate.
    public var subject: String
    /// The holder's organisation code from the certificate.
    public var organisationCode: String
    /// The issuer of the certificate.
    public var issuer: String
    /// The certificate's serial number, hexadecimal.
    public var serial: String
    /// The SHA-256 of the certificate, hexadecimal.
    public var fingerprint: String
    /// The time that the signature claims or a time stamp proves, as a date-time; empty where there is none.
    public var signedAt: String

    /// Describes a signer; what is not known is empty.
    public init(
        subject: String, organisationCode: String = "", issuer: String = "", serial: String = "",
        fingerprint: String = "", signedAt: String = ""
    ) {
        self.subject = subject
        self.organisationCode = organisationCode
        self.issuer = issuer
        self.serial = serial
        self.fingerprint = fingerprint
        self.signedAt = signedAt
    }
}

/// 16 secret bytes; the key of the hash that makes record ids.
public struct IdentityKey: Sendable, Hashable, CustomStringConvertible {
    /// The key itself, for hashes of the same installation.
    public let key: SipHash128.Key

    /// Takes 16 bytes; nil for any other number of them.
    public init?(_ bytes: [UInt8]) {
        guard let key = SipHash128.Key(bytes) else { return nil }
        self.key = key
    }

    // 16 bytes of ASCII.
    private static let publishedBytes = Array("qiao-published-k".utf8)

    /// A key that everybody knows, for golden cases, samples and `qiao convert` without settings. Ids made with it are
    /// stable but do not protect the numbers that they are made from.
    public static let published: IdentityKey = {
        guard let key = IdentityKey(publishedBytes) else { preconditionFailure("The published key has 16 bytes") }
        return key
    }()

    /// Never shows the key.
    public var description: String { "IdentityKey(…)" }
}
