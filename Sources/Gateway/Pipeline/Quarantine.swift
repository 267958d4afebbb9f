import Inbound

/// Finds rejected filings where they are kept.
struct Quarantine {
    /// The folder of quarantine; the archive is laid out alike.
    let root: String

    init(state: StateFolder) { root = state.quarantine }
    init(archive: StateFolder) { root = archive.archive }

    /// Where a filing lies, or nil when it is not there (any more).
    ///
    /// - Throws: `InboundError` when a candidate cannot be read.
    func find(_ request: RetryRequest) throws -> KeptFiling? {
        let root = Array("\(root)/\(request.source)".utf8)
        let prefix = Array("\(request.digest.prefix(12))-".utf8)
        for day in FolderNames.of(root) {
            let folder = root + [0x2F] + day.bytes
            let candidates = FolderNames.of(folder).filter { $0.bytes.starts(with: prefix) }
            for entry in candidates where !Self.isCompanion(entry, among: candidates) {
                guard let name = FileName(bytes: entry.bytes.dropFirst(prefix.count)) else { continue }
                let path = folder + [0x2F] + entry.bytes
                if let kept = KeptFiling(pathBytes: path, name: name, source: request.source) { return kept }
            }
        }
        return nil
    }

    // A filing may itself be called so; then it has a reason of its own beside it. Reasons stay when theirs is tried again.
    // A signature is a companion where its document lies beside it.
    private static func isCompanion(_ entry: FileName, among others: [FileName]) -> Bool {
        if let suffix = Pairing.signatureSuffixes.first(where: { entry.hasSuffix($0) }) {
            return entry.dropping(suffixOf: suffix.utf8.count).map(others.contains) ?? false
        }
        guard entry.hasSuffix(".reason.txt") || entry.hasSuffix(".sha256") else { return false }
        return !others.contains(entry.appending(".reason.txt"))
    }
}
