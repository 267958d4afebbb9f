import SwiftASN1

/// The name spaces that certificates below an issuer must keep to (RFC 5280 section 4.2.1.10).
struct NameConstraints: Sendable {
    /// Names must lie in one of these, for each kind of name that occurs here.
    var permitted: [GeneralName] = []
    /// Names must lie in none of these.
    var excluded: [GeneralName] = []

    /// Reads the extension's value.
    init(_ node: ASN1Node) throws(MalformedStructure) {
        var fields = try DERFields(node, of: "nameConstraints")
        if let subtrees = fields.next(tagged: 0) { permitted = try Self.subtrees(subtrees) }
        if let subtrees = fields.next(tagged: 1) { excluded = try Self.subtrees(subtrees) }
        try fields.end()
    }

    private static func subtrees(_ node: ASN1Node) throws(MalformedStructure) -> [GeneralName] {
        var fields = try DERFields(node, as: nil, of: "nameConstraints")
        var bases: [GeneralName] = []
        while !fields.isAtEnd {
            var subtree = try DERFields(try fields.next("subtree"), of: "nameConstraints")
            bases.append(try GeneralName(try subtree.next("base"), of: "nameConstraints"))
            // minimum is 0 and maximum absent in every profile; anything else cannot be judged.
            try subtree.end()
        }
        return bases
    }

    /// Why the names of a certificate are not allowed, or `nil` when they are.
    func objection(to certificate: PackageCertificate) -> String? {
        var names = certificate.extensions.alternativeNames
        if !certificate.subjectName.isEmpty { names.append(.directory(certificate.subjectName)) }
        // An address in the subject counts when there is none among the alternative names.
        if !names.contains(where: { if case .email = $0 { true } else { false } }) {
            names += certificate.subjectName.relativeNames.joined()
                .filter { $0.type == "1.2.840.113549.1.9.1" }.map { .email($0.text) }
        }
        return names.lazy.compactMap(objection(to:)).first
    }

    private func objection(to name: GeneralName) -> String? {
        if excluded.contains(where: { Self.contains($0, name) != false && Self.isSameKind($0, name) }) {
            return "\(name.text) is excluded by the issuer's name constraints"
        }
        let relevant = permitted.filter { Self.isSameKind($0, name) }
        guard !relevant.isEmpty, !relevant.contains(where: { Self.contains($0, name) == true }) else { return nil }
        return "\(name.text) is outside of what the issuer's name constraints permit"
    }

    private static func isSameKind(_ base: GeneralName, _ name: GeneralName) -> Bool {
        switch (base, name) {
        case (.email, .email), (.domain, .domain), (.directory, .directory), (.uri, .uri), (.address, .address): true
        case (.other(let left, _), .other(let right, _)): left == right
        default: false
        }
    }

    /// Whether a name lies in a subtree; `nil` when it cannot be judged, which then counts against the name.
    private static func contains(_ base: GeneralName, _ name: GeneralName) -> Bool? {
        switch (base, name) {
        case (.directory(let base), .directory(let name)): name.isWithin(base)
        case (.domain(let base), .domain(let name)): isDomain(name, below: base)
        case (.email(let base), .email(let name)): isEmail(name, in: base)
        case (.uri(let base), .uri(let name)): host(of: name).map { isHost($0, in: base) }
        case (.address(let base), .address(let name)): isAddress(name, in: base)
        default: nil
        }
    }

    private static func isDomain(_ name: String, below base: String) -> Bool {
        let (name, base) = (name.lowercased(), base.lowercased())
        let bare = base.hasPrefix(".") ? String(base.dropFirst()) : base
        return bare.isEmpty || name == bare || name.hasSuffix("." + bare)
    }

    // "a@b.c" names one box, "b.c" all boxes of one host, ".b.c" all boxes of the hosts below.
    private static func isEmail(_ name: String, in base: String) -> Bool {
        guard let at = name.lastIndex(of: "@") else { return false }
        let host = name[name.index(after: at)...].lowercased()
        if let separator = base.lastIndex(of: "@") {
            let baseHost = base[base.index(after: separator)...].lowercased()
            return name[..<at] == base[..<separator] && host == baseHost
        }
        return isHost(host, in: base)
    }

    private static func isHost(_ host: String, in base: String) -> Bool {
        let (host, base) = (host.lowercased(), base.lowercased())
        return base.hasPrefix(".") ? host.hasSuffix(base) && host.count > base.count : host == base
    }

    // The host between "//" and the next "/", "?" or "#", without user and port.
    private static func host(of uri: String) -> String? {
        guard let colon = uri.firstIndex(of: ":"), uri[colon...].hasPrefix("://") else { return nil }
        let authority = uri[colon...].dropFirst(3).prefix { !"/?#".contains($0) }
        let afterUser = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        let host = afterUser.prefix { $0 != ":" }
        return host.isEmpty || host.hasPrefix("[") ? nil : String(host)
    }

    private static func isAddress(_ address: [UInt8], in base: [UInt8]) -> Bool? {
        guard base.count == 8 || base.count == 32 else { return nil }
        guard base.count == address.count * 2 else { return false }
        return address.indices.allSatisfy { (address[$0] ^ base[$0]) & base[address.count + $0] == 0 }
    }
}
