import CanonicalRecords
import Inbound
import Journal
import Mappings

/// What the provenance of a deletion says: the snapshot that no longer has the record.
struct DeleteContext: Sendable {
    var source = ""
    var mapping = ""
    var mappingVersion = ""
    var filing = ""
    var document = ""
    var receivedAt = ""
    var areaCode: String?
    /// Who signed the snapshot.
    var signer: FilingSigner?

    /// For stagings, which delete nothing before their commit.
    static let none = DeleteContext()

    init() {}

    init(_ claim: ClaimedFiling, _ inspection: FilingInspection, _ source: SourceSettings, _ mapping: Mapping) {
        self.source = source.name
        self.mapping = mapping.id
        mappingVersion = mapping.version
        filing = inspection.hash.hexadecimal
        document = claim.name.displayed
        receivedAt = Timestamp.text(claim.receivedAt)
        areaCode = source.areaCode
    }
}

/// Builds the record that says another one is gone: its id, its type with an empty body, and the operation.
enum DeleteRecord {
    // Field numbers of `Provenance` and the value of `OPERATION_DELETE`, read from the schema once.
    private static let provenance = RecordSchema.canonical.provenance
    private static let provenanceNumber = number("provenance", in: RecordSchema.canonical.record)
    private static let operationDelete: UInt64 = 2

    /// The record, with its length in front.
    static func bytes(for key: RecordKey, _ context: DeleteContext) -> [UInt8] {
        var buffer = RecordBuffer(capacity: 256)
        let delimiter = buffer.beginDelimited()
        let mark = buffer.beginMessage(field: provenanceNumber)
        let values: [(String, String)] = [
            ("id", key.id.description), ("source", context.source), ("mapping", context.mapping),
            ("mapping_version", context.mappingVersion), ("filing", context.filing), ("document", context.document),
        ]
        for (name, value) in values { buffer.appendField(number(name, in: provenance), string: value) }
        if let signer = context.signer { append(signer, to: &buffer) }
        buffer.appendField(number("operation", in: provenance), varint: operationDelete)
        buffer.appendField(number("received_at", in: provenance), string: context.receivedAt)
        if let areaCode = context.areaCode { buffer.appendField(number("area_code", in: provenance), string: areaCode) }
        buffer.endMessage(mark)
        // An empty body: which type of record is gone.
        buffer.endMessage(buffer.beginMessage(field: Int(key.bodyNumber)))
        buffer.endMessage(delimiter)
        return buffer.copied()
    }

    // As the mapping program writes it: in the order of the fields, and nothing that is empty.
    private static func append(_ signer: FilingSigner, to buffer: inout RecordBuffer) {
        let mark = buffer.beginMessage(field: number("signer", in: provenance))
        let texts = [
            signer.subject, signer.organisationCode, signer.issuer, signer.serial, signer.fingerprint, signer.signedAt,
        ]
        for (index, text) in texts.enumerated() where !text.isEmpty { buffer.appendField(index + 1, string: text) }
        buffer.endMessage(mark)
    }

    private static func number(_ name: String, in shape: MessageShape) -> Int {
        guard let field = shape.field(named: name) else { preconditionFailure("the schema has no field \(name)") }
        return field.number
    }
}
