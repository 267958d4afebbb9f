import Findings

/// Why an algorithm is not used: too weak, not supported, or named differently in two places.
struct AlgorithmFault: Error {
    /// ``FindingKind/packageWeakAlgorithm``, ``FindingKind/packageUnsupportedAlgorithm``, or
    /// ``FindingKind/packageAlgorithmMismatch``.
    var kind: FindingKind
    /// Which algorithm, and where it stands.
    var detail: String

    static func weak(_ detail: String) -> AlgorithmFault { AlgorithmFault(kind: .packageWeakAlgorithm, detail: detail) }

    static func unsupported(_ detail: String) -> AlgorithmFault {
        AlgorithmFault(kind: .packageUnsupportedAlgorithm, detail: detail)
    }

    static func mismatch(_ detail: String) -> AlgorithmFault {
        AlgorithmFault(kind: .packageAlgorithmMismatch, detail: detail)
    }
}
