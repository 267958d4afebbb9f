import CanonicalRecords
import Foundation
public import Mappings
public import SignedPackages

/// Makes canonical `Certificate` records of the certificates that a source filed. They are data like any other: nothing in
/// the gateway ever trusts them.
public struct CertificateRecords: Sendable {
    /// What the provenance names in place of a mapping.
    public static let mapping = (id: "qiao.certificates", version: "1")
    /// The record type.
    public static let recordType = "Certificate"

    private let context: FilingContext

    /// Makes records of one document.
    public init(_ context: FilingContext) {
        self.context = context
    }

    /// One record for each certificate, in order. The fingerprint is the natural key.
    ///
    /// - Throws: `RecordError` when a certificate does not fit the schema, which would be our fault.
    public func batch(_ certificates: [CertificateDescription]) throws -> RecordBatch {
        var batch = RecordBatch()
        guard let type = RecordSchema.canonical.recordType(named: Self.recordType) else { return batch }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for (index, certificate) in certificates.enumerated() {
            let id = id(of: certificate)
            let json = [UInt8](try encoder.encode(RecordView(certificate, id: id.hexadecimal, row: index + 1, context)))
            let start = batch.bytes.count
            let record = try RecordJSON().parse(json.span)
            let provenance = try RecordSummary(of: record.span).provenance
            DelimitedRecords.append(record.span, to: &batch.bytes)
            let end = batch.bytes.count
            batch.entries.append(
                RecordBatch.Entry(
                    typeNumber: type.bodyNumber, id: id, isDelete: false, range: start..<end,
                    contentStart: end - record.count + provenance.upperBound))
        }
        return batch
    }

    // As the ids of all records: source, type and natural key with U+001F between them.
    private func id(of certificate: CertificateDescription) -> SipHash128.Digest {
        var hash = SipHash128(key: context.identityKey.key)
        hash.update([context.source, Self.recordType, certificate.fingerprint].joined(separator: "\u{1F}"))
        return hash.digest()
    }
}

// The record as protobuf JSON; what is empty is not written.
private struct RecordView: Encodable {
    struct Provenance: Encodable {
        var id, source, mapping, mappingVersion, filing, document: String
        var row: String
        var signer: Signer?
        var operation = "OPERATION_UPSERT"
        var receivedAt, areaCode: String?
    }

    struct Signer: Encodable {
        var subject, organisationCode, issuer, serial, fingerprint, signedAt: String?

        init(_ signer: FilingSigner) {
            subject = signer.subject.ifAny
            organisationCode = signer.organisationCode.ifAny
            issuer = signer.issuer.ifAny
            serial = signer.serial.ifAny
            fingerprint = signer.fingerprint.ifAny
            signedAt = signer.signedAt.ifAny
        }
    }

    struct Certificate: Encodable {
        var subject, issuer, serial, validFrom, validUntil, fingerprint, organisationCode, keyAlgorithm: String?
        var keyUsage: [String]
        var content: String
    }

    var provenance: Provenance
    var certificate: Certificate

    init(_ certificate: CertificateDescription, id: String, row: Int, _ context: FilingContext) {
        let mapping = CertificateRecords.mapping
        provenance = Provenance(
            id: id, source: context.source, mapping: mapping.id, mappingVersion: mapping.version,
            filing: context.filing, document: context.document, row: "\(row)", signer: context.signer.map(Signer.init),
            receivedAt: context.receivedAt.ifAny, areaCode: context.areaCode)
        self.certificate = Certificate(
            subject: certificate.subject.ifAny, issuer: certificate.issuer.ifAny, serial: certificate.serial.ifAny,
            validFrom: certificate.validFrom.ifAny, validUntil: certificate.validUntil.ifAny,
            fingerprint: certificate.fingerprint.ifAny, organisationCode: certificate.organisationCode.ifAny,
            keyAlgorithm: certificate.keyAlgorithm.ifAny,
            keyUsage: certificate.keyUsage.compactMap { Self.usages[$0] },
            content: Data(certificate.content).base64EncodedString())
    }

    // RFC 5280 section 4.2.1.3.
    private static let usages = [
        "digitalSignature": "KEY_USAGE_DIGITAL_SIGNATURE", "nonRepudiation": "KEY_USAGE_NON_REPUDIATION",
        "contentCommitment": "KEY_USAGE_NON_REPUDIATION", "keyEncipherment": "KEY_USAGE_KEY_ENCIPHERMENT",
        "dataEncipherment": "KEY_USAGE_DATA_ENCIPHERMENT", "keyAgreement": "KEY_USAGE_KEY_AGREEMENT",
        "keyCertSign": "KEY_USAGE_CERTIFICATE_SIGNING", "cRLSign": "KEY_USAGE_LIST_SIGNING",
        "encipherOnly": "KEY_USAGE_ENCIPHER_ONLY", "decipherOnly": "KEY_USAGE_DECIPHER_ONLY",
    ]
}

extension String {
    fileprivate var ifAny: String? { isEmpty ? nil : self }
}
