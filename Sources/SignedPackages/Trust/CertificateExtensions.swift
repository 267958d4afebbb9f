import SwiftASN1

/// What one key may be used for (RFC 5280 section 4.2.1.3); only the bits that decide something here.
struct KeyUsage: Sendable, Hashable {
    /// The bits by number: 0 digitalSignature, 1 nonRepudiation, 5 keyCertSign, 6 cRLSign.
    private let bits: [Bool]

    init(bits: [Bool]) { self.bits = bits }

    /// Signatures other than on certificates and revocation lists.
    var digitalSignature: Bool { has(0) }
    /// Signatures that commit the signer, also called contentCommitment.
    var nonRepudiation: Bool { has(1) }
    /// Signatures on certificates.
    var keyCertSign: Bool { has(5) }
    /// Signatures on revocation lists.
    var cRLSign: Bool { has(6) }

    /// The names of the bits that are set, for messages.
    var text: String {
        let names = [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
            "cRLSign", "encipherOnly", "decipherOnly",
        ]
        let set = zip(names, bits).filter(\.1).map(\.0)
        return set.isEmpty ? "none" : set.joined(separator: ", ")
    }

    private func has(_ bit: Int) -> Bool { bit < bits.count && bits[bit] }
}

/// A revocation list that a certificate points to (RFC 5280 section 4.2.1.13).
struct DistributionPoint: Sendable, Hashable {
    /// The name of the point; `nil` when only an issuer is given.
    var name: DistributionPointName?
    /// The reasons that its list covers; `nil` for all.
    var reasons: RevocationReasons?
    /// Who signs the list, when that is not the certificate's issuer.
    var issuers: [CertificateName]
}

/// The extensions of a certificate that decide something, parsed; the names of all others.
struct CertificateExtensions: Sendable {
    /// Object identifiers of the extensions that are marked critical.
    var critical: Set<String> = []
    /// `cA` and `pathLenConstraint`, when basicConstraints is there.
    var basicConstraints: (isAuthority: Bool, pathLength: Int?)?
    /// keyUsage.
    var keyUsage: KeyUsage?
    /// The purposes of extendedKeyUsage, dotted.
    var extendedKeyUsage: [String]?
    /// subjectAltName.
    var alternativeNames: [GeneralName] = []
    /// nameConstraints.
    var nameConstraints: NameConstraints?
    /// subjectKeyIdentifier.
    var subjectKeyIdentifier: [UInt8]?
    /// The keyIdentifier of authorityKeyIdentifier.
    var authorityKeyIdentifier: [UInt8]?
    /// cRLDistributionPoints.
    var distributionPoints: [DistributionPoint] = []
    /// certificatePolicies, dotted.
    var policies: [String] = []
    /// The organisation code of GM/T 0015 as an extension.
    var organisationCode: String?
    /// Whether the certificate of an OCSP responder asks not to be checked for revocation (RFC 6960 section 4.2.2.2.1).
    var isExemptFromOCSP = false

    /// No extensions.
    init() {}

    /// Reads `Extensions`.
    init(_ node: ASN1Node) throws(MalformedStructure) {
        for entry in try ExtensionEntry.list(node, of: "certificate extensions") {
            if entry.isCritical { critical.insert(entry.type) }
            try read(entry)
        }
    }

    private mutating func read(_ entry: ExtensionEntry) throws(MalformedStructure) {
        switch entry.type {
        case OID.basicConstraints: basicConstraints = try Self.basicConstraints(entry)
        case OID.keyUsage: keyUsage = KeyUsage(bits: try entry.node().namedBits(of: entry.type))
        case OID.extendedKeyUsage: extendedKeyUsage = try Self.objectIdentifiers(entry)
        case OID.subjectAlternativeName: alternativeNames = try GeneralName.list(try entry.node(), of: entry.type)
        case OID.nameConstraints: nameConstraints = try NameConstraints(try entry.node())
        case OID.subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try entry.node().primitive(.octetString, of: entry.type))
        case OID.authorityKeyIdentifier: authorityKeyIdentifier = try Self.authorityKeyIdentifier(entry)
        case OID.distributionPoints: distributionPoints = try Self.distributionPoints(entry)
        case OID.policies: policies = try Self.policies(entry)
        case OID.organisationCode: organisationCode = Self.organisationCode(entry)
        case OID.ocspNoCheck: isExemptFromOCSP = true
        default: break
        }
    }

    /// Object identifiers of extensions.
    enum OID {
        static let subjectKeyIdentifier = "2.5.29.14"
        static let keyUsage = "2.5.29.15"
        static let subjectAlternativeName = "2.5.29.17"
        static let basicConstraints = "2.5.29.19"
        static let nameConstraints = "2.5.29.30"
        static let distributionPoints = "2.5.29.31"
        static let policies = "2.5.29.32"
        static let authorityKeyIdentifier = "2.5.29.35"
        static let extendedKeyUsage = "2.5.29.37"
        static let ocspNoCheck = "1.3.6.1.5.5.7.48.1.5"
        static let organisationCode = "1.2.156.10260.4.1.4"
    }

    /// Extensions that may be critical because the path rules look at them. certificatePolicies is among them although
    /// no policy is demanded: RFC 5280 section 6.1 accepts any policy unless policyConstraints says otherwise, and
    /// that one is refused when it is critical.
    static let understood: Set<String> = [
        OID.subjectKeyIdentifier, OID.keyUsage, OID.subjectAlternativeName, OID.basicConstraints, OID.nameConstraints,
        OID.distributionPoints, OID.policies, OID.authorityKeyIdentifier, OID.extendedKeyUsage, OID.organisationCode,
    ]

    /// Critical extensions that nothing here understands.
    var unknownCritical: [String] { critical.subtracting(Self.understood).sorted() }
}

