/// What a source demands of its packages. Roots, revocation data and rules are handed in; nothing is looked up.
public struct VerificationPolicy: Sendable, Hashable {
    /// The certificates that a path may end in, DER; of this source only.
    public var roots: [[UInt8]]
    /// Certificates that may help to build a path, DER; never trusted by themselves.
    public var intermediates: [[UInt8]]
    /// Revocation lists, DER.
    public var crls: [[UInt8]]
    /// OCSP responses, DER.
    public var ocspResponses: [[UInt8]]
    /// Who may sign.
    public var binding: SignerBinding
    /// How many signatures must be good.
    public var required: RequiredSignatures
    /// When the certificates must be valid.
    public var validity: ValidityRule
    /// Whether revocation must be known.
    public var revocation: RevocationRule
    /// How old a revocation list may be, in seconds; nil trusts its `nextUpdate` alone.
    public var maximumCRLAge: Int64?
    /// What is asked of the signing time.
    public var signingTime: SigningTimeRule
    /// What a package may hold.
    public var limits: PackageLimits

    /// A policy with the defaults of a careful source.
    public init(
        roots: [[UInt8]] = [], intermediates: [[UInt8]] = [], crls: [[UInt8]] = [], ocspResponses: [[UInt8]] = [],
        binding: SignerBinding = SignerBinding(), required: RequiredSignatures = .all, validity: ValidityRule = .both,
        revocation: RevocationRule = .whereAvailable, maximumCRLAge: Int64? = nil,
        signingTime: SigningTimeRule = SigningTimeRule(), limits: PackageLimits = PackageLimits()
    ) {
        self.roots = roots
        self.intermediates = intermediates
        self.crls = crls
        self.ocspResponses = ocspResponses
        self.binding = binding
        self.required = required
        self.validity = validity
        self.revocation = revocation
        self.maximumCRLAge = maximumCRLAge
        self.signingTime = signingTime
        self.limits = limits
    }
}

/// Who may sign for a source. All three empty: any signer whose path ends in a root. Otherwise one match of any of them
/// suffices; old and new certificates are equally good while they change.
public struct SignerBinding: Sendable, Hashable, Codable {
    /// SHA-256 of certificates, lower-case hexadecimal.
    public var pinned: [String]
    /// Subjects, as in RFC 4514 or as `openssl x509 -subject` prints them.
    public var subjects: [String]
    /// Unified social credit codes.
    public var organisationCodes: [String]

    /// Declares who may sign.
    public init(pinned: [String] = [], subjects: [String] = [], organisationCodes: [String] = []) {
        self.pinned = pinned
        self.subjects = subjects
        self.organisationCodes = organisationCodes
    }

    /// Whether any signer will do whose path ends in a root.
    public var isOpen: Bool { pinned.isEmpty && subjects.isEmpty && organisationCodes.isEmpty }

    /// The subjects that are in no form which is known, so that nobody can match them.
    public var unreadableSubjects: [String] { subjects.filter { SubjectText.parse($0) == nil } }
}

/// How many signatures of a package must be good.
public enum RequiredSignatures: Sendable, Hashable, Codable {
    /// Every one of them, and at least one.
    case all
    /// At least this many; bad ones beside them are warnings. Every document must be covered by a good one.
    case atLeast(Int)
}

/// When the certificates of a path must be valid.
public enum ValidityRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// At the claimed signing time; now where none is claimed.
    case atSigning = "at-signing"
    /// Now.
    case now
    /// At both.
    case both
}

/// Whether revocation must be known.
public enum RevocationRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every certificate below the root must be covered by fresh revocation data.
    case required
    /// What is at hand is used; what is not is no objection.
    case whereAvailable = "where-available"
    /// Revocation is not looked at.
    case off
}

/// What is asked of the signing time that the signer claims.
public struct SigningTimeRule: Sendable, Hashable, Codable {
    /// What follows from a signing time outside of the window.
    public enum Outside: String, Sendable, Hashable, Codable, CaseIterable {
        /// A warning.
        case finding
        /// The signature is refused.
        case refuse
    }

    /// What follows from a signature that claims no time.
    public enum Missing: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nothing.
        case accept
        /// The signature is refused.
        case refuse
    }

    /// How many seconds ago it may lie; nil sets no bound.
    public var maximumAge: Int64?
    /// How many seconds ahead it may lie, for clocks that differ.
    public var futureTolerance: Int64
    /// What follows when it is outside of that window.
    public var outside: Outside
    /// What follows when there is none.
    public var missing: Missing

    /// Declares the window.
    public init(
        maximumAge: Int64? = nil, futureTolerance: Int64 = 300, outside: Outside = .refuse, missing: Missing = .accept
    ) {
        self.maximumAge = maximumAge
        self.futureTolerance = futureTolerance
        self.outside = outside
        self.missing = missing
    }
}
