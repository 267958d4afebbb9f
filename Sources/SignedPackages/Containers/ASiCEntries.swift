import Findings

/// The entries of a container by what they are for (ETSI EN 319 162-1).
struct ASiCEntries: Sendable {
    static let folder = "META-INF/"
    /// The one signature of an ASiC-S container.
    static let simpleSignature = "META-INF/signature.p7s"

    /// What the container is: as its media type says, else as its name does.
    private(set) var kind: PackageKind
    /// Indices of manifests.
    private(set) var manifests: [Int] = []
    /// Indices of signatures.
    private(set) var signatures: [Int] = []
    /// Indices of documents.
    private(set) var documents: [Int] = []
    /// Indices of whatever else lies in `META-INF`.
    private(set) var others: [Int] = []
    /// Everything that was checked, in order; what failed among it.
    private(set) var checks: [PackageCheck] = []

    /// Sorts the entries.
    ///
    /// - Parameter kind: What the file's name says.
    init(_ container: ZipContainer, kind: PackageKind) throws(PackageFault) {
        self.kind = kind
        do {
            self.kind = try Self.mediaType(of: container)
            checks.append(.passed("package", .structure, "\(ASiCMediaType.text(of: self.kind))"))
        } catch {
            guard error.reading == nil else { throw error }
            checks.append(error.check)
        }
        for (index, entry) in container.entries.enumerated() where entry.name != ASiCMediaType.entry {
            sort(entry, index, in: container)
        }
    }

    private mutating func sort(_ entry: ZipEntry, _ index: Int, in container: ZipContainer) {
        let isInside = entry.name.hasPrefix(Self.folder)
        if !isInside, entry.name.lowercased().hasPrefix(Self.folder.lowercased()) {
            fail(entry.name, .packageUnsafeName, "only by letter case not META-INF")
        } else if entry.isFolder {
            let isParent = container.entries.contains { !$0.isFolder && $0.name.hasPrefix(entry.name) }
            if !isParent { fail(entry.name, .packageUnlistedEntry, "an empty folder") }
        } else if !isInside {
            documents.append(index)
        } else if Self.isManifest(entry.name) {
            manifests.append(index)
        } else if entry.name.lowercased().hasSuffix(".p7s") {
            signatures.append(index)
        } else {
            others.append(index)
        }
    }

    private mutating func fail(_ subject: String, _ kind: FindingKind, _ detail: String) {
        checks.append(.failed(subject, .entries, kind, detail))
    }

    private static func isManifest(_ name: String) -> Bool {
        let rest = name.dropFirst(folder.count)
        return rest.hasPrefix("ASiCManifest") && rest.hasSuffix(".xml") && !rest.contains("/")
    }

    // A.1: first, stored, no extra field, nothing but the type.
    private static func mediaType(of container: ZipContainer) throws(PackageFault) -> PackageKind {
        func fault(_ detail: String) -> PackageFault {
            PackageFault(
                "package", .structure, .packageMalformed,
                "\(detail); “mimetype” must come first, stored, without an extra field (zip -X -0)")
        }
        guard let index = container.index(of: ASiCMediaType.entry) else { throw fault("no entry “mimetype”") }
        let entry = container.entries[index]
        guard index == 0 else { throw fault("“mimetype” is entry \(index + 1)") }
        guard entry.method == .stored else { throw fault("“mimetype” is compressed") }
        guard !entry.hasExtraField else { throw fault("“mimetype” has an extra field") }
        let content = try container.content(of: index, limit: 256)
        guard let known = ASiCMediaType.all.first(where: { content.elementsEqual($0.text.utf8) }) else {
            throw fault("“mimetype” says “\(ZipEntryName.shown(content[...]))”")
        }
        return known.kind
    }
}
