import Crypto
import SwiftASN1

/// An OCSP response given as a file (RFC 6960 section 4.2): an OCSPResponse, or the BasicOCSPResponse within it.
struct OCSPResponse: Sendable {
    /// What a response says about a certificate.
    enum Status: Sendable, Hashable {
        case good
        case revoked(date: Int64, reason: RevocationReason?)
        case unknown
    }

    /// What is said about one certificate.
    struct Single: Sendable {
        var hashAlgorithm: String
        var issuerNameHash: [UInt8]
        var issuerKeyHash: [UInt8]
        var serial: [UInt8]
        var status: Status
        var thisUpdate: Int64
        var nextUpdate: Int64?
    }

    /// Who signed.
    enum Responder: Sendable {
        case name(CertificateName)
        /// SHA-1 of the responder's key.
        case key([UInt8])
    }

    /// The bytes as they were given.
    let der: [UInt8]
    /// The bytes that the responder signed.
    let signedBytes: ArraySlice<UInt8>
    /// The responder's AlgorithmIdentifier, DER.
    let signatureAlgorithm: ArraySlice<UInt8>
    /// The responder's signature value.
    let signature: ArraySlice<UInt8>
    /// Who signed.
    let responder: Responder
    /// When it was signed, in seconds since 1970.
    let producedAt: Int64
    /// What is said about each certificate.
    let singles: [Single]
    /// The certificates that came with it.
    let certificates: [PackageCertificate]
    /// Critical extensions that nothing here understands: the response must not be used.
    private(set) var unknownCritical: Set<String> = []
    /// SHA-256 of the bytes, lower-case hexadecimal.
    let fingerprint: String

    /// Reads a response.
    init(der: [UInt8]) throws(MalformedStructure) {
        var basic = try DERFields(try Self.basicResponse(der), of: "OCSP response")
        let signed = try basic.next("tbsResponseData")
        signatureAlgorithm = try basic.next("signatureAlgorithm").encodedBytes
        signature = try basic.next("signature").signatureBytes(of: "OCSP signature")
        certificates = try Self.certificates(basic.next(tagged: 0))
        try basic.end()
        self.der = der
        fingerprint = hex(SHA256.hash(data: der))
        signedBytes = signed.encodedBytes

        var fields = try DERFields(signed, of: "OCSP response data")
        _ = fields.next(tagged: 0)
        responder = try Self.responder(&fields)
        producedAt = try CertificateTime.seconds(try fields.next("producedAt"), of: "producedAt")
        var responses = try DERFields(try fields.next("responses"), of: "OCSP responses")
        var singles: [Single] = []
        var unknown: Set<String> = []
        while !responses.isAtEnd { singles.append(try Self.single(try responses.next("response"), &unknown)) }
        self.singles = singles
        if let wrapped = fields.next(tagged: 1) { try Self.collectCritical(wrapped, into: &unknown) }
        try fields.end()
        unknownCritical = unknown
    }

    /// What is said about a certificate, if anything. The hashes only name the issuer, so SHA-1 is good enough here
    /// (RFC 6960 section 4.3): what is said is protected by the signature.
    func single(for certificate: PackageCertificate, issuer: PackageCertificate) -> Single? {
        singles.first { single in
            guard single.serial == certificate.serialBytes,
                let name = CertificateSignature.digest(single.hashAlgorithm, certificate.issuerName.der),
                let key = CertificateSignature.digest(single.hashAlgorithm, issuer.keyBits)
            else { return false }
            return single.issuerNameHash == name && single.issuerKeyHash == key
        }
    }

    /// Whether the response says that the holder of this certificate signed it.
    func names(_ certificate: PackageCertificate) -> Bool {
        switch responder {
        case .name(let name): return certificate.subjectName == name
        case .key(let hash): return Array(Insecure.SHA1.hash(data: certificate.keyBits)) == hash
        }
    }
}

extension OCSPResponse {
    private static func basicResponse(_ der: [UInt8]) throws(MalformedStructure) -> ASN1Node {
        let node = try DER.node(der[...], of: "OCSP response")
        var outer = try DERFields(node, of: "OCSP response")
        guard let status = outer.next(if: .enumerated) else { return node }
        let code = try status.smallInteger(.enumerated, of: "OCSP responseStatus")
        guard code == 0, let wrapped = outer.next(tagged: 0) else {
            throw MalformedStructure(reason: "OCSP response: the responder answered with error \(code)")
        }
        var explicit = try DERFields(wrapped, as: nil, of: "OCSP response")
        var bytes = try DERFields(try explicit.next("responseBytes"), of: "OCSP responseBytes")
        guard try bytes.next("responseType").objectIdentifier(of: "OCSP responseType") == "1.3.6.1.5.5.7.48.1.1" else {
            throw MalformedStructure(reason: "OCSP response: not a basic response")
        }
        return try DER.node(
            try bytes.next("response").primitive(.octetString, of: "OCSP response"), of: "OCSP response")
    }

