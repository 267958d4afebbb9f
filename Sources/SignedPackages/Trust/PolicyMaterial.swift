/// The certificates and revocation data of a policy, parsed. Lists of a big issuer have many thousand entries, so a
/// verifier parses them once and not for every signature.
struct PolicyMaterial: Sendable {
    /// The policy of the source.
    let policy: VerificationPolicy
    /// The certificates that a path may end in.
    private(set) var anchors: [PackageCertificate] = []
    /// Certificates that help to build paths.
    private(set) var intermediates: [PackageCertificate] = []
    /// Revocation lists, each once.
    private(set) var lists: [RevocationList] = []
    /// OCSP responses, each once.
    private(set) var responses: [OCSPResponse] = []
    /// Why roots and intermediates could not be read, for the cause of a path that then is missing.
    private(set) var unreadableCertificates: [String] = []
    /// Why revocation lists and OCSP responses could not be read: they might have said something.
    private(set) var unreadableRevocation: [String] = []

    /// Parses what a policy holds.
    init(_ policy: VerificationPolicy) {
        self.policy = policy
        anchors = certificates(policy.roots)
        intermediates = certificates(policy.intermediates)
        add(crls: policy.crls, ocspResponses: policy.ocspResponses)
    }

    /// The same with revocation data that came with a package.
    func adding(crls: [[UInt8]], ocspResponses: [[UInt8]]) -> PolicyMaterial {
        var more = self
        more.add(crls: crls, ocspResponses: ocspResponses)
        return more
    }

    private mutating func certificates(_ encoded: [[UInt8]]) -> [PackageCertificate] {
        var certificates: [PackageCertificate] = []
        for der in encoded {
            do {
                let certificate = try PackageCertificate(der: der)
                if !certificates.contains(certificate) { certificates.append(certificate) }
            } catch {
                unreadableCertificates.append(error.check.detail)
            }
        }
        return certificates
    }

    private mutating func add(crls: [[UInt8]], ocspResponses: [[UInt8]]) {
        for der in crls where !lists.contains(where: { $0.der == der }) {
            do { lists.append(try RevocationList(der: der)) } catch { unreadableRevocation.append(error.reason) }
        }
        for der in ocspResponses where !responses.contains(where: { $0.der == der }) {
            do { responses.append(try OCSPResponse(der: der)) } catch { unreadableRevocation.append(error.reason) }
        }
    }
}
