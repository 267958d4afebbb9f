import Findings
import Foundation
import Mappings
import SignedPackages

extension SettingsCheck {
    /// Trust files that cannot be used, and what in them will not serve.
    static func trustProblems(_ source: SourceSettings, _ tree: MarkedYAML?, _ file: String) -> [MappingProblem] {
        let node = tree?["sources"]?[source.name]
        var problems: [MappingProblem] = []
        var certificates: [[UInt8]] = []
        var lists: [[UInt8]] = []
        func read(_ files: [TrustFile], _ key: String, _ items: inout [[UInt8]]) {
            for (index, trust) in files.enumerated() {
                do throws(GatewayError) {
                    items += try trust.read()
                } catch {
                    let place = node?[key]?.items.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? node?[key]
                    problems.append(problem(place, file, "“\(key)” of source “\(source.name)”: \(error)"))
                }
            }
        }
        let signature = source.signature
        read(signature.certificateFiles, "trust", &certificates)
        read(signature.crls.map { TrustFile(path: $0, kind: .revocationLists) }, "crls", &lists)
        var responses: [[UInt8]] = []
        read(signature.ocsp.map { TrustFile(path: $0, kind: .ocspResponse) }, "ocsp", &responses)
        let (roots, intermediates) = TrustFiles.partition(certificates)
        if problems.isEmpty, !signature.trust.isEmpty, roots.isEmpty {
            problems.append(
                problem(
                    node?["trust"], file,
                    "“trust” of source “\(source.name)” holds no root: a path must end in a certificate that issued itself"
                ))
        }
        let policy = VerificationPolicy(
            roots: roots, intermediates: intermediates, crls: lists,
            maximumCRLAge: signature.crlMaxAge?.components.seconds)
        return problems + warnings(TrustListing(policy, now: Int64(Date().timeIntervalSince1970)), source, node, file)
    }

    private static func warnings(
        _ listing: TrustListing, _ source: SourceSettings, _ node: MarkedYAML?, _ file: String
    ) -> [MappingProblem] {
        let certificates = (listing.roots + listing.intermediates).filter { !$0.problem.isEmpty }.map { item in
            (key: "trust", text: "“\(item.subject)” in the trust of source “\(source.name)”: \(item.problem)")
        }
        let lists = listing.lists.filter { $0.isStale || !$0.isVerified }.map { list in
            let why =
                list.isStale
                ? "is stale (made \(list.thisUpdate), next due \(list.nextUpdate))"
                : "is not signed by a certificate of “trust”"
            return (key: "crls", text: "the revocation list of “\(list.issuer)” of source “\(source.name)” \(why)")
        }
        return (certificates + lists + lackingLists(listing, source)).map { warning in
            var found = problem(node?[warning.key], file, warning.text)
            found.severity = .warning
            return found
        }
    }

    // Each CA needs one: its own list speaks of what it has issued, and not of itself. Responses speak of single certificates.
    private static func lackingLists(
        _ listing: TrustListing, _ source: SourceSettings
    ) -> [(key: String, text: String)] {
        guard source.signature.revocation == .required, source.signature.ocsp.isEmpty else { return [] }
        let there = Set(listing.lists.map(\.issuer))
        return (listing.roots + listing.intermediates).filter { !there.contains($0.subject) }.map { item in
            let text =
                "“revocation: required” of source “\(source.name)” needs a list of “\(item.subject)” under “crls”: "
                + "without it, all that is signed below it is rejected"
            return (key: "revocation", text: text)
        }
    }

    /// What keeps receipts from being signed. A credential exists only within the service, so elsewhere it cannot be judged.
    static func signingProblems(
        _ settings: Settings, _ tree: MarkedYAML?, _ file: String, isStarting: Bool
    ) -> [MappingProblem] {
        guard let signing = settings.receiptSigning else { return [] }
        let credentials = ReceiptSigner.credentialsFolder
        do throws(GatewayError) {
            _ = try ReceiptSigner(signing, credentials: credentials)
            return []
        } catch {
            var found = problem(tree?["receipts"]?["sign-with"] ?? tree?["receipts"], file, "receipts: \(error)")
            if case .credential = signing.key, credentials == nil, !isStarting { found.severity = .warning }
            return [found]
        }
    }
}
