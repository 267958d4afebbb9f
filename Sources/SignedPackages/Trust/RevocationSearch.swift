import Findings

/// What is known about whether a certificate was revoked.
enum RevocationStatus: Sendable, Hashable {
    /// Fresh data for every reason says that it was not.
    case good(String)
    /// Revoked, with the source of that knowledge.
    case revoked(date: Int64, reason: RevocationReason?, source: String)
    /// There is no data about it; says what was looked for.
    case missing(String)
    /// There is data, but it cannot be used: stale, not to be believed, or undecided. Says why.
    case unusable(FindingKind, String)
}

/// Looks up the revocation of the certificates of one path in the lists and OCSP responses at hand (RFC 5280 section
/// 6.3).
///
/// Complete, partitioned, indirect and delta lists are understood. A list counts only when its signature verifies with
/// the certificate's issuer or with a certificate for signing lists that has a path of its own to the same root; when
/// it is not stale; and when nothing critical in it is unknown. A certificate that any usable source calls revoked is
/// revoked.
struct RevocationSearch {
    /// How many lists may stand behind one another: one is signed by a certificate that another one covers, and so on.
    static let maximumDepth = 3

    let material: TrustMaterial
    let path: CertificatePath
    // Certificates whose own revocation is being looked up; they cannot vouch for themselves.
    let pending: Set<PackageCertificate>
    /// The lists that decided something, DER.
    private(set) var usedLists: [[UInt8]] = []
    /// The responses that decided something, DER.
    private(set) var usedResponses: [[UInt8]] = []

    /// Prepares a search for the certificates of a path.
    init(_ path: CertificatePath, in material: TrustMaterial, pending: Set<PackageCertificate> = []) {
        self.path = path
        self.material = material
        self.pending = pending
    }

    /// What is known about the certificate at a place of the path; the root itself is never looked up.
    mutating func status(at index: Int) -> RevocationStatus {
        guard let issuer = path.issuer(at: index) else {
            return .good("a root is trusted by the source's own settings")
        }
        let byResponse = responseStatus(of: path.certificates[index], issuer: issuer)
        if case .revoked = byResponse { return byResponse }
        let byList = listStatus(of: path.certificates[index], issuer: issuer)
        switch (byResponse, byList) {
        case (_, .revoked), (_, .good), (.missing, _): return byList
        case (.good, _), (.revoked, _), (.unusable, .missing): return byResponse
        case (.unusable(_, let cause), .unusable(let kind, let listCause)):
            return .unusable(kind, "\(listCause); \(cause)")
        }
    }

    /// Remembers that a list decided something.
    mutating func use(_ list: RevocationList) {
        if !usedLists.contains(list.der) { usedLists.append(list.der) }
    }

    /// Remembers that a response decided something.
    mutating func use(_ response: OCSPResponse) {
        if !usedResponses.contains(response.der) { usedResponses.append(response.der) }
    }

    /// Why data made at one time and due for renewal at another cannot be used now; `nil` when it can.
    func staleness(thisUpdate: Int64, nextUpdate: Int64?) -> (kind: FindingKind, cause: String)? {
        let now = "now is \(CertificateTime.text(material.now))"
        let made = CertificateTime.text(thisUpdate)
        if thisUpdate > material.now + material.policy.signingTime.futureTolerance {
            return (.packageCRLInvalid, "it is from the future, \(made); \(now): is the clock right?")
        }
        if let nextUpdate, nextUpdate < material.now {
            return (
                .packageCRLStale,
                "it is of \(made) and was to be renewed by \(CertificateTime.text(nextUpdate)); \(now)"
            )
        }
        if let maximum = material.policy.maximumCRLAge {
            guard material.now - thisUpdate > maximum else { return nil }
            return (.packageCRLStale, "it is of \(made), older than the \(maximum) s that the source allows; \(now)")
        }
        return nextUpdate == nil ? (.packageCRLStale, "it is of \(made) and does not say until when it holds") : nil
    }
}
