import Findings

/// Which signature of a container covers what: all that can be said before anything is hashed.
struct ASiCPlan: Sendable {
    /// One signature and the bytes that it is made over.
    struct Signing: Sendable {
        /// The index of the signature's entry.
        var signature: Int
        /// The manifest that is signed, and what it lists; nil where the document itself is signed.
        var manifest: Manifest?
        /// The indices of the documents that are covered.
        var covers: [Int]
    }

    /// A manifest and the bytes it was read from.
    struct Manifest: Sendable {
        var name: String
        var bytes: [UInt8]
        var references: [Reference]
    }

    /// One reference of a manifest whose entry is there.
    struct Reference: Sendable {
        var entry: Int
        var mediaType: String
        var algorithm: DigestAlgorithm
        var digest: [UInt8]
    }

    private(set) var signings: [Signing] = []
    private(set) var checks: [PackageCheck] = []

    private let container: ZipContainer
    private let limits: PackageLimits

    init(_ entries: ASiCEntries, in container: ZipContainer, limits: PackageLimits) throws(PackageFault) {
        self.container = container
        self.limits = limits
        if entries.kind == .asicS {
            planSimple(entries)
        } else {
            try planExtended(entries)
        }
        if signings.count > limits.signatures {
            fail("package", .packageLimit, "\(signings.count) signatures; \(limits.signatures) are allowed")
            signings = []
        }
        if signings.isEmpty, checks.allSatisfy({ $0.outcome == .passed }) {
            fail("package", .packageNotSigned, "no signature in META-INF")
        }
    }

    // Clause 4.3.3: one document and META-INF/signature.p7s over it.
    private mutating func planSimple(_ entries: ASiCEntries) {
        let signature = entries.signatures.first { name($0) == ASiCEntries.simpleSignature }
        for index in entries.manifests + entries.others + entries.signatures where index != signature {
            fail(name(index), .packageUnlistedEntry, "ASiC-S has nothing but one document and its signature")
        }
        for index in entries.documents.dropFirst() {
            fail(name(index), .packageUnlistedEntry, "ASiC-S has one document, \(name(entries.documents[0]))")
        }
        guard let document = entries.documents.first else {
            return fail("package", .packageMissingEntry, "ASiC-S without a document")
        }
        if let signature { signings = [Signing(signature: signature, manifest: nil, covers: [document])] }
    }

    // Clause 4.4.4: manifests, each signed by the signature that it names.
    private mutating func planExtended(_ entries: ASiCEntries) throws(PackageFault) {
        // With neither manifests nor signatures every document would be one that no manifest lists.
        if entries.manifests.isEmpty, entries.signatures.isEmpty, entries.others.isEmpty { return }
        var listed: Set<Int> = []
        for index in entries.manifests {
            do {
                let bytes = try container.content(of: index, limit: limits.manifestBytes)
                let manifest = try ASiCManifest(xml: bytes, entry: name(index), limits: limits)
                listed.formUnion(plan(manifest, bytes: bytes, at: index, entries))
            } catch {
                guard error.reading == nil else { throw error }
                checks.append(error.check)
            }
        }
        for index in entries.documents + entries.others where !listed.contains(index) {
            fail(name(index), .packageUnlistedEntry, "the package holds it, and no manifest lists it")
        }
        let used = Set(signings.map(\.signature))
        for index in entries.signatures where !used.contains(index) && !listed.contains(index) {
            fail(name(index), .packageUnlistedEntry, "no manifest names this signature")
        }
    }

    private mutating func plan(
        _ manifest: ASiCManifest, bytes: [UInt8], at index: Int, _ entries: ASiCEntries
    ) -> [Int] {
        var references: [Reference] = []
        for reference in manifest.references {
            guard let entry = container.index(of: reference.name), !container.entries[entry].isFolder else {
                fail(reference.name, .packageMissingEntry, "\(name(index)) lists it")
                continue
            }
            references.append(
                Reference(
                    entry: entry, mediaType: reference.mediaType, algorithm: reference.algorithm,
                    digest: reference.digest))
        }
        let documents = Set(entries.documents)
        guard let signature = container.index(of: manifest.signature), entries.signatures.contains(signature) else {
            fail(manifest.signature, .packageMissingEntry, "\(name(index)) names it as its signature")
            return references.map(\.entry)
        }
        guard !signings.contains(where: { $0.signature == signature }) else {
            fail(manifest.signature, .packageMalformed, "two manifests name it as their signature")
            return references.map(\.entry)
        }
        if references.count == manifest.references.count {
            checks.append(.passed(name(index), .manifest, "\(references.count) documents, \(manifest.signature)"))
        }
        signings.append(
            Signing(
                signature: signature,
                manifest: Manifest(name: name(index), bytes: bytes, references: references),
                covers: references.map(\.entry).filter(documents.contains)))
        return references.map(\.entry)
    }

    private func name(_ index: Int) -> String { container.entries[index].name }

    private mutating func fail(_ subject: String, _ kind: FindingKind, _ detail: String) {
        checks.append(.failed(subject, .manifest, kind, detail))
    }
}