    private static func certificates(_ wrapped: ASN1Node?) throws(MalformedStructure) -> [PackageCertificate] {
        guard let wrapped else { return [] }
        var explicit = try DERFields(wrapped, as: nil, of: "OCSP certificates")
        var fields = try DERFields(try explicit.next("certificates"), of: "OCSP certificates")
        var certificates: [PackageCertificate] = []
        while !fields.isAtEnd {
            let der = Array(try fields.next("certificate").encodedBytes)
            if let certificate = try? PackageCertificate(der: der) { certificates.append(certificate) }
        }
        return certificates
    }

    private static func responder(_ fields: inout DERFields) throws(MalformedStructure) -> Responder {
        if let wrapped = fields.next(tagged: 1) {
            var explicit = try DERFields(wrapped, as: nil, of: "OCSP responderID")
            return .name(try CertificateName(try explicit.next("name"), of: "OCSP responderID"))
        }
        guard let wrapped = fields.next(tagged: 2) else {
            throw MalformedStructure(reason: "OCSP response: no responderID")
        }
        var explicit = try DERFields(wrapped, as: nil, of: "OCSP responderID")
        return .key(Array(try explicit.next("key hash").primitive(.octetString, of: "OCSP responderID")))
    }

    private static func single(_ node: ASN1Node, _ unknown: inout Set<String>) throws(MalformedStructure) -> Single {
        let structure = "OCSP single response"
        var fields = try DERFields(node, of: structure)
        var identifier = try DERFields(try fields.next("certID"), of: structure)
        var algorithm = try DERFields(try identifier.next("hashAlgorithm"), of: structure)
        let hashAlgorithm = try algorithm.next("algorithm").objectIdentifier(of: structure)
        let nameHash = Array(try identifier.next("issuerNameHash").primitive(.octetString, of: structure))
        let keyHash = Array(try identifier.next("issuerKeyHash").primitive(.octetString, of: structure))
        let serial = Array(try identifier.next("serialNumber").primitive(.integer, of: structure))
        let status = try status(&fields)
        let thisUpdate = try CertificateTime.seconds(try fields.next("thisUpdate"), of: "thisUpdate")
        var nextUpdate: Int64?
        if let wrapped = fields.next(tagged: 0) {
            var explicit = try DERFields(wrapped, as: nil, of: structure)
            nextUpdate = try CertificateTime.seconds(try explicit.next("nextUpdate"), of: "nextUpdate")
        }
        if let wrapped = fields.next(tagged: 1) { try collectCritical(wrapped, into: &unknown) }
        try fields.end()
        return Single(
            hashAlgorithm: hashAlgorithm, issuerNameHash: nameHash, issuerKeyHash: keyHash, serial: serial,
            status: status, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
    }

    private static func status(_ fields: inout DERFields) throws(MalformedStructure) -> Status {
        if fields.next(tagged: 0) != nil { return .good }
        if fields.next(tagged: 2) != nil { return .unknown }
        guard let node = fields.next(tagged: 1) else {
            throw MalformedStructure(reason: "OCSP single response: no status")
        }
        var revoked = try DERFields(node, as: nil, of: "OCSP revoked")
        let date = try CertificateTime.seconds(try revoked.next("revocationTime"), of: "revocationTime")
        var reason: RevocationReason?
        if let wrapped = revoked.next(tagged: 0) {
            var explicit = try DERFields(wrapped, as: nil, of: "OCSP revoked")
            let code = try explicit.next("reason").smallInteger(.enumerated, of: "OCSP revocationReason")
            reason = RevocationReason(rawValue: code) ?? .unspecified
        }
        return .revoked(date: date, reason: reason)
    }

    // The nonce answers a request that nobody here made, so it says nothing; it may be critical all the same.
    private static func collectCritical(_ wrapped: ASN1Node, into unknown: inout Set<String>) throws(MalformedStructure)
    {
        var explicit = try DERFields(wrapped, as: nil, of: "OCSP extensions")
        let entries = try ExtensionEntry.list(try explicit.next("extensions"), of: "OCSP extensions")
        unknown.formUnion(entries.filter { $0.isCritical && $0.type != "1.3.6.1.5.5.7.48.1.2" }.map(\.type))
    }
}
