public import Foundation
import Inbound
public import Journal
public import SignedPackages

/// Repeats the verdict that a filing was committed with, from the original and the evidence that were kept.
public struct FilingReverification: Sendable {
    private let journal: Journal
    private let settings: Settings

    /// Takes the journal and the settings of a gateway, which may be running.
    public init(journal: Journal, settings: Settings) {
        self.journal = journal
        self.settings = settings
    }

    /// The old verdict again as of its time, and what today's would be under the settings of today.
    ///
    /// - Parameters:
    ///   - filing: The filing.
    ///   - now: Today.
    /// - Returns: Nil for a filing without a verdict: it was no signed package.
    /// - Throws: ``GatewayError`` when the original is not where it should be, or the trust of the source cannot be read;
    ///   what the journal and reading the file throw.
    public func run(_ filing: FilingSummary, now: Date) async throws -> Reverification? {
        guard let verdict = try await VerdictArchive(journal).verdict(of: filing.identity) else { return nil }
        guard let kept = try find(filing) else {
            throw GatewayError(
                .folder,
                "the original of \(filing.identity.hex) is neither in the archive nor in quarantine under \(settings.state); restore it from a backup of them"
            )
        }
        let source = settings.sources.first { $0.name == filing.identity.source }
        let policy = try source.map { try TrustStore($0, limits: settings.limits).policy() }
        let document = FilingInput(try PlainFile(kept).bytes())
        let signature = try kept.signature.map { FilingInput(try PlainFile($0).bytes()) }
        let name = kept.name.displayed + (signature == nil ? "" : Pairing.signatureSuffixes[0])
        return try await PackageVerifier.reverify(
            verdict, package: signature ?? document, name: name, detachedContent: signature == nil ? nil : document,
            policy: policy, now: Int64(now.timeIntervalSince1970.rounded(.down)))
    }

    private func find(_ filing: FilingSummary) throws -> KeptFiling? {
        let state = StateFolder(path: settings.state)
        let request = RetryRequest(source: filing.identity.source, digest: filing.identity.hex)
        return try Quarantine(archive: state).find(request) ?? Quarantine(state: state).find(request)
    }
}
