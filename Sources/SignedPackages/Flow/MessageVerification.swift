/// Verifies a package that is one SignedData: with its document inside, beside it, or a bundle of certificates.
struct MessageVerification {
    private let package: any PackageInput
    private let name: String
    private let detachedContent: (any PackageInput)?
    private let verifier: PackageVerifier
    private let known: PolicyMaterial

    init(
        _ package: any PackageInput, name: String, detachedContent: (any PackageInput)?, _ verifier: PackageVerifier,
        _ known: PolicyMaterial
    ) {
        self.package = package
        self.name = name
        self.detachedContent = detachedContent
        self.verifier = verifier
        self.known = known
    }

    /// Runs all checks.
    func run(into draft: inout PackageDraft) async throws {
        let message = try SignedMessageReader.read(package, limits: verifier.policy.limits)
        draft.kind = Self.kind(of: message)
        draft.checks.append(.passed("package", .structure, Self.text(of: message)))
        guard draft.kind != .certificates else { return try bundle(into: &draft) }
        guard !message.signers.isEmpty else {
            throw PackageFault("package", .structure, .packageNotSigned, "a SignedData without a signer")
        }
        let document =
            message.content == nil
            ? PackageNames.document(ofSignature: name) ?? name : PackageNames.document(inside: name)
        let source = try source(of: message)
        let run = SignatureRun(message, verifier, known, SearchEffort())
        let hashed = try ContentHashing.run(
            source, for: run, name: document, limit: verifier.policy.limits.documentBytes)
        draft.signatures = try await run.verdicts(
            name: nil, content: document, covers: [document], digests: hashed.digests, cades: false)
        draft.add(PackageDocument(name: document, mediaType: "", size: hashed.size, digest: hashed.name), source)
    }

    /// What a SignedData turns out to be.
    static func kind(of message: SignedMessage) -> PackageKind {
        if message.content != nil { return .cmsAttached }
        return message.signers.isEmpty && !message.certificates.isEmpty ? .certificates : .cmsDetached
    }

    /// One line about a SignedData.
    static func text(of message: SignedMessage) -> String {
        let form = message.pem == nil ? message.encoding.rawValue : "PEM of \(message.encoding.rawValue)"
        let content = message.content.map { "\($0.size) bytes inside" } ?? "content not inside"
        let notes = message.notes.map { "; \($0)" }.joined()
        return "\(message.profile.rawValue) SignedData in \(form): \(content), \(message.signers.count) signers,"
            + " \(message.certificates.count) certificates, \(message.crls.count) revocation lists\(notes)"
    }

    private func source(of message: SignedMessage) throws(PackageFault) -> DocumentSource {
        guard message.content != nil else {
            guard let detachedContent else {
                throw PackageFault(
                    name, .structure, .packageDetachedContentMissing,
                    "nothing to hold it against; file the document and its signature together")
            }
            return .input(detachedContent)
        }
        // Which of the two would have been signed? Nobody should have to guess.
        guard detachedContent == nil else {
            throw PackageFault(
                name, .structure, .packageMalformed, "it has its document inside, but another one lies beside it")
        }
        return .content(message, package)
    }

    // A bundle vouches for nothing: it is handed on as a document, and never trusted.
    private func bundle(into draft: inout PackageDraft) throws {
        var digests = try DocumentDigests([])
        var bytes = try DocumentSource.input(package).open()
        var block: [UInt8] = []
        repeat {
            block.removeAll(keepingCapacity: true)
            try bytes.read(upTo: 256 << 10, into: &block)
            digests.update(block)
        } while !block.isEmpty
        let digest = try digests.finish()[.sha256] ?? []
        draft.checks.append(
            PackageCheck(
                "package", .requiredSignatures, .passed, .packageNotSigned,
                detail: "a bundle of certificates has no signature; nothing in it is trusted"))
        draft.add(
            PackageDocument(
                name: name, mediaType: CertificateDocuments.bundleMediaType, size: digests.size, digest: hex(digest)),
            .input(package))
    }
}
