/// Rewrites record bytes so that they hold only what a policy lets through.
///
/// It works on the wire: what is let through is copied, byte by byte and in the same order. Fields that the schema does
/// not know are left out, since no one can say whether they are sensitive.
public struct RecordMasker: Sendable {
    // Its tables are shared by all copies.
    private let rules: MaskingRules

    /// Masks what is sensitive, as operators see it.
    static let operators: RecordMasker = {
        do {
            return try RecordMasker(.operators)
        } catch {
            preconditionFailure("A policy that names no field and hashes nothing fits every schema: \(error)")
        }
    }()

    /// Makes a policy ready for use.
    ///
    /// - Throws: ``RecordPolicyError`` when the policy names a field that does not exist, or hashes without a key.
    public init(_ policy: RecordPolicy) throws(RecordPolicyError) {
        try self.init(policy, quickly: true)
    }

    /// - Parameter quickly: Whether records are not looked at closely where they need not be; what comes out is the same.
    init(_ policy: RecordPolicy, quickly: Bool) throws(RecordPolicyError) {
        rules = try MaskingRules(policy, quickly: quickly)
    }

    /// The policy that is applied.
    public var policy: RecordPolicy { rules.policy }

    /// Appends the rewritten record.
    ///
    /// - Parameters:
    ///   - record: The bytes of a `Record`.
    ///   - out: What the rewritten bytes are appended to; unchanged when this throws.
    /// - Throws: ``RecordError`` when the bytes are no record.
    public func rewrite(_ record: Span<UInt8>, to out: inout RecordBuffer) throws(RecordError) {
        try rules.rewrite(record, to: &out)
    }

    /// The rewritten record.
    public func rewrite(_ record: Span<UInt8>) throws(RecordError) -> [UInt8] {
        var buffer = RecordBuffer(capacity: record.count &+ 64)
        try rewrite(record, to: &buffer)
        return buffer.copied()
    }
}
