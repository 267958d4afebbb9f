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
    var count: Int { entries.count }
    private let entries: RevocationEntries
    /// SHA-256 of the bytes, lower-case hexadecimal.
    let fingerprint: String

    /// Reads a list.
    init(der: [UInt8]) throws(MalformedStructure) {
        let parts = try RevocationListParts(der)
        self.der = der
        fingerprint = hex(SHA256.hash(data: der))
        signedBytes = parts.signed
        signatureAlgorithm = parts.algorithm
        signature = try DER.node(parts.signature, of: "revocation list signature")
            .signatureBytes(of: "revocation list signature")
        guard parts.innerAlgorithm == parts.algorithm else {
            throw MalformedStructure(reason: "revocation list: two signature algorithms")
        }
        issuer = try CertificateName(
            try DER.node(parts.issuer, of: "revocation list issuer"), of: "revocation list issuer")
        thisUpdate = try CertificateTime.seconds(parts.thisUpdate, of: "thisUpdate")
        nextUpdate = try parts.nextUpdate.map { element throws(MalformedStructure) in
            try CertificateTime.seconds(element, of: "nextUpdate")
        }
        if let content = parts.entries {
            entries = try RevocationEntries(content, issuer: issuer)
        } else {
            entries = RevocationEntries(issuer: issuer)
        }
        unknownCritical = entries.unknownCritical
        if let wrapped = parts.extensions {
            try readExtensions(try DER.node(wrapped, of: "revocation list extensions"))
        }
    }

    /// The entry for a certificate, by its issuer and serial number.
    func entry(for certificate: PackageCertificate) -> Entry? { entries.entry(for: certificate) }

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

// The members of a list, not looked into. A tree of all values in a list takes many times the memory of its bytes.
private struct RevocationListParts {
    var signed: ArraySlice<UInt8>
    var algorithm: ArraySlice<UInt8>
    var signature: ArraySlice<UInt8>
    var innerAlgorithm: ArraySlice<UInt8>
    var issuer: ArraySlice<UInt8>
    var thisUpdate: DERElement
    var nextUpdate: DERElement?
    // The content of revokedCertificates.
    var entries: ArraySlice<UInt8>?
    var extensions: ArraySlice<UInt8>?

    init(_ der: [UInt8]) throws(MalformedStructure) {
        do throws(EncodingFault) {
            try self.init(parsing: der)
        } catch {
            throw MalformedStructure(reason: "revocation list: \(error.detail)")
        }
    }

    private init(parsing der: [UInt8]) throws(EncodingFault) {
        let list = try DERElement(der[...])
        try list.expect(DERTag.sequence, "a list")
        var members = list.children
        let signed = try members.next(DERTag.sequence, "tbsCertList")
        self.signed = signed.encoded
        algorithm = try members.next(DERTag.sequence, "signatureAlgorithm").encoded
        signature = try members.next(DERTag.bitString, "signatureValue").encoded
        try members.end("the list")

        var fields = signed.children
        _ = try fields.nextIf(DERTag.integer)
        innerAlgorithm = try fields.next(DERTag.sequence, "the signature algorithm").encoded
        issuer = try fields.next(DERTag.sequence, "the issuer").encoded
        guard let thisUpdate = try fields.next() else { throw EncodingFault("thisUpdate is missing") }
        self.thisUpdate = thisUpdate
        let isTime = [DERTag.utcTime, DERTag.generalizedTime].contains(fields.nextTag)
        nextUpdate = isTime ? try fields.next() : nil
        entries = try fields.nextIf(DERTag.sequence)?.content
        extensions = try fields.nextIf(DERTag.contextConstructed(0))?.encoded
        try fields.end("tbsCertList")
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
