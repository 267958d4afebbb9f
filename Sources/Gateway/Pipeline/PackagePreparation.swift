import Findings
import Foundation
import Inbound
import Journal
import Mappings
import SignedPackages
import TextEncodings

/// A verified package on its way to the commit.
private struct PackageUnderWay {
    let claim: ClaimedFiling
    let inspection: FilingInspection
    let package: VerifiedPackage
    let converter: FilingConverter
    var gathering: PackageGathering
    var tally: PackageTally
}

extension FilingPreparation {
    /// Takes a signed package up to the point where it can be committed: verify, then convert every document of it.
    ///
    /// Nothing of the package is read before it is verified, and all its documents are taken or none.
    ///
    /// - Returns: Nil for a plain document that the source may file as such.
    /// - Throws: ``GatewayError`` when the source's trust cannot be read; otherwise as ``prepare(_:with:)``.
    func preparePackage(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, with mappings: MappingSet
    ) async throws -> PreparedFiling? {
        let signature = try claim.signatureBytes().map(FilingInput.init)
        let head = Array(inspection.head.prefix(PackageSniffer.headSize))
        let kind = signature == nil ? PackageSniffer.kind(name: claim.name.displayed, head: head) : .cmsDetached
        guard let kind else { return source.signature.demand == .required ? notSigned(claim, inspection) : nil }
        if source.signature.demand == .forbidden, kind != .certificates { return forbidden(claim, inspection) }
        let content = FilingInput(try claim.bytes())
        let verifier = PackageVerifier(
            policy: try trust.policy(), now: Int64(now().timeIntervalSince1970.rounded(.down)))
        // However the signature is called, it belongs to the document that it was claimed with.
        let name = claim.name.displayed + (signature == nil ? "" : Pairing.signatureSuffixes[0])
        let result =
            if let signature {
                try await verifier.verify(signature, name: name, detachedContent: content)
            } else {
                try await verifier.verify(content, name: name)
            }
        switch result {
        case .unsigned: return source.signature.demand == .required ? notSigned(claim, inspection) : nil
        case .refused(let verdict): return try refused(claim, inspection, verdict)
        case .verified(let package):
            switch (source.signature.demand, package.isSigned) {
            case (.required, false): return notSigned(claim, inspection)
            case (.forbidden, true): return forbidden(claim, inspection)
            default: return try await convert(package, claim, inspection, with: mappings)
            }
        }
    }

    private func notSigned(_ claim: ClaimedFiling, _ inspection: FilingInspection) -> PreparedFiling {
        let why =
            "this source must sign what it files: inside of a package, or with a detached signature beside the document"
        var finding = Finding(.packageNotSigned, arguments: [claim.name.displayed, why])
        finding.message.chinese =
            FindingKind.packageNotSigned.message.filled(with: [
                claim.name.displayed, "本来源报送的文件必须签名：请报送签名包，或在文档旁附上分离式签名（.p7s）",
            ]).chinese
        return rejected(claim, inspection, finding)
    }

    private func forbidden(_ claim: ClaimedFiling, _ inspection: FilingInspection) -> PreparedFiling {
        rejected(claim, inspection, Finding(.packageSignatureForbidden, arguments: [claim.name.displayed]))
    }

    private func refused(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, _ verdict: PackageVerdict
    ) throws -> PreparedFiling {
        var findings = FindingLog(limit: limits.findings)
        // What a document says as text says nothing of a package's bytes.
        for finding in verdict.findings { findings.report(finding) }
        return try rejected(claim, inspection, verdict, findings)
    }

    /// The filing as rejected, with the verdict that it got.
    private func rejected(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, _ verdict: PackageVerdict, _ findings: FindingLog
    ) throws -> PreparedFiling {
        var filing = blank(claim, inspection, outcome: .rejected)
        filing.encoding = nil
        filing.findings = findings
        return try PreparedFiling(claim: claim, inspection: inspection, filing: filing).with(verdict, at: now())
    }

    private func convert(
        _ package: VerifiedPackage, _ claim: ClaimedFiling, _ inspection: FilingInspection, with mappings: MappingSet
    ) async throws -> PreparedFiling {
        var work = PackageUnderWay(
            claim: claim, inspection: inspection, package: package,
            converter: FilingConverter(mappings: mappings, limits: limits),
            gathering: PackageGathering(
                journal: journal, identity: identity(of: inspection), source: source.name, precedence: precedence,
                at: now()),
            tally: PackageTally(package.verdict, findingLimit: limits.findings))
        do {
            for document in package.documents {
                guard try await take(document, &work) else {
                    await work.gathering.discard()
                    var rejected = try rejected(claim, inspection, package.verdict, work.tally.findings)
                    rejected.filing.mapping = work.tally.mapping
                    rejected.filing.counts = work.tally.counts
                    return rejected
                }
            }
            return try await accepted(&work)
        } catch {
            await work.gathering.discard()
            throw error
        }
    }

