/// Shows how a package is put together, without verifying anything and without giving access to its content.
public struct PackageInspector: Sendable {
    private let limits: PackageLimits

    /// Prepares to look at packages within these limits.
    public init(limits: PackageLimits = PackageLimits()) {
        self.limits = limits
    }

    /// Describes a file.
    ///
    /// - Throws: The input's own errors. What is wrong with the file is in the description.
    public func inspect(_ package: any PackageInput, name: String) throws -> PackageDescription {
        let head = try package.bytes(at: 0, count: PackageSniffer.headSize)
        var description = PackageDescription(kind: PackageSniffer.kind(name: name, head: head), size: package.size)
        guard let kind = description.kind else { return description }
        do {
            if kind == .asicE || kind == .asicS {
                try inspectContainer(package, &description)
            } else {
                let message = try SignedMessageReader.read(package, limits: limits)
                description.kind = MessageVerification.kind(of: message)
                description.messages = [Self.message(message, name: name)]
            }
        } catch {
            if let error = error.reading { throw error }
            description.faults.append(error.check)
        }
        return description
    }

    private func inspectContainer(
        _ package: any PackageInput, _ description: inout PackageDescription
    ) throws(PackageFault) {
        let survey = try ZipSurvey(package, limits: limits)
        description.faults = survey.faults
        description.entries = survey.entries.map {
            PackageDescription.Entry(
                name: ZipEntryName.shown(Array($0.name.utf8)[...]), size: $0.size, packedSize: $0.packedSize,
                method: "\($0.method)")
        }
        guard survey.faults.isEmpty else { return }
        let container = ZipContainer(survey, of: package)
        let entries = try ASiCEntries(container, kind: description.kind ?? .asicE)
        description.kind = entries.kind
        description.faults += entries.checks.filter { $0.outcome != .passed }
        for index in entries.manifests + entries.signatures {
            do {
                try inspect(index, of: container, isManifest: entries.manifests.contains(index), &description)
            } catch {
                guard error.reading == nil else { throw error }
                description.faults.append(error.check)
            }
        }
    }

    private func inspect(
        _ index: Int, of container: ZipContainer, isManifest: Bool, _ description: inout PackageDescription
    ) throws(PackageFault) {
        let name = container.entries[index].name
        let limit = isManifest ? limits.manifestBytes : limits.signatureBytes
        let bytes = try container.content(of: index, limit: limit)
        guard isManifest else {
            let message = try SignedMessageReader.read(BytesInput(bytes), limits: limits)
            return description.messages.append(Self.message(message, name: name))
        }
        let manifest = try ASiCManifest(xml: bytes, entry: name, limits: limits)
        description.manifests.append(
            PackageDescription.Manifest(
                name: name, signature: manifest.signature,
                references: manifest.references.map {
                    PackageDescription.Reference(
                        name: $0.name, mediaType: $0.mediaType, algorithm: $0.algorithm.rawValue,
                        digest: hex($0.digest))
                }))
    }

    private static func message(_ message: SignedMessage, name: String) -> PackageDescription.Message {
        let certificates = message.certificates.compactMap { try? PackageCertificate(der: $0) }
        return PackageDescription.Message(
            name: name, summary: MessageVerification.text(of: message),
            signers: message.signers.map { signer in
                let time = signer.signedAttributes?.values(of: CMSObjectIDs.signingTime).first?.first
                return PackageDescription.Signer(
                    certificate: signer.identifier.description,
                    subject: signer.certificate(in: certificates)?.subject ?? "",
                    digest: signer.digestAlgorithm.seen, algorithm: signer.signatureAlgorithm.seen,
                    attributes: signer.signedAttributes?.attributes.map { CMSObjectIDs.attributeName($0.type) } ?? [],
                    signedAt: time.flatMap { try? SigningTime.seconds($0) }.map(SigningTime.text) ?? "")
            },
            certificates: certificates.map(CertificateDescription.init))
    }
}
