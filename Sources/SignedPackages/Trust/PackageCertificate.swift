import Crypto
import SwiftASN1

/// A certificate (RFC 5280 section 4), parsed once into what the checks need, with its bytes kept.
///
/// The reader is ours and not that of swift-certificates because that one refuses SM2 keys and signatures, and because
/// causes must be told apart. Equality is equality of the bytes.
struct PackageCertificate: Sendable {
    /// The bytes of the certificate.
    let der: [UInt8]
    /// The bytes that the issuer signed.
    let signedBytes: ArraySlice<UInt8>
    /// The issuer's AlgorithmIdentifier, DER.
    let signatureAlgorithm: ArraySlice<UInt8>
    /// The issuer's signature value.
    let signature: ArraySlice<UInt8>
    /// 1, 2 or 3.
    let version: Int
    /// The content bytes of the serial number, as encoded; may be negative in old certificates.
    let serialBytes: [UInt8]
    /// Who issued it.
    let issuerName: CertificateName
    /// Whose certificate it is.
    let subjectName: CertificateName
    /// The first second at which it is valid, since 1970.
    let notBefore: Int64
    /// The last second at which it is valid, since 1970.
    let notAfter: Int64
    /// SubjectPublicKeyInfo, DER.
    let publicKeyInfo: [UInt8]
    /// The bits of the key, which identifiers of keys are digests of.
    let keyBits: [UInt8]
    /// The key, or why it cannot be used.
    let key: Result<PackagePublicKey, PackageFault>
    /// The extensions.
    let extensions: CertificateExtensions
    /// SHA-256 of the bytes, lower-case hexadecimal.
    let fingerprint: String

    /// Reads a certificate.
    ///
    /// - Throws: A fault of kind `package.malformed`. An unsupported key is no fault here: it is one when it is used.
    init(der: [UInt8]) throws(PackageFault) {
        do throws(MalformedStructure) {
            self = try Self(parsing: der)
        } catch {
            throw PackageFault("certificate", .certificate, .packageMalformed, error.reason)
        }
    }

    private init(parsing der: [UInt8]) throws(MalformedStructure) {
        var certificate = try DERFields(try DER.node(der[...], of: "certificate"), of: "certificate")
        let signed = try certificate.next("tbsCertificate")
        let algorithm = try certificate.next("signatureAlgorithm")
        signature = try certificate.next("signatureValue").signatureBytes(of: "certificate signature")
        try certificate.end()
        self.der = der
        fingerprint = hex(SHA256.hash(data: der))
        signedBytes = signed.encodedBytes
        signatureAlgorithm = algorithm.encodedBytes

        var fields = try DERFields(signed, of: "certificate")
        version = try Self.version(fields.next(tagged: 0))
        serialBytes = Array(try fields.next("serialNumber").primitive(.integer, of: "serialNumber"))
        let innerAlgorithm = try fields.next("signature")
        guard innerAlgorithm.encodedBytes == algorithm.encodedBytes else {
            throw MalformedStructure(reason: "certificate: the two places that name the signature algorithm disagree")
        }
        issuerName = try CertificateName(try fields.next("issuer"), of: "certificate issuer")
        (notBefore, notAfter) = try Self.validity(try fields.next("validity"))
        subjectName = try CertificateName(try fields.next("subject"), of: "certificate subject")
        let info = try fields.next("subjectPublicKeyInfo")
        publicKeyInfo = Array(info.encodedBytes)
        var infoFields = try DERFields(info, of: "subjectPublicKeyInfo")
        _ = try infoFields.next("algorithm")
        keyBits = Array(try infoFields.next("subjectPublicKey").bitStringBytes(of: "subjectPublicKey"))
        key = Self.key(publicKeyInfo)
        _ = fields.next(tagged: 1)
        _ = fields.next(tagged: 2)
        extensions = try Self.extensions(fields.next(tagged: 3), version: version)
        try fields.end()
    }

    /// Who issued it, as RFC 4514 writes it.
    var issuer: String { issuerName.text }
    /// Whose certificate it is, as RFC 4514 writes it.
    var subject: String { subjectName.text }
    /// The serial number, lower-case hexadecimal without needless zeros.
    var serial: String {
        let digits = hex(serialBytes.drop { $0 == 0 })
        return digits.isEmpty ? "00" : digits
    }
    /// The O of the subject, or empty.
    var organisation: String { subjectName.value(of: "2.5.4.10") ?? "" }
    /// What certificates that this key signs point to in their authorityKeyIdentifier.
    var subjectKeyIdentifier: [UInt8]? { extensions.subjectKeyIdentifier }
    /// Whether subject and issuer are the same name; a self-issued certificate need not be self-signed.
    var isSelfIssued: Bool { subjectName == issuerName }
    /// Whether it may issue certificates, as far as basicConstraints say.
    var isAuthority: Bool { extensions.basicConstraints?.isAuthority ?? false }
    /// How messages name it: the subject, or the serial number where there is none.
    var label: String { subjectName.isEmpty ? "certificate \(serial)" : subject }
}

extension PackageCertificate: Hashable {
    static func == (left: PackageCertificate, right: PackageCertificate) -> Bool { left.der == right.der }

    func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension PackageCertificate {
    private static func version(_ node: ASN1Node?) throws(MalformedStructure) -> Int {
        guard let node else { return 1 }
        var wrapped = try DERFields(node, as: nil, of: "certificate version")
        let version = try wrapped.next("version").smallInteger(of: "certificate version") + 1
        guard (1...3).contains(version) else { throw MalformedStructure(reason: "certificate: version \(version)") }
        return version
    }

    private static func validity(_ node: ASN1Node) throws(MalformedStructure) -> (Int64, Int64) {
        var fields = try DERFields(node, of: "validity")
        let notBefore = try CertificateTime.seconds(try fields.next("notBefore"), of: "notBefore")
        let notAfter = try CertificateTime.seconds(try fields.next("notAfter"), of: "notAfter")
        try fields.end()
        return (notBefore, notAfter)
    }

    private static func extensions(
        _ node: ASN1Node?, version: Int
    ) throws(MalformedStructure) -> CertificateExtensions {
        guard let node else { return CertificateExtensions() }
        guard version == 3 else { throw MalformedStructure(reason: "certificate: extensions in version \(version)") }
        var wrapped = try DERFields(node, as: nil, of: "certificate extensions")
        let extensions = try CertificateExtensions(try wrapped.next("extensions"))
        try wrapped.end()
        return extensions
    }

    private static func key(_ info: [UInt8]) -> Result<PackagePublicKey, PackageFault> {
        do throws(PackageFault) {
            return .success(try PackagePublicKey(spki: info))
        } catch {
            return .failure(error)
        }
    }
}
