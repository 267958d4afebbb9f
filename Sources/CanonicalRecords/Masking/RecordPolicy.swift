/// What a route does with the fields of records on the way out.
public struct RecordPolicy: Sendable, Hashable {
    /// What happens to a field.
    public enum Treatment: String, Sendable, Hashable, CaseIterable {
        /// It stays as it is.
        case reveal
        /// It is masked as its options in the schema say; where they say nothing, as free text.
        case mask
        /// It becomes a keyed hash of 32 hexadecimal digits, so that equal values can be joined. Texts only: other
        /// fields are left out, since a number or a code has too few values to hide in a hash.
        case hash
        /// It is left out.
        case drop
    }

    /// What happens to sensitive fields that ``fields`` does not name.
    public var sensitive: Treatment
    /// What happens to single fields, sensitive or not, by names such as `Person.mobile`.
    public var fields: [String: Treatment]
    /// For whom values are masked.
    public var audience: Masking.Audience
    /// The key of hashes.
    public var hashKey: SipHash128.Key?

    /// Declares a policy.
    public init(
        sensitive: Treatment, fields: [String: Treatment] = [:], audience: Masking.Audience = .outward,
        hashKey: SipHash128.Key? = nil
    ) {
        self.sensitive = sensitive
        self.fields = fields
        self.audience = audience
        self.hashKey = hashKey
    }

    /// Everything stays as it is.
    public static let reveal = RecordPolicy(sensitive: .reveal)
    /// Sensitive fields are masked as operators see them.
    public static let operators = RecordPolicy(sensitive: .mask, audience: .operators)
}

/// Why a policy cannot be used.
public struct RecordPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable word for what is wrong. Machines compare this.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The word, e.g. `policy.unknown-field`.
        public let rawValue: String

        /// Names a code.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// No record has a field of this name.
        public static let unknownField = Code(rawValue: "policy.unknown-field")
        /// The field is hashed, but there is no key.
        public static let missingKey = Code(rawValue: "policy.missing-key")
    }

    /// What is wrong.
    public var code: Code
    /// The field that the policy names, e.g. `Person.mobil`; empty for what holds for all fields.
    public var field: String

    /// The same policy fails the same way.
    public var retryHelps: Bool { false }

    /// What to do about it.
    public var nextStep: String {
        switch code {
        case .unknownField: "Write the field as `Type.field`, with a name from docs/records.md."
        default: "Give the route a key of 16 bytes, or mask or drop the field."
        }
    }

    /// The code and the field.
    public var description: String {
        field.isEmpty ? code.rawValue : "\(code.rawValue): \(field)"
    }
}
