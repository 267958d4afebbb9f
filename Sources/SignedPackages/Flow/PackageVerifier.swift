/// Verifies signed packages under the policy of one source, as of a time that is handed in.
///
/// What is checked, in this order: the structure of the package; its entries; its manifests; every signature over what it
/// signs; the path, validity, key usage, revocation and binding of every signer; the digest of every document; and
/// whether enough signatures are good. Each step reports all that is wrong; the next is taken as long as there is
/// something to take it on. Nothing is unpacked from a container whose headers are not in order.
public struct PackageVerifier: Sendable {
    /// What the source demands.
    public let policy: VerificationPolicy
    /// The time as of which is verified, seconds since 1970.
    public let now: Int64

    /// Prepares to verify.
    public init(policy: VerificationPolicy, now: Int64) {
        self.policy = policy
        self.now = now
    }

    /// Verifies a file.
    ///
    /// - Parameters:
    ///   - package: The bytes of the file.
    ///   - name: The file's name, without its folder.
    ///   - detachedContent: The document beside the file, where there is one.
    /// - Throws: The input's own errors, and ``PackageError`` when a library fails. Whatever is wrong with the package is
    ///   in the verdict.
    public func verify(
        _ package: any PackageInput, name: String, detachedContent: (any PackageInput)? = nil
    ) async throws -> VerificationResult {
        let head = try package.bytes(at: 0, count: PackageSniffer.headSize)
        guard let kind = PackageSniffer.kind(name: name, head: head) else { return .unsigned }
        var draft = PackageDraft(kind: kind)
        let known = PolicyMaterial(policy)
        do {
            switch kind {
            case .asicE, .asicS:
                var run = ContainerVerification(package, kind: kind, self, known)
                try await run.run(into: &draft)
            case .cmsAttached, .cmsDetached, .certificates:
                let run = MessageVerification(
                    package, name: name, detachedContent: detachedContent, self, known)
                try await run.run(into: &draft)
            }
        } catch let fault as PackageFault {
            if let error = fault.reading { throw error }
            draft.checks.append(fault.check)
        }
        return draft.result(under: policy, at: now)
    }
}
