/// What a source trusts, for `qiao trust list` and the check of the settings.
public struct TrustListing: Sendable, Hashable, Codable {
    /// One certificate.
    public struct Item: Sendable, Hashable, Codable {
        /// The subject, as in RFC 4514.
        public var subject: String
        /// The issuer, as in RFC 4514.
        public var issuer: String
        /// SHA-256 of the certificate, lower-case hexadecimal.
        public var fingerprint: String
        /// The kind of key, such as `SM2` or `RSA 2048`.
        public var key: String
        /// Since when it is valid, RFC 3339 in UTC.
        public var notBefore: String
        /// Until when it is valid, RFC 3339 in UTC.
        public var notAfter: String
        /// Whole days until it expires; negative when it has.
        public var daysLeft: Int64
        /// What is wrong with it as a root or intermediate, or empty: expired, not a CA, weak key.
        public var problem: String
    }

    /// One revocation list.
    public struct List: Sendable, Hashable, Codable {
        /// The issuer, as in RFC 4514.
        public var issuer: String
        /// SHA-256 of the list, lower-case hexadecimal.
        public var fingerprint: String
        /// When it was made, RFC 3339 in UTC.
        public var thisUpdate: String
        /// When the next is due at the latest, RFC 3339 in UTC, or empty.
        public var nextUpdate: String
        /// Seconds since it was made.
        public var age: Int64
        /// Whether it is past its `nextUpdate` or older than the policy allows.
        public var isStale: Bool
        /// How many certificates it lists.
        public var revoked: Int
        /// Whether a certificate of the listing made its signature.
        public var isVerified: Bool
    }

    /// The certificates that a path may end in.
    public var roots: [Item]
    /// The certificates that help to build paths.
    public var intermediates: [Item]
    /// The revocation lists.
    public var lists: [List]
    /// What could not be read, and why.
    public var unreadable: [String]

    /// Describes what a policy trusts.
    ///
    /// - Parameters:
    ///   - policy: The policy of one source.
    ///   - now: The time to count from, in seconds since 1970.
    public init(_ policy: VerificationPolicy, now: Int64) {
        let known = PolicyMaterial(policy)
        let material = TrustMaterial(known, others: [], now: now)
        roots = known.anchors.map { Item($0, now: now) }
        intermediates = known.intermediates.map { Item($0, now: now) }
        lists = known.lists.map { List($0, in: material) }
        unreadable = known.unreadableCertificates + known.unreadableRevocation
    }
}

extension TrustListing.Item {
    fileprivate init(_ certificate: PackageCertificate, now: Int64) {
        subject = certificate.subject
        issuer = certificate.issuer
        fingerprint = certificate.fingerprint
        notBefore = CertificateTime.text(certificate.notBefore)
        notAfter = CertificateTime.text(certificate.notAfter)
        let seconds = certificate.notAfter - now
        daysLeft = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
        switch certificate.key {
        case .success(let key): self.key = key.name
        case .failure(let fault): self.key = fault.check.detail
        }
        problem = Self.problem(of: certificate, now: now)
    }

    private static func problem(of certificate: PackageCertificate, now: Int64) -> String {
        if now > certificate.notAfter { return "expired" }
        if now < certificate.notBefore { return "not valid yet" }
        if let usage = certificate.extensions.keyUsage, certificate.isAuthority, !usage.keyCertSign {
            return "its key usage does not allow it to issue certificates"
        }
        // A version 1 root cannot say that it is one; a signer's own certificate may be trusted directly.
        if certificate.version == 3, !certificate.isAuthority { return "not a CA: trusted as a signer only" }
        if case .success(.rsa(_, let bits, _)) = certificate.key, bits < PackagePublicKey.smallestRSA {
            return "its RSA key of \(bits) bits is too weak"
        }
        return ""
    }
}

extension TrustListing.List {
    fileprivate init(_ list: RevocationList, in material: TrustMaterial) {
        issuer = list.issuer.text
        fingerprint = list.fingerprint
        thisUpdate = CertificateTime.text(list.thisUpdate)
        nextUpdate = list.nextUpdate.map(CertificateTime.text) ?? ""
        let seconds = material.now - list.thisUpdate
        let isOld = material.policy.maximumCRLAge.map { seconds > $0 } ?? (list.nextUpdate == nil)
        age = seconds
        isStale = isOld || list.nextUpdate.map { $0 < material.now } ?? false
        revoked = list.count
        isVerified = material.certificates(of: list.issuer).contains {
            material.signature(of: list, by: $0) == .valid
        }
    }
}
