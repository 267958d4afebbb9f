/// Rewrites record bytes so that they hold only what a policy lets through.
///
/// It works on the wire: what is let through is copied, byte by byte and in the same order. Fields that the schema does
/// not know are left out, since no one can say whether they are sensitive.
public struct RecordMasker: Sendable {
    /// The policy that is applied.
    public let policy: RecordPolicy

    private let plan: WirePlan
    // For each place of the plan.
    private let treatments: [RecordPolicy.Treatment]
    // For each message of the plan, whether nothing in it is hidden.
    private let isClear: [Bool]
    // How fields that are let through are passed over without being looked at closely.
    private let passage: ClearPassage

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
        try self.init(policy, passesOver: true)
    }

    /// - Parameter passes: Whether fields that are let through are passed over; what comes out is the same.
    init(_ policy: RecordPolicy, passesOver passes: Bool) throws(RecordPolicyError) {
        self.policy = policy
        self.plan = .canonical
        let treatments = try Self.treatments(policy, plan: .canonical, schema: .canonical)
        self.treatments = treatments
        let isClear = Self.clearMessages(treatments, plan: .canonical)
        self.isClear = isClear
        passage = ClearPassage(
            plan: .canonical, isVisible: { passes && treatments[$0] == .reveal }, isClear: { isClear[$0] })
    }

    /// Appends the rewritten record.
    ///
    /// - Parameters:
    ///   - record: The bytes of a `Record`.
    ///   - out: What the rewritten bytes are appended to; unchanged when this throws.
    /// - Throws: ``RecordError`` when the bytes are no record.
    public func rewrite(_ record: Span<UInt8>, to out: inout RecordBuffer) throws(RecordError) {
        let start = out.count
        do {
            try rewrite(plan.record, record, in: 0..<record.count, to: &out)
        } catch {
            out.truncate(to: start)
            throw error
        }
    }

    /// The rewritten record.
    public func rewrite(_ record: Span<UInt8>) throws(RecordError) -> [UInt8] {
        var buffer = RecordBuffer(capacity: record.count &+ 64)
        try rewrite(record, to: &buffer)
        return buffer.copied()
    }

    private static func treatments(
        _ policy: RecordPolicy, plan: WirePlan, schema: RecordSchema
    ) throws(RecordPolicyError) -> [RecordPolicy.Treatment] {
        var treatments = (0..<plan.fieldCount).map { plan[$0].masking == nil ? .reveal : policy.sensitive }
        for (name, treatment) in policy.fields {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let shape = schema.shape(named: parts[0]),
                let field = shape.field(named: parts[1]),
                let index = plan.fieldIndex(of: field, in: shape, schema: schema)
            else { throw RecordPolicyError(code: .unknownField, field: name) }
            treatments[index] = treatment
        }
        guard policy.hashKey == nil else { return treatments }
        if policy.sensitive == .hash { throw RecordPolicyError(code: .missingKey, field: "") }
        if let name = policy.fields.filter({ $0.value == .hash }).keys.min() {
            throw RecordPolicyError(code: .missingKey, field: name)
        }
        return treatments
    }

    // Messages can hold each other: what hides something makes those that hold it hide something, until none is added.
    private static func clearMessages(_ treatments: [RecordPolicy.Treatment], plan: WirePlan) -> [Bool] {
        var isClear = [Bool](repeating: true, count: plan.messageCount)
        while true {
            let next = isClear.indices.map { message in
                plan.places(of: message).allSatisfy { place in
                    treatments[place] == .reveal && (plan[place].form != .message || isClear[plan[place].child])
                }
            }
            guard next != isClear else { return isClear }
            isClear = next
        }
    }

    private func rewrite(
        _ message: Int, _ bytes: Span<UInt8>, in range: Range<Int>, to out: inout RecordBuffer
    ) throws(RecordError) {
        // What is let through as it stands is copied together, up to the next field that is not.
        var copied = range.lowerBound
        var position = range.lowerBound
        while true {
            position = passage.end(of: message, bytes, in: position..<range.upperBound)
            var cursor = WireCursor(over: bytes, range: position..<range.upperBound)
            guard let field = try cursor.next(in: bytes) else { break }
            position = field.end
            let index = plan.fieldIndex(of: field, in: message)
            if let index, try isVisible(field, bytes, at: index) { continue }
            out.append(bytes.extracting(copied..<field.start))
            copied = field.end
            if let index { try rewrite(field, bytes, at: index, to: &out) }
        }
        out.append(bytes.extracting(copied..<range.upperBound))
    }

    // Whether the field is let through as it stands.
    @inline(__always)
    private func isVisible(_ field: WireField, _ bytes: Span<UInt8>, at index: Int) throws(RecordError) -> Bool {
        guard treatments[index] == .reveal else { return false }
        guard plan[index].form == .message else { return true }
        let child = plan[index].child
        return isClear[child] ? try isKnown(child, bytes, in: field.payload) : false
    }

    // Whether a message in which nothing is hidden holds nothing that the schema does not know.
    private func isKnown(_ message: Int, _ bytes: Span<UInt8>, in range: Range<Int>) throws(RecordError) -> Bool {
        var cursor = WireCursor(over: bytes, range: range)
        while let field = try cursor.next(in: bytes) {
            guard let index = plan.fieldIndex(of: field, in: message) else { return false }
            guard plan[index].form == .message else { continue }
            guard try isKnown(plan[index].child, bytes, in: field.payload) else { return false }
        }
        return true
    }

    // A field that is not let through as it stands.
    private func rewrite(
        _ field: WireField, _ bytes: Span<UInt8>, at index: Int, to out: inout RecordBuffer
    ) throws(RecordError) {
        let entry = plan[index]
        switch (treatments[index], entry.form) {
        case (.reveal, _):
            let mark = out.beginMessage(field: field.number)
            try rewrite(entry.child, bytes, in: field.payload, to: &out)
            out.endMessage(mark)
        case (.drop, _): break
        case (let treatment, .string):
            hide(field.payload, of: bytes, field.number, entry, treatment, to: &out)
        case (let treatment, .map):
            try hideValue(of: field, bytes, entry, treatment, to: &out)
        // Numbers, codes, bytes and whole messages have no masked form.
        default: break
        }
    }

    private func hide(
        _ range: Range<Int>, of bytes: Span<UInt8>, _ number: Int, _ entry: WirePlanField,
        _ treatment: RecordPolicy.Treatment, to out: inout RecordBuffer
    ) {
        guard !range.isEmpty else { return }
        if treatment == .mask, entry.masking == .code { return }
        let mark = out.beginMessage(field: number)
        if treatment == .hash, let key = policy.hashKey {
            var hash = SipHash128(key: key)
            hash.update(bytes.extracting(range))
            hash.digest().appendHexadecimal(to: &out)
        } else {
            (entry.masking ?? .text).appendMasked(bytes.extracting(range), for: policy.audience, to: &out)
        }
        out.endMessage(mark)
    }

    private func hideValue(
        of field: WireField, _ bytes: Span<UInt8>, _ entry: WirePlanField, _ treatment: RecordPolicy.Treatment,
        to out: inout RecordBuffer
    ) throws(RecordError) {
        let pair = try MapEntry(field, bytes)
        let mark = out.beginMessage(field: field.number)
        out.appendField(1, text: bytes.extracting(pair.key))
        hide(pair.value, of: bytes, 2, entry, treatment, to: &out)
        out.endMessage(mark)
    }
}
