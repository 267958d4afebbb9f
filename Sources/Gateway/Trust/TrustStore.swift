import Logging
public import SignedPackages
import Synchronization

/// What a source trusts at this moment, read from its files.
///
/// Certificates are read at the start and at a reload. Revocation data is read again whenever a file of it was replaced:
/// before each package the files are looked at, not read. A replacement that cannot be read changes nothing and is told
/// once; how old a list may become is the policy's business.
public final class TrustStore: Sendable {
    private struct State {
        var certificates: (roots: [[UInt8]], intermediates: [[UInt8]])?
        var revocation: [TrustFile: (stamp: TrustFile.Stamp?, items: [[UInt8]])] = [:]
        var refused: [TrustFile: TrustFile.Stamp?] = [:]
    }

    /// What is demanded.
    let settings: SignatureSettings
    let limits: PackageLimits
    private let logger: Logger?
    private let state = Mutex(State())

    init(_ settings: SignatureSettings, limits: PackageLimits, logger: Logger? = nil) {
        self.settings = settings
        self.limits = limits
        self.logger = logger
    }

    /// What a source trusts, for commands that verify by hand.
    public convenience init(_ source: SourceSettings, limits: GatewayLimits) {
        self.init(source.signature, limits: limits.package)
    }

    /// The policy as of now.
    ///
    /// - Throws: ``GatewayError`` when a file cannot be read that was never read before.
    public func policy() throws(GatewayError) -> VerificationPolicy {
        let held = state.withLock { $0 }
        var next = held
        let certificates: (roots: [[UInt8]], intermediates: [[UInt8]])
        if let known = held.certificates {
            certificates = known
        } else {
            certificates = try read(settings.certificateFiles)
        }
        for file in settings.revocationFiles { try refresh(file, &next) }
        state.withLock { [next] state in
            // A reload meanwhile has the last word.
            state.certificates = state.certificates ?? certificates
            state.revocation = next.revocation
            state.refused = next.refused
        }
        return policy(certificates, next)
    }

    /// Reads everything anew; what cannot be read stays as it was.
    func reload() {
        do throws(GatewayError) {
            let certificates = try read(settings.certificateFiles)
            state.withLock { state in
                state.certificates = certificates
                for file in state.revocation.keys { state.revocation[file]?.stamp = nil }
                state.refused = [:]
            }
            _ = try policy()
        } catch {
            logger?.error("Kept the trust of the source as it was", metadata: ["error": "\(error)"])
        }
    }

    private func read(_ files: [TrustFile]) throws(GatewayError) -> (roots: [[UInt8]], intermediates: [[UInt8]]) {
        var items: [[UInt8]] = []
        for file in files {
            for item in try file.read() where !items.contains(item) { items.append(item) }
        }
        return TrustFiles.partition(items)
    }

    private func refresh(_ file: TrustFile, _ state: inout State) throws(GatewayError) {
        let stamp = file.stamp
        if let known = state.revocation[file], stamp == known.stamp { return }
        if let refused = state.refused[file], refused == stamp { return }
        do throws(GatewayError) {
            state.revocation[file] = (stamp, try file.read())
            state.refused[file] = nil
        } catch {
            guard state.revocation[file] != nil else { throw error }
            state.refused[file] = .some(stamp)
            logger?.error(
                "A file of revocation data was replaced by one that cannot be used; the old one stays",
                metadata: ["file": "\(file.path)", "error": "\(error)"])
        }
    }

    private func policy(
        _ certificates: (roots: [[UInt8]], intermediates: [[UInt8]]), _ state: State
    ) -> VerificationPolicy {
        func items(_ kind: TrustFile.Kind) -> [[UInt8]] {
            settings.revocationFiles.filter { $0.kind == kind }.flatMap { state.revocation[$0]?.items ?? [] }
        }
        return VerificationPolicy(
            roots: certificates.roots, intermediates: certificates.intermediates, crls: items(.revocationLists),
            ocspResponses: items(.ocspResponse), binding: settings.signers, required: settings.signatures,
            validity: settings.validity, revocation: settings.revocation,
            maximumCRLAge: settings.crlMaxAge?.components.seconds, signingTime: settings.signingTime, limits: limits)
    }
}
