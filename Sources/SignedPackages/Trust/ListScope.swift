/// Whether a revocation list is about a certificate (RFC 5280 section 6.3.3 b).
enum ListScope {
    /// The reasons for which the list covers the certificate, or `nil` when it is not about it.
    static func reasons(of list: RevocationList, covering certificate: PackageCertificate) -> RevocationReasons? {
        let scope = list.scope
        if scope.onlyAttributes || scope.onlyUsers && certificate.isAuthority
            || scope.onlyAuthorities && !certificate.isAuthority
        {
            return nil
        }
        let own = scope.reasons ?? .all
        var covered: RevocationReasons?
        for point in certificate.extensions.distributionPoints where matches(point, list, certificate) {
            covered = (covered ?? []).union(own.intersection(point.reasons ?? .all))
        }
        // Lists that no point names count too when the issuer made them for all it issued.
        let implied = DistributionPoint(name: .full([.directory(certificate.issuerName)]), reasons: nil, issuers: [])
        if matches(implied, list, certificate) { covered = own }
        return covered
    }

    private static func matches(
        _ point: DistributionPoint, _ list: RevocationList, _ certificate: PackageCertificate
    ) -> Bool {
        if point.issuers.isEmpty {
            guard list.issuer == certificate.issuerName else { return false }
        } else {
            guard point.issuers.contains(list.issuer), list.scope.isIndirect else { return false }
        }
        guard let listNames = list.scope.point?.names(relativeTo: list.issuer) else { return true }
        let pointNames: Set<GeneralName>
        if let name = point.name {
            pointNames = name.names(relativeTo: point.issuers.first ?? certificate.issuerName)
        } else {
            pointNames = Set(point.issuers.map { .directory($0) })
        }
        return !listNames.isDisjoint(with: pointNames)
    }
}
