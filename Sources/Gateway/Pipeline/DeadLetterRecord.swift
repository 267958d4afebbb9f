import CanonicalRecords
public import Journal

/// The record of a dead letter, as it can be sent again.
public struct DeadLetterRecord: Sendable, Hashable {
    /// The record (one message, no length prefix).
    public var bytes: [UInt8]
    /// Whether it is what the exporter was offered, masked as its route wants it, and not what was journaled.
    public var isAsOffered: Bool

    /// Finds the record of a dead letter: as it was journaled, or, where that has been pruned, as it was offered.
    ///
    /// - Throws: `JournalError`, or `RecordError` when what lies in the journal are no records.
    public static func find(_ letter: DeadLetter, in journal: Journal) async throws -> DeadLetterRecord {
        let chunk = try await journal.chunks(after: letter.position - 1, limitBytes: 1).first
        if let chunk, let record = try record(at: letter.position, in: chunk) {
            return DeadLetterRecord(bytes: record, isAsOffered: chunk.origin.isAsOffered)
        }
        return DeadLetterRecord(bytes: try await journal.deadLetterRecord(letter.number), isAsOffered: true)
    }

    private static func record(at position: Int64, in chunk: JournalChunk) throws -> [UInt8]? {
        let bytes = chunk.bytes.span
        var (offset, place) = (0, chunk.firstPosition)
        while place <= position, let range = try DelimitedRecords.next(in: bytes, at: &offset) {
            if place == position { return Array(chunk.bytes[range]) }
            place += 1
        }
        return nil
    }

    /// Whether another record can be sent in its place: one of the same id and type.
    public func canGiveWay(to other: [UInt8]) -> Bool {
        guard let mine = try? RecordSummary(of: bytes.span), let its = try? RecordSummary(of: other.span) else {
            return false
        }
        return bytes[mine.id] == other[its.id] && mine.bodyNumber == its.bodyNumber && its.bodyNumber != 0
    }
}

extension JournalChunk.Origin {
    /// Whether the records are as their route may see them, so that they need not be masked.
    var isAsOffered: Bool {
        if case .replay(_, let isAsOffered) = self { isAsOffered } else { false }
    }
}
