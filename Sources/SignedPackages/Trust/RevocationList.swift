import Crypto
import SwiftASN1

/// A revocation list (RFC 5280 section 5), parsed, with its bytes kept.
struct RevocationList: Sendable {
    /// One revoked certificate.
    struct Entry: Sendable {
        /// Who issued the certificate; in an indirect list not the issuer of the list.
        var issuer: CertificateName
        /// Since when, in seconds since 1970.
        var date: Int64
        /// Why, where that is said.
        var reason: RevocationReason?
    }

    /// What the list covers (issuingDistributionPoint, RFC 5280 section 5.2.5).
    struct Scope: Sendable {
        var point: DistributionPointName?
        var onlyUsers = false
        var onlyAuthorities = false
        var onlyAttributes = false
        var isIndirect = false
        var reasons: RevocationReasons?
        /// The extension's bytes, to tell whether a delta list has the same scope.
        var bytes: [UInt8] = []
    }

    /// The bytes of the list.
    let der: [UInt8]
    /// The bytes that the issuer signed.
    let signedBytes: ArraySlice<UInt8>
    /// The issuer's AlgorithmIdentifier, DER.
    let signatureAlgorithm: ArraySlice<UInt8>
    /// The issuer's signature value.
    let signature: ArraySlice<UInt8>
    /// Who issued it.
    let issuer: CertificateName
    /// When it was made, in seconds since 1970.
    let thisUpdate: Int64
    /// When the next one is due at the latest, in seconds since 1970.
    let nextUpdate: Int64?
    /// What it covers.
    private(set) var scope = Scope()
    /// The cRLNumber.
    private(set) var number: [UInt8]?
    /// The number of the complete list that this one changes; `nil` for a complete list.
    private(set) var deltaBase: [UInt8]?
    /// The keyIdentifier of authorityKeyIdentifier.
    private(set) var authorityKeyIdentifier: [UInt8]?
    /// Critical extensions, of the list or of an entry, that nothing here understands: the list must not be used.
    private(set) var unknownCritical: Set<String> = []
    /// The number of entries.
    private(set) var count = 0
    private var entries: [[UInt8]: [Entry]] = [:]
    /// SHA-256 of the bytes, lower-case hexadecimal.
    let fingerprint: String

    /// Reads a list.
    init(der: [UInt8]) throws(MalformedStructure) {
        var list = try DERFields(try DER.node(der[...], of: "revocation list"), of: "revocation list")
        let signed = try list.next("tbsCertList")
        let algorithm = try list.next("signatureAlgorithm")
        signature = try list.next("signatureValue").signatureBytes(of: "revocation list signature")
        try list.end()
        self.der = der
        fingerprint = hex(SHA256.hash(data: der))
        signedBytes = signed.encodedBytes
        signatureAlgorithm = algorithm.encodedBytes

        var fields = try DERFields(signed, of: "revocation list")
        _ = fields.next(if: .integer)
        guard try fields.next("signature").encodedBytes == algorithm.encodedBytes else {
            throw MalformedStructure(reason: "revocation list: two signature algorithms")
        }
        issuer = try CertificateName(try fields.next("issuer"), of: "revocation list issuer")
        thisUpdate = try CertificateTime.seconds(try fields.next("thisUpdate"), of: "thisUpdate")
        let next = fields.next(if: .utcTime) ?? fields.next(if: .generalizedTime)
        if let next { nextUpdate = try CertificateTime.seconds(next, of: "nextUpdate") } else { nextUpdate = nil }
        if let revoked = fields.next(if: .sequence) { try readEntries(revoked) }
        if let wrapped = fields.next(tagged: 0) { try readExtensions(wrapped) }
        try fields.end()
    }

    /// The entry for a certificate, by its issuer and serial number.
    func entry(for certificate: PackageCertificate) -> Entry? {
        entries[certificate.serialBytes]?.first { $0.issuer == certificate.issuerName }
    }

    private mutating func readEntries(_ node: ASN1Node) throws(MalformedStructure) {
        var fields = try DERFields(node, of: "revokedCertificates")
        // Entries without a certificateIssuer belong to the same one as the entry before them.
        var current = issuer
        while !fields.isAtEnd {
            var fieldsOfEntry = try DERFields(try fields.next("entry"), of: "revoked certificate")
            let serial = Array(try fieldsOfEntry.next("serial").primitive(.integer, of: "revoked certificate"))
            let date = try CertificateTime.seconds(try fieldsOfEntry.next("date"), of: "revocationDate")
            var entry = Entry(issuer: current, date: date, reason: nil)
            if let extensions = fieldsOfEntry.next(if: .sequence) { try read(extensions, into: &entry) }
            try fieldsOfEntry.end()
            current = entry.issuer
            entries[serial, default: []].append(entry)
            count += 1
        }
    }

    private mutating func read(_ node: ASN1Node, into entry: inout Entry) throws(MalformedStructure) {
        for item in try ExtensionEntry.list(node, of: "entry extensions") {
            switch item.type {
            case "2.5.29.21":
                let value = try item.node().smallInteger(.enumerated, of: "reasonCode")
                entry.reason = RevocationReason(rawValue: value) ?? .unspecified
            case "2.5.29.29":
                let names = try GeneralName.list(try item.node(), of: "certificateIssuer")
                guard
                    case .directory(let name)? = names.first(where: { if case .directory = $0 { true } else { false } })
                else { throw MalformedStructure(reason: "certificateIssuer: no directory name") }
                entry.issuer = name
            case "2.5.29.24": break
            default: if item.isCritical { unknownCritical.insert(item.type) }
            }
        }
    }

    private mutating func readExtensions(_ wrapped: ASN1Node) throws(MalformedStructure) {
        var fields = try DERFields(wrapped, as: nil, of: "revocation list extensions")
        let node = try fields.next("extensions")
        try fields.end()
        for item in try ExtensionEntry.list(node, of: "revocation list extensions") {
            switch item.type {
            case "2.5.29.20": number = Array(try item.node().primitive(.integer, of: "cRLNumber"))
            case "2.5.29.27": deltaBase = Array(try item.node().primitive(.integer, of: "deltaCRLIndicator"))
            case "2.5.29.28": scope = try Scope(item)
            case "2.5.29.35":
                var identifier = try DERFields(try item.node(), of: "authorityKeyIdentifier")
                authorityKeyIdentifier = try identifier.next(tagged: 0).map { node throws(MalformedStructure) in
                    Array(try node.primitive(nil, of: "authorityKeyIdentifier"))
                }
            default: if item.isCritical { unknownCritical.insert(item.type) }
            }
        }
    }
}

extension RevocationList.Scope {
    fileprivate init(_ item: ExtensionEntry) throws(MalformedStructure) {
        let structure = "issuingDistributionPoint"
        bytes = Array(item.value)
        var fields = try DERFields(try item.node(), of: structure)
        if let name = fields.next(tagged: 0) { point = try DistributionPointName(wrapped: name, of: structure) }
        func flag(_ tag: UInt) throws(MalformedStructure) -> Bool {
            guard let node = fields.next(tagged: tag) else { return false }
            return try node.primitive(nil, of: structure).first == 0xFF
        }
        onlyUsers = try flag(1)
        onlyAuthorities = try flag(2)
        if let node = fields.next(tagged: 3) {
            reasons = RevocationReasons(bits: try node.namedBits(nil, of: structure))
        }
        isIndirect = try flag(4)
        onlyAttributes = try flag(5)
        try fields.end()
    }
}
