/// We could not do our job with a package. Never about the package itself: that is a check and a finding.
public struct PackageError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, as a stable dotted word. More may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The word.
        public let rawValue: String
        /// Names a code.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What went wrong.
    public var code: Code
    /// The package, document or part that it went wrong with.
    public var place: String
    /// What the system or a library said, if one did.
    public var underlying: String?
    /// Whether the same call may succeed later without anybody changing anything.
    public var retryHelps: Bool
    /// What a person should do next, in English.
    public var next: String

    /// Describes a failure.
    public init(_ code: Code, place: String, underlying: String? = nil, retryHelps: Bool = false, next: String) {
        self.code = code
        self.place = place
        self.underlying = underlying
        self.retryHelps = retryHelps
        self.next = next
    }

    /// Code, place, cause and what to do, on one line.
    public var description: String {
        "\(code.rawValue): \(place)\(underlying.map { " (\($0))" } ?? ""). \(next)"
    }
}

extension PackageError.Code {
    /// The bytes changed between their verification and their use.
    public static let changed = Self(rawValue: "package.changed")
    /// A document was asked for that the package does not hold.
    public static let noSuchDocument = Self(rawValue: "package.no-such-document")
    /// The input gave fewer bytes than it promised.
    public static let inputTooShort = Self(rawValue: "package.input-too-short")
    /// A library that we rest on failed in a way that says nothing about the package.
    public static let library = Self(rawValue: "package.library")
    /// What was to be put into a package cannot be.
    public static let notWritable = Self(rawValue: "package.not-writable")
    /// A key or certificate that was handed in cannot be used.
    public static let unusableKey = Self(rawValue: "package.unusable-key")
    /// A trust file cannot be read as certificates or revocation lists.
    public static let unusableTrust = Self(rawValue: "package.unusable-trust")
}
