import CanonicalRecords

/// Writes the provenance of records: what a document's records share is encoded once.
struct ProvenanceWriter: ~Copyable {
    // Fields 2–6.
    private var origin = RecordBuffer(capacity: 512)
    // Fields 9 and 10 of records that are there, and of those that are gone.
    private var upsert = RecordBuffer(capacity: 64)
    private var delete = RecordBuffer(capacity: 64)
    // Fields 12 and 13.
    private var receipt = RecordBuffer(capacity: 64)

    init(_ context: FilingContext, mapping: Mapping) {
        Self.append(2, context.source, to: &origin)
        Self.append(3, mapping.id, to: &origin)
        Self.append(4, mapping.version, to: &origin)
        Self.append(5, context.filing, to: &origin)
        Self.append(6, context.document, to: &origin)
        if let filed = context.signer {
            var signer = RecordBuffer(capacity: 64)
            let texts = [
                filed.subject, filed.organisationCode, filed.issuer, filed.serial, filed.fingerprint, filed.signedAt,
            ]
            for (index, text) in texts.enumerated() { Self.append(index + 1, text, to: &signer) }
            upsert.appendField(9, signer)
            delete.appendField(9, signer)
        }
        upsert.appendField(10, varint: 1)
        delete.appendField(10, varint: 2)
        Self.append(12, context.receivedAt, to: &receipt)
        if let area = mapping.program.areaCode {
            receipt.appendField(13, text: area.span)
        } else {
            Self.append(13, context.areaCode ?? "", to: &receipt)
        }
    }

    /// Appends fields 7 and 8, which all records of a row share.
    @inline(__always)
    static func appendPlace(line: Int, row: Int, to place: inout RecordBuffer) {
        place.append(0x38)
        place.appendVarint(UInt64(line))
        place.append(0x40)
        place.appendVarint(UInt64(row))
    }

    /// Bytes of the content of field 1 of a record.
    @inline(__always)
    func contentSize(place: Int, tail: Int) -> Int {
        // The id takes 34.
        34 &+ origin.count &+ place &+ tail
    }

    /// Bytes of field 1 of a record, its tag and length included.
    @inline(__always)
    static func size(content: Int) -> Int {
        1 &+ RecordBuffer.varintSize(UInt64(content)) &+ content
    }

    /// Appends field 1 of a record.
    ///
    /// - Parameters:
    ///   - id: Its hexadecimal digits.
    ///   - content: ``contentSize(place:tail:)``.
    ///   - place: Fields 7 and 8.
    ///   - tail: The fields behind them.
    @inline(__always)
    func write(
        _ id: RecordBuffer.Words, content: Int, _ place: borrowing RecordBuffer, _ tail: Span<UInt8>,
        to record: inout RecordBuffer
    ) {
        record.append(0x0A)
        record.appendVarint(UInt64(content))
        record.append(packed: 0x200A, count: 2)
        record.append(words: id, count: 32)
        record.append(origin.bytes)
        record.append(place.bytes)
        record.append(tail)
    }

    /// Appends the fields behind the row, which most records of a document share.
    func writeTail(isDelete: Bool, effective: [UInt8], to tail: inout RecordBuffer) {
        tail.append(isDelete ? delete.bytes : upsert.bytes)
        if !effective.isEmpty { tail.appendField(11, text: effective.span) }
        tail.append(receipt.bytes)
    }

    // Empty texts are not written, as in any proto3 message.
    private static func append(_ number: Int, _ text: String, to buffer: inout RecordBuffer) {
        if !text.isEmpty { buffer.appendField(number, string: text) }
    }
}
