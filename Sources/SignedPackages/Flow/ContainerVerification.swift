import Findings

/// Verifies an ASiC container: its ZIP headers, its manifests, its signatures, then the digest of every document.
struct ContainerVerification {
    private let package: any PackageInput
    private let kind: PackageKind
    private let verifier: PackageVerifier
    private let known: PolicyMaterial
    private let effort = SearchEffort()
    private var limits: PackageLimits { verifier.policy.limits }

    init(_ package: any PackageInput, kind: PackageKind, _ verifier: PackageVerifier, _ known: PolicyMaterial) {
        self.package = package
        self.kind = kind
        self.verifier = verifier
        self.known = known
    }

    /// Runs all checks.
    mutating func run(into draft: inout PackageDraft) async throws {
        let survey = try ZipSurvey(package, limits: limits)
        draft.checks += survey.faults
        guard survey.faults.isEmpty else { return }
        let container = ZipContainer(survey, of: package)
        let total = container.entries.reduce(0) { $0 + $1.size }
        draft.checks.append(
            .passed("package", .entries, "\(container.entries.count) entries, \(total) bytes unpacked"))
        let entries = try ASiCEntries(container, kind: kind)
        draft.kind = entries.kind
        draft.checks += entries.checks
        let plan = try ASiCPlan(entries, in: container, limits: limits)
        draft.checks += plan.checks
        for signing in plan.signings {
            do {
                try await verify(signing, in: container, into: &draft)
            } catch let fault as PackageFault {
                guard fault.reading == nil else { throw fault }
                draft.checks.append(fault.check)
            }
        }
        try hash(entries.documents, plan, in: container, into: &draft)
    }

    private func verify(
        _ signing: ASiCPlan.Signing, in container: ZipContainer, into draft: inout PackageDraft
    ) async throws {
        let entry = container.entries[signing.signature].name
        let bytes = try container.content(of: signing.signature, limit: limits.signatureBytes)
        let message: SignedMessage
        do {
            message = try SignedMessageReader.read(BytesInput(bytes), limits: limits)
        } catch {
            throw PackageFault(error, of: entry)
        }
        guard message.content == nil else {
            throw PackageFault(entry, .structure, .packageMalformed, "it has a content of its own inside")
        }
        guard !message.signers.isEmpty else {
            throw PackageFault(entry, .structure, .packageNotSigned, "a SignedData without a signer")
        }
        draft.checks.append(.passed(entry, .structure, MessageVerification.text(of: message)))
        let covers = signing.covers.map { container.entries[$0].name }
        let run = SignatureRun(message, verifier, known, effort)
        let source: DocumentSource =
            signing.manifest.map { .input(BytesInput($0.bytes)) }
            ?? .entry(container, signing.covers[0])
        let content = signing.manifest?.name ?? covers[0]
        let hashed = try ContentHashing.run(source, for: run, name: content, limit: limits.documentBytes)
        draft.signatures += try await run.verdicts(
            name: entry, content: content, covers: covers, digests: hashed.digests, cades: true)
    }

    // One pass over the whole container: every entry that a manifest lists, and every document for its name.
    private func hash(
        _ documents: [Int], _ plan: ASiCPlan, in container: ZipContainer, into draft: inout PackageDraft
    ) throws {
        let references = plan.signings.flatMap { signing in
            (signing.manifest?.references ?? []).map { (manifest: signing.manifest?.name ?? "", reference: $0) }
        }
        var needed: [Int: Set<DigestAlgorithm>] = [:]
        for index in documents { needed[index] = [] }
        for (_, reference) in references { needed[reference.entry, default: []].insert(reference.algorithm) }
        let found = try EntryDigests(needed, in: container)
        draft.checks += found.faults
        for index in documents {
            guard let digest = found.digests[index]?[.sha256] else { continue }
            let entry = container.entries[index]
            let type = references.first { $0.reference.entry == index }?.reference.mediaType ?? ""
            draft.add(
                PackageDocument(name: entry.name, mediaType: type, size: entry.size, digest: hex(digest)),
                .entry(container, index))
        }
        for (manifest, reference) in references {
            guard let digest = found.digests[reference.entry]?[reference.algorithm] else { continue }
            draft.checks.append(
                Self.check(
                    container.entries[reference.entry].name, reference, digest: digest, manifest: manifest))
        }
    }

    private static func check(
        _ name: String, _ reference: ASiCPlan.Reference, digest: [UInt8], manifest: String
    ) -> PackageCheck {
        let algorithm = reference.algorithm.rawValue
        guard digest == reference.digest else {
            return .failed(
                name, .documentDigest, .packageDocumentDigest,
                "its \(algorithm) is \(hex(digest)); \(manifest) says \(hex(reference.digest))")
        }
        return .passed(name, .documentDigest, "\(algorithm) \(hex(digest)) as in \(manifest)")
    }
}

extension PackageFault {
    /// The same fault, told of an entry instead of the package.
    fileprivate init(_ fault: PackageFault, of entry: String) {
        self = fault
        if check.subject == "package" { check.subject = entry }
    }
}
