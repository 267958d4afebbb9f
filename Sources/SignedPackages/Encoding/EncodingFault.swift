import Findings

/// Why bytes cannot be read as what they should be; becomes a ``PackageFault`` where the subject is known.
struct EncodingFault: Error {
    /// Malformed, truncated or over a limit.
    var kind: FindingKind
    /// What was expected and what was there, with the offset where it helps.
    var detail: String

    init(_ detail: String, kind: FindingKind = .packageMalformed) {
        self.kind = kind
        self.detail = detail
    }
}

extension PackageFault {
    /// A fault of the encoding of `subject`.
    init(_ subject: String, _ fault: EncodingFault, check: CheckName = .structure) {
        self.init(subject, check, fault.kind, fault.detail)
    }

    /// Runs something that reads an encoding, so that its faults belong to `subject`.
    static func decoding<Value>(
        _ subject: String, check: CheckName = .structure, _ body: () throws(EncodingFault) -> Value
    ) throws(PackageFault) -> Value {
        do {
            return try body()
        } catch {
            throw PackageFault(subject, error, check: check)
        }
    }
}
