import CanonicalRecords

/// Writes the provenance of records: what a document's records share is encoded once.
struct ProvenanceWriter: ~Copyable {
    // Fields 2–6, 9, and 12–13.
    private var origin = RecordBuffer(capacity: 512)
    private var signer = RecordBuffer(capacity: 64)
    private var receipt = RecordBuffer(capacity: 64)

    /// What differs from record to record.
    struct Variables {
        var id: SipHash128.Digest
        var line: Int
        var row: Int
        var isDelete: Bool
    }

    init(_ context: FilingContext, mapping: Mapping) {
        Self.append(2, context.source, to: &origin)
        Self.append(3, mapping.id, to: &origin)
        Self.append(4, mapping.version, to: &origin)
        Self.append(5, context.filing, to: &origin)
        Self.append(6, context.document, to: &origin)
        if let filed = context.signer {
            let mark = signer.beginMessage(field: 9)
            let texts = [
                filed.subject, filed.organisationCode, filed.issuer, filed.serial, filed.fingerprint, filed.signedAt,
            ]
            for (index, text) in texts.enumerated() { Self.append(index + 1, text, to: &signer) }
            signer.endMessage(mark)
        }
        Self.append(12, context.receivedAt, to: &receipt)
        if let area = mapping.program.areaCode {
            receipt.appendField(13, text: area.span)
        } else {
            Self.append(13, context.areaCode ?? "", to: &receipt)
        }
    }

    /// Appends field 1 of a record.
    func write(_ variables: Variables, effective: [UInt8], to record: inout RecordBuffer) {
        let mark = record.beginMessage(field: 1)
        record.appendTag(field: 1, .lengthDelimited)
        record.appendVarint(32)
        variables.id.appendHexadecimal(to: &record)
        record.append(origin.bytes)
        record.appendField(7, integer: Int64(variables.line))
        record.appendField(8, integer: Int64(variables.row))
        record.append(signer.bytes)
        record.appendField(10, varint: variables.isDelete ? 2 : 1)
        if !effective.isEmpty { record.appendField(11, text: effective.span) }
        record.append(receipt.bytes)
        record.endMessage(mark)
    }

    // Empty texts are not written, as in any proto3 message.
    private static func append(_ number: Int, _ text: String, to buffer: inout RecordBuffer) {
        if !text.isEmpty { buffer.appendField(number, string: text) }
    }
}
