import Foundation
import Inbound

/// Finds rejected filings where they are kept.
struct Quarantine {
    let state: StateFolder

    /// Where a filing lies, or nil when it is not there (any more).
    ///
    /// - Throws: `InboundError` when a candidate cannot be read.
    func find(_ request: RetryRequest) throws -> KeptFiling? {
        let root = "\(state.quarantine)/\(request.source)"
        let prefix = String(request.digest.prefix(12)) + "-"
        for day in Self.entries(root) {
            for entry in Self.entries("\(root)/\(day)") where entry.hasPrefix(prefix) && !Self.isCompanion(entry) {
                let path = "\(root)/\(day)/\(entry)"
                guard let name = FileName(String(entry.dropFirst(prefix.count))) else { continue }
                if let kept = KeptFiling(pathBytes: Array(path.utf8), name: name, source: request.source) {
                    return kept
                }
            }
        }
        return nil
    }

    private static func isCompanion(_ name: String) -> Bool {
        name.hasSuffix(".reason.txt") || name.hasSuffix(".sha256")
    }

    private static func entries(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}
