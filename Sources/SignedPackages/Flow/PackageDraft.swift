import Findings

/// A verdict in the making.
struct PackageDraft {
    var kind: PackageKind
    var checks: [PackageCheck] = []
    var signatures: [SignatureVerdict] = []
    var documents: [PackageDocument] = []
    /// Where the documents are, index by index.
    var sources: [DocumentSource] = []

    init(kind: PackageKind) {
        self.kind = kind
    }

    /// Whether nothing failed so far.
    var isSound: Bool { checks.allSatisfy { $0.outcome == .passed } }

    mutating func add(_ document: PackageDocument, _ source: DocumentSource) {
        documents.append(document)
        sources.append(source)
    }

    /// Draws the verdict.
    consuming func result(under policy: VerificationPolicy, at now: Int64) -> VerificationResult {
        let needsSignature = kind != .certificates
        if needsSignature, isSound, signatures.isEmpty {
            checks.append(.failed("package", .structure, .packageNotSigned, "it holds no signature"))
        }
        var outcomes = checks.map(\.outcome)
        switch policy.required {
        case .all: outcomes += signatures.map(\.outcome)
        case .atLeast(let count) where needsSignature && !signatures.isEmpty:
            checks.append(enough(max(1, count)))
            outcomes.append(checks[checks.count - 1].outcome)
        case .atLeast: break
        }
        let verdict = PackageVerdict(
            kind: kind, outcome: CheckOutcome.combined(outcomes), at: now, checks: checks, signatures: signatures,
            documents: documents, policy: policy)
        return verdict.outcome == .passed ? .verified(VerifiedPackage(verdict, sources: sources)) : .refused(verdict)
    }

    // Signers count once, however often they signed; what nobody good covers is not handed out.
    private func enough(_ count: Int) -> PackageCheck {
        func signers(_ outcomes: Set<CheckOutcome>) -> [SignatureVerdict] {
            signatures.filter { outcomes.contains($0.outcome) }
        }
        func isEnough(_ verdicts: [SignatureVerdict]) -> Bool {
            let covered = Set(verdicts.flatMap(\.covers))
            return Set(verdicts.map(\.signer?.fingerprint)).count >= count
                && documents.allSatisfy { covered.contains($0.name) }
        }
        let good = signers([.passed])
        let detail = "\(Set(good.map(\.signer?.fingerprint)).count) good signers of \(count) that are required"
        if isEnough(good) { return .passed("package", .requiredSignatures, detail) }
        let uncovered = documents.filter { document in !good.contains { $0.covers.contains(document.name) } }
        let cause = uncovered.first.map { "\(detail); no good signature covers \($0.name)" } ?? detail
        return PackageCheck(
            "package", .requiredSignatures, isEnough(signers([.passed, .indeterminate])) ? .indeterminate : .failed,
            .packageRequiredSignatures, detail: cause)
    }
}
