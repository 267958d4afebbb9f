public import SignedPackages

/// What is demanded of the signatures of a source, and whom it trusts.
public struct SignatureSettings: Sendable, Hashable {
    /// Whether a filing must be signed.
    public enum Demand: String, Sendable, Hashable, CaseIterable {
        /// An unsigned filing is rejected.
        case required
        /// Signed and unsigned filings are taken; a signed one must verify.
        case optional
        /// A signed filing is rejected.
        case forbidden
    }

    /// Whether a filing must be signed.
    public var demand = Demand.optional
    /// PEM or DER files with the roots and intermediates of this source.
    public var trust: [String] = []
    /// Files of certificate revocation lists.
    public var crls: [String] = []
    /// Files of OCSP responses.
    public var ocsp: [String] = []
    /// Who may sign.
    public var signers = SignerBinding()
    /// How many signatures must be good.
    public var signatures = RequiredSignatures.all
    /// When certificates must be valid.
    public var validity = ValidityRule.both
    /// Whether revocation must be known.
    public var revocation = RevocationRule.whereAvailable
    /// How old a revocation list may be; nil trusts its own `nextUpdate`.
    public var crlMaxAge: Duration?
    /// What is asked of the signing time.
    public var signingTime = SigningTimeRule()
    /// How long a document and its detached signature wait for each other.
    public var pairWait = Duration.seconds(60)

    /// The defaults: signed packages are welcome and nobody is trusted.
    public init() {}
}

/// With what receipts are signed.
public struct ReceiptSigning: Sendable, Hashable {
    /// Where the private key is.
    public enum Key: Sendable, Hashable {
        /// A file.
        case file(String)
        /// A credential of the systemd service (`LoadCredential=`).
        case credential(String)
    }

    /// The private key, PEM.
    public var key: Key
    /// The file of its certificate and of those that lead to a root, PEM; its own first.
    public var certificate: String

    /// Names key and certificate.
    public init(key: Key, certificate: String) {
        self.key = key
        self.certificate = certificate
    }
}
