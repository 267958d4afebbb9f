public import Findings

/// One document of a package.
public struct PackageDocument: Sendable, Hashable, Codable {
    /// Its name within the package, or that of the file it was taken from.
    public var name: String
    /// Its media type as the package declares it, or empty.
    public var mediaType: String
    /// Its size in bytes.
    public var size: Int64
    /// SHA-256 of its bytes, lower-case hexadecimal.
    public var digest: String

    /// Describes a document.
    public init(name: String, mediaType: String, size: Int64, digest: String) {
        self.name = name
        self.mediaType = mediaType
        self.size = size
        self.digest = digest
    }
}

/// The verdict on a package: every check with its reason, and what it rests on.
public struct PackageVerdict: Sendable, Hashable, Codable {
    /// How the package is put together; nil when it is too damaged to say.
    public var kind: PackageKind?
    /// Passed, failed, or indeterminate when the policy could be met by knowing more.
    public var outcome: CheckOutcome
    /// The time as of which it was verified, seconds since 1970.
    public var at: Int64
    /// The checks of the package as a whole.
    public var checks: [PackageCheck]
    /// The verdict on each signature, in the order of the package.
    public var signatures: [SignatureVerdict]
    /// The documents, in the order of the package.
    public var documents: [PackageDocument]
    /// What was demanded.
    public var policy: VerificationPolicy

    /// Puts a verdict together.
    public init(
        kind: PackageKind?, outcome: CheckOutcome, at: Int64, checks: [PackageCheck], signatures: [SignatureVerdict],
        documents: [PackageDocument], policy: VerificationPolicy
    ) {
        self.kind = kind
        self.outcome = outcome
        self.at = at
        self.checks = checks
        self.signatures = signatures
        self.documents = documents
        self.policy = policy
    }

    /// All checks: those of the package, then those of each signature.
    public var allChecks: [PackageCheck] {
        checks + signatures.flatMap(\.checks)
    }

    /// The findings for the people who filed the package. Those of a package that passed are warnings.
    public var findings: [Finding] {
        allChecks.compactMap { $0.finding(decisive: outcome != .passed) }
    }
}