extension CertificateExtensions {
    private static func basicConstraints(
        _ entry: ExtensionEntry
    ) throws(MalformedStructure) -> (isAuthority: Bool, pathLength: Int?) {
        var fields = try DERFields(try entry.node(), of: "basicConstraints")
        let isAuthority = try fields.next(if: .boolean)?.boolean(of: "basicConstraints") ?? false
        let pathLength = try fields.next(if: .integer)?.smallInteger(of: "pathLenConstraint")
        try fields.end()
        return (isAuthority, pathLength)
    }

    private static func objectIdentifiers(_ entry: ExtensionEntry) throws(MalformedStructure) -> [String] {
        var fields = try DERFields(try entry.node(), of: entry.type)
        var values: [String] = []
        while !fields.isAtEnd { values.append(try fields.next("value").objectIdentifier(of: entry.type)) }
        return values
    }

    private static func authorityKeyIdentifier(_ entry: ExtensionEntry) throws(MalformedStructure) -> [UInt8]? {
        var fields = try DERFields(try entry.node(), of: "authorityKeyIdentifier")
        guard let identifier = fields.next(tagged: 0) else { return nil }
        return Array(try identifier.primitive(nil, of: "authorityKeyIdentifier"))
    }

    private static func distributionPoints(_ entry: ExtensionEntry) throws(MalformedStructure) -> [DistributionPoint] {
        let structure = "cRLDistributionPoints"
        var fields = try DERFields(try entry.node(), of: structure)
        var points: [DistributionPoint] = []
        while !fields.isAtEnd {
            var point = try DERFields(try fields.next("point"), of: structure)
            var name: DistributionPointName?
            if let wrapped = point.next(tagged: 0) { name = try DistributionPointName(wrapped: wrapped, of: structure) }
            let reasons = try point.next(tagged: 1)?.namedBits(nil, of: structure)
            var issuers: [GeneralName] = []
            if let names = point.next(tagged: 2) { issuers = try GeneralName.list(names, as: nil, of: structure) }
            try point.end()
            points.append(
                DistributionPoint(
                    name: name, reasons: reasons.map(RevocationReasons.init(bits:)),
                    issuers: issuers.compactMap { if case .directory(let name) = $0 { name } else { nil } }))
        }
        return points
    }

    private static func policies(_ entry: ExtensionEntry) throws(MalformedStructure) -> [String] {
        var fields = try DERFields(try entry.node(), of: "certificatePolicies")
        var values: [String] = []
        while !fields.isAtEnd {
            var information = try DERFields(try fields.next("policy"), of: "certificatePolicies")
            values.append(try information.next("policyIdentifier").objectIdentifier(of: "certificatePolicies"))
        }
        return values
    }

    // GM/T 0015 makes it a PrintableString; issuers also write UTF8String, or the bare characters.
    private static func organisationCode(_ entry: ExtensionEntry) -> String? {
        if let node = try? DER.parse(entry.value), let text = StringValue.decoded(node) { return text }
        return String(validating: entry.value, as: UTF8.self)
    }
}

/// One extension, not yet looked into; certificates, revocation lists, their entries and OCSP responses share the form.
struct ExtensionEntry {
    /// The object identifier, dotted.
    let type: String
    /// Whether a reader that does not know it must refuse.
    let isCritical: Bool
    /// The bytes of extnValue.
    let value: ArraySlice<UInt8>

    /// Reads `Extensions`; an identifier that occurs twice is refused (RFC 5280 section 4.2).
    static func list(_ node: ASN1Node, of structure: String) throws(MalformedStructure) -> [ExtensionEntry] {
        var fields = try DERFields(node, of: structure)
        var entries: [ExtensionEntry] = []
        var seen: Set<String> = []
        while !fields.isAtEnd {
            var entry = try DERFields(try fields.next("extension"), of: structure)
            let type = try entry.next("extnID").objectIdentifier(of: structure)
            let isCritical = try entry.next(if: .boolean)?.boolean(of: structure) ?? false
            let value = try entry.next("extnValue").primitive(.octetString, of: structure)
            try entry.end()
            guard seen.insert(type).inserted else {
                throw MalformedStructure(reason: "\(structure): \(type) occurs twice")
            }
            entries.append(ExtensionEntry(type: type, isCritical: isCritical, value: value))
        }
        return entries
    }

    /// The value as DER.
    func node() throws(MalformedStructure) -> ASN1Node { try DER.node(value, of: "extension \(type)") }
}
