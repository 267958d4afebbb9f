import Findings

extension RevocationSearch {
    /// What the lists say about a certificate.
    mutating func listStatus(of certificate: PackageCertificate, issuer: PackageCertificate) -> RevocationStatus {
        var tally = Tally()
        for list in material.known.lists where list.deltaBase == nil {
            guard let reasons = ListScope.reasons(of: list, covering: certificate) else { continue }
            if let obstacle = obstacle(to: list, issuer: issuer) {
                tally.obstacles.append((obstacle.kind, "\(list.label): \(obstacle.cause)"))
            } else {
                consult(list, about: certificate, issuer: issuer, reasons: reasons, &tally)
            }
        }
        if let revocation = tally.revocation { return revocation }
        if tally.covered.isSuperset(of: .all) { return .good("not in \(tally.sources.joined(separator: ", "))") }
        if let obstacle = tally.obstacles.first { return .unusable(obstacle.kind, obstacle.cause) }
        if !tally.sources.isEmpty {
            let cause = "only some reasons are covered by \(tally.sources.joined(separator: ", "))"
            return .unusable(.packageRevocationUnknown, cause)
        }
        let missing = tally.missing ?? "no revocation list of \(certificate.issuer)"
        if let unreadable = material.known.unreadableRevocation.first {
            return .unusable(.packageCRLInvalid, "\(missing) that can be read; what cannot: \(unreadable)")
        }
        return .missing(missing)
    }

    // What was found so far about one certificate.
    private struct Tally {
        var covered: RevocationReasons = []
        var sources: [String] = []
        var obstacles: [(kind: FindingKind, cause: String)] = []
        var missing: String?
        var revocation: RevocationStatus?
    }

    private mutating func consult(
        _ list: RevocationList, about certificate: PackageCertificate, issuer: PackageCertificate,
        reasons: RevocationReasons, _ tally: inout Tally
    ) {
        let deltas = deltas(for: list, about: certificate, issuer: issuer)
        use(list)
        deltas.forEach { use($0) }
        let made = CertificateTime.text((deltas.last ?? list).thisUpdate)
        if let entry = Self.entry(for: certificate, in: list, deltas) {
            tally.revocation = .revoked(date: entry.date, reason: entry.reason, source: list.label)
        } else if certificate.notAfter < list.thisUpdate {
            tally.missing = "\(list.label) is of \(made), when the certificate had expired and may be left out"
            return
        }
        tally.covered.formUnion(reasons)
        tally.sources.append("\(list.label) of \(made)")
    }

    // The newest delta decides; `removeFromCRL` lifts a hold of the complete list (section 5.3.1).
    private static func entry(
        for certificate: PackageCertificate, in list: RevocationList, _ deltas: [RevocationList]
    ) -> RevocationList.Entry? {
        for delta in deltas.reversed() {
            if let entry = delta.entry(for: certificate) { return entry.reason == .removeFromCRL ? nil : entry }
        }
        return list.entry(for: certificate)
    }

    // Deltas of the same scope that build on this list or an earlier one (section 5.2.4), oldest first. Those that build on a
    // newer one leave open what happened in between, and yet revoke what they name.
    private func deltas(
        for list: RevocationList, about certificate: PackageCertificate, issuer: PackageCertificate
    ) -> [RevocationList] {
        guard let number = list.number else { return [] }
        return material.known.lists
            .filter { delta in
                guard let base = delta.deltaBase, let deltaNumber = delta.number else { return false }
                return delta.issuer == list.issuer && delta.scope.bytes == list.scope.bytes
                    && delta.authorityKeyIdentifier == list.authorityKeyIdentifier
                    && (!Self.isLess(number, base) || delta.revokes(certificate)) && Self.isLess(number, deltaNumber)
                    && obstacle(to: delta, issuer: issuer) == nil
            }
            .sorted { Self.isLess($0.number ?? [], $1.number ?? []) }
    }

    // Compares the content bytes of two non-negative INTEGERs.
    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let (left, right) = (left.drop { $0 == 0 }, right.drop { $0 == 0 })
        return left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }

    private func obstacle(to list: RevocationList, issuer: PackageCertificate) -> (kind: FindingKind, cause: String)? {
        if !list.unknownCritical.isEmpty {
            let names = list.unknownCritical.sorted().joined(separator: ", ")
            return (.packageCRLInvalid, "it has a critical extension that is not understood: \(names)")
        }
        if let stale = staleness(thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate) { return stale }
        return signerObstacle(to: list, issuer: issuer)
    }

    private func signerObstacle(
        to list: RevocationList, issuer: PackageCertificate
    ) -> (kind: FindingKind, cause: String)? {
        var causes: [String] = []
        let others = material.certificates(of: list.issuer).filter { $0 != issuer }
        let candidates = (issuer.subjectName == list.issuer ? [issuer] : []) + others
        for candidate in candidates {
            let outcome = material.signature(of: list, by: candidate)
            guard outcome == .valid else {
                causes.append("its signature: \(outcome.cause(signer: candidate))")
                continue
            }
            guard let cause = objection(toSigner: candidate) else { return nil }
            causes.insert(cause, at: 0)
        }
        return (.packageCRLInvalid, causes.first ?? "the certificate of its issuer is not there")
    }

    // A certificate of the path is judged with the path; any other needs a path of its own to the same root.
    private func objection(toSigner signer: PackageCertificate) -> String? {
        if let usage = signer.extensions.keyUsage, !usage.cRLSign {
            return "the key usage of \(signer.label), which signed it, is \(usage.text), without cRLSign"
        }
        if path.certificates.contains(signer) { return nil }
        guard pending.count < Self.maximumDepth, !pending.contains(signer) else {
            return "\(signer.label), which signed it, would vouch for itself"
        }
        for candidate in material.search(from: signer).paths where candidate.anchor == path.anchor {
            if isGood(candidate, for: signer) { return nil }
        }
        return "\(signer.label), which signed it, has no good path to the root \(path.anchor.label)"
    }

    private func isGood(_ candidate: CertificatePath, for signer: PackageCertificate) -> Bool {
        guard PathRules.objections(to: candidate, subject: signer.label).isEmpty else { return false }
        guard candidate.certificates.allSatisfy({ $0.notBefore <= material.now && material.now <= $0.notAfter })
        else { return false }
        var search = RevocationSearch(candidate, in: material, pending: pending.union([signer]))
        return candidate.certificates.indices.dropLast().allSatisfy { index in
            // What stands in our own path is looked up there.
            if path.certificates.contains(candidate.certificates[index]) { return true }
            switch search.status(at: index) {
            case .good: return true
            case .revoked: return false
            case .missing, .unusable: return material.policy.revocation != .required
            }
        }
    }
}

extension RevocationList {
    /// How messages name it.
    fileprivate var label: String { "the list of \(issuer.text)" }
}

extension RevocationList {
    fileprivate func revokes(_ certificate: PackageCertificate) -> Bool {
        entry(for: certificate).map { $0.reason != .removeFromCRL } ?? false
    }
}