    private func accepted(_ work: inout PackageUnderWay) async throws -> PreparedFiling {
        let outcome: FilingOutcome = work.tally.findings.total == 0 ? .accepted : .acceptedWithFindings
        var filing = blank(work.claim, work.inspection, outcome: outcome)
        filing.mapping = work.tally.mapping
        filing.encoding = work.tally.encoding
        filing.counts = work.tally.counts
        filing.findings = work.tally.findings
        if let first = try await work.gathering.finish().splitFirst() {
            filing.delivery = first.head.delivery
            filing.records = first.head.records
            filing.furtherParts = first.tail
        }
        return try PreparedFiling(claim: work.claim, inspection: work.inspection, filing: filing)
            .with(work.package.verdict, at: now())
    }
}

// MARK: - One document

extension FilingPreparation {
    // False when it rejects the filing.
    private func take(_ document: PackageDocument, _ work: inout PackageUnderWay) async throws -> Bool {
        if CertificateDocuments.holdsCertificates(document) {
            try await takeCertificates(document, &work)
            return true
        }
        let inspection = try work.converter.survey(document, of: work.package, filing: work.inspection.hash)
        if let fatal = inspection.findings.first(where: { $0.severity == .fatal }) {
            work.tally.reject(document, fatal)
            return false
        }
        switch work.converter.choose(for: inspection, among: source.mappings) {
        case .rejected(let finding):
            work.tally.reject(document, finding)
            return false
        case .one(let mapping): return try await convert(document, inspection, with: mapping, &work)
        }
    }

    private func convert(
        _ document: PackageDocument, _ inspection: FilingInspection, with mapping: Mapping,
        _ work: inout PackageUnderWay
    ) async throws -> Bool {
        let meaning = RecordMeaning(mapping)
        var gathering = work.gathering
        let summary: ConversionSummary
        do {
            summary = try await work.converter.convert(
                document, of: work.package, with: mapping, context: context(document, work), inspection: inspection
            ) { batch, scope in
                beat()
                try await gathering.take(batch, of: meaning, scope: scope)
            }
        } catch {
            work.gathering = gathering
            throw error
        }
        work.gathering = gathering
        work.tally.take(summary, of: document, mapping, encoding: inspection.documentEncoding.rawValue)
        guard !summary.isRejected else { return false }
        if case .snapshot = mapping.delivery, summary.rowsSetAside > 0 {
            work.tally.report(Finding(.snapshotDeletesWithheld, arguments: ["\(summary.rowsSetAside)"]), in: document)
        }
        var deletes = DeleteContext(work.claim, work.inspection, source, mapping)
        deletes.signer = work.package.verdict.signer(of: document).map(FilingSigner.init)
        work.gathering.finish(
            document.name, of: meaning, scope: summary.snapshotScope, deletes: summary.rowsSetAside == 0, deletes)
        return true
    }

    private func takeCertificates(_ document: PackageDocument, _ work: inout PackageUnderWay) async throws {
        let listing = try work.package.certificates(in: document)
        let batch = try CertificateRecords(context(document, work)).batch(listing.certificates)
        let meaning = RecordMeaning(mapping: CertificateRecords.mapping.id, delivery: .upsert)
        try await work.gathering.take(batch, of: meaning, scope: nil)
        work.tally.take(listing, of: document)
        work.gathering.finish(document.name, of: meaning, scope: nil, deletes: false, DeleteContext.none)
    }

    private func context(_ document: PackageDocument, _ work: PackageUnderWay) -> FilingContext {
        FilingContext(
            source: source.name, filing: work.inspection.hash.hexadecimal, document: document.name,
            receivedAt: Timestamp.text(work.claim.receivedAt),
            signer: work.package.verdict.signer(of: document).map(FilingSigner.init), areaCode: source.areaCode,
            identityKey: identityKey)
    }
}

extension PreparedFiling {
    /// The same with the verdict on its signatures, for the journal and for the receipt.
    fileprivate func with(_ verdict: PackageVerdict, at time: Date) throws -> PreparedFiling {
        var copy = self
        copy.verdict = verdict
        copy.filing.verdict = try VerdictArchive.encode(verdict)
        copy.filing.events.append(FilingEvent(at: time, kind: .verified, detail: verdict.eventText))
        return copy
    }
}

extension Array {
    fileprivate func splitFirst() -> (head: Element, tail: [Element])? {
        first.map { ($0, Array(dropFirst())) }
    }
}
