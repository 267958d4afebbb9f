public import Findings

/// How one check came out.
public enum CheckOutcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// It holds.
    case passed
    /// It does not hold.
    case failed
    /// Nobody can say with what is at hand, such as a revocation list that is missing or stale.
    case indeterminate

    /// One outcome for several checks: failed when one failed, indeterminate when one is, else passed.
    static func combined(_ outcomes: some Sequence<CheckOutcome>) -> CheckOutcome {
        var result = CheckOutcome.passed
        for outcome in outcomes {
            if outcome == .failed { return .failed }
            if outcome == .indeterminate { result = .indeterminate }
        }
        return result
    }
}

/// What was checked.
public enum CheckName: String, Sendable, Hashable, Codable, CaseIterable {
    /// The encoding of the package as a whole: ZIP, DER, BER, PEM.
    case structure
    /// The entries of a container: names, sizes, headers.
    case entries
    /// A manifest: its XML, and that it lists everything.
    case manifest
    /// The digest of a document against the manifest.
    case documentDigest
    /// The digest of what is signed against the signed attribute.
    case messageDigest
    /// The content type against the signed attribute.
    case contentType
    /// The signed attribute that names the signer's certificate.
    case signingCertificate
    /// Agreement between the places that name an algorithm, and whether it is still good enough.
    case algorithms
    /// The signature itself.
    case signatureValue
    /// The size of the key.
    case keyStrength
    /// The presence of the signer's certificate.
    case certificate
    /// The path to a root of the source.
    case chain
    /// The validity periods of the certificates.
    case validity
    /// What the certificate's key may be used for.
    case keyUsage
    /// Whether a certificate of the path was revoked.
    case revocation
    /// Whether the signer is the one that the source declares.
    case binding
    /// The signing time against the window of the policy.
    case signingTime
    /// The other signed attributes.
    case attributes
    /// Whether as many signatures are good as the policy demands.
    case requiredSignatures
}

/// One thing that was checked: one line of what `qiao package verify` prints.
public struct PackageCheck: Sendable, Hashable {
    /// What it is about: `package`, a document's name, `signature 1 (CN=…)`, a certificate's subject.
    public var subject: String
    /// What was checked.
    public var check: CheckName
    /// How it came out.
    public var outcome: CheckOutcome
    /// The kind of finding it gives. Always set when the check did not pass; a passed check that has one is noteworthy,
    /// and its finding is a warning.
    public var kind: FindingKind?
    /// The actual cause, with names, times and digests; English, one line.
    public var detail: String

    /// Records a check.
    public init(
        _ subject: String, _ check: CheckName, _ outcome: CheckOutcome, _ kind: FindingKind? = nil, detail: String
    ) {
        self.subject = subject
        self.check = check
        self.outcome = outcome
        self.kind = kind
        self.detail = detail
    }

    /// A check that holds.
    static func passed(_ subject: String, _ check: CheckName, _ detail: String) -> PackageCheck {
        PackageCheck(subject, check, .passed, detail: detail)
    }

    /// A check that does not hold.
    static func failed(_ subject: String, _ check: CheckName, _ kind: FindingKind, _ detail: String) -> PackageCheck {
        PackageCheck(subject, check, .failed, kind, detail: detail)
    }

    /// A check that cannot be decided.
    static func indeterminate(
        _ subject: String, _ check: CheckName, _ kind: FindingKind, _ detail: String
    ) -> PackageCheck {
        PackageCheck(subject, check, .indeterminate, kind, detail: detail)
    }

    /// The finding for the people who filed the package, if the check gives one.
    ///
    /// - Parameter decisive: Whether the package is refused; a finding of an accepted package is a warning.
    public func finding(decisive: Bool) -> Finding? {
        guard let kind else { return nil }
        return Finding(
            kind, severity: decisive && outcome != .passed ? nil : .warning, field: subject,
            arguments: [subject, detail])
    }
}

extension PackageCheck: Codable {
    private enum CodingKeys: String, CodingKey {
        case subject, check, outcome, code, detail
    }

    /// Reads a check; a code that this version does not know keeps its name and has no message of its own.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try values.decode(String.self, forKey: .subject), try values.decode(CheckName.self, forKey: .check),
            try values.decode(CheckOutcome.self, forKey: .outcome),
            try values.decodeIfPresent(String.self, forKey: .code).map(PackageFindings.kind),
            detail: try values.decode(String.self, forKey: .detail))
    }

    /// Writes the check, its finding kind by code.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(subject, forKey: .subject)
        try values.encode(check, forKey: .check)
        try values.encode(outcome, forKey: .outcome)
        try values.encodeIfPresent(kind?.code, forKey: .code)
        try values.encode(detail, forKey: .detail)
    }
}
