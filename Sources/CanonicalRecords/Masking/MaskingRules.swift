/// A policy, made ready for use on the wire.
final class MaskingRules: Sendable {
    /// The policy.
    let policy: RecordPolicy

    private let plan: WirePlan
    // For each place of the plan.
    private let treatments: [RecordPolicy.Treatment]
    // For each message of the plan, whether nothing in it is hidden.
    private let isClear: [Bool]
    private let concealment: Concealment
    // How most records are rewritten.
    private let quick: QuickMasking?

    /// - Throws: ``RecordPolicyError`` when the policy names a field that does not exist, or hashes without a key.
    init(_ policy: RecordPolicy, quickly: Bool) throws(RecordPolicyError) {
        self.policy = policy
        let plan = WirePlan.canonical
        self.plan = plan
        treatments = try Self.treatments(policy, plan: plan, schema: .canonical)
        isClear = Self.clearMessages(treatments, plan: plan)
        concealment = Concealment(audience: policy.audience, key: policy.hashKey)
        quick =
            quickly
            ? QuickMasking(plan: plan, treatments: treatments, isClear: isClear, concealment: concealment) : nil
    }

    /// Appends the rewritten record; `out` is unchanged when this throws.
    func rewrite(_ record: Span<UInt8>, to out: inout RecordBuffer) throws(RecordError) {
        let start = out.count
        if let quick {
            if quick.rewrite(record, to: &out) { return }
            out.truncate(to: start)
        }
        do {
            try rewrite(plan.record, record, in: 0..<record.count, to: &out)
        } catch {
            out.truncate(to: start)
            throw error
        }
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
        var cursor = WireCursor(over: bytes, range: range)
        while let field = try cursor.next(in: bytes) {
            let index = plan.fieldIndex(of: field, in: message)
            if let index, try isVisible(field, bytes, at: index) { continue }
            out.append(bytes.extracting(copied..<field.start))
            copied = field.end
            if let index { try rewrite(field, bytes, at: index, to: &out) }
        }
        out.append(bytes.extracting(copied..<range.upperBound))
    }

    // Whether the field is let through as it stands.
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
            let manner = Concealment.Manner(treatment, entry.masking)
            concealment.append(bytes.extracting(field.payload), manner, field: field.number, to: &out)
        case (let treatment, .map):
            let pair = try MapEntry(field, bytes)
            concealment.append(
                key: bytes.extracting(pair.key), value: bytes.extracting(pair.value),
                Concealment.Manner(treatment, entry.masking), field: field.number, to: &out)
        // Numbers, codes, bytes and whole messages have no masked form.
        default: break
        }
    }
}
