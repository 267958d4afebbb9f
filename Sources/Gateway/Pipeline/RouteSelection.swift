import CanonicalRecords
import ExporterProtocol
import Journal
import Mappings

/// Which records a route gets, and what they look like when it gets them.
struct RouteSelection: Sendable {
    private let sources: Set<String>
    private let bodyNumbers: Set<Int>
    private let masker: RecordMasker?

    /// Compiles the selection of a route.
    ///
    /// - Throws: `RecordPolicyError` when the policy cannot be used.
    init(_ route: RouteSettings, hashKey: IdentityKey) throws {
        sources = Set(route.sources)
        bodyNumbers = Set(route.records.compactMap { RecordSchema.canonical.recordType(named: $0)?.bodyNumber })
        let treatment: RecordPolicy.Treatment =
            switch route.sensitive {
            case .mask: .mask
            case .hash: .hash
            case .drop: .drop
            case .reveal: .reveal
            }
        masker =
            treatment == .reveal
            ? nil : try RecordMasker(RecordPolicy(sensitive: treatment, audience: .outward, hashKey: hashKey.key))
    }

    /// The records of a chunk beyond `position` that are selected, with their positions.
    func select(from chunk: JournalChunk, after position: Int64) throws -> [FeedRecord] {
        guard sources.isEmpty || sources.contains(chunk.filing.source) else { return [] }
        var selected: [FeedRecord] = []
        selected.reserveCapacity(chunk.count)
        guard let masker else {
            try forEach(of: chunk, after: position) { _, range, place throws in
                selected.append(FeedRecord(position: UInt64(place), bytes: chunk.bytes[range]))
            }
            return selected
        }
        // What is visible of a chunk lies in one array, as the records of the chunk do.
        var visible = RecordBuffer(capacity: chunk.bytes.count + 64)
        var places: [(position: Int64, end: Int)] = []
        places.reserveCapacity(chunk.count)
        try forEach(of: chunk, after: position) { bytes, range, place throws in
            try masker.rewrite(bytes.extracting(range), to: &visible)
            places.append((place, visible.count))
        }
        let bytes = visible.copied()
        var start = 0
        for (place, end) in places {
            selected.append(FeedRecord(position: UInt64(place), bytes: bytes[start..<end]))
            start = end
        }
        return selected
    }

    private func forEach(
        of chunk: JournalChunk, after position: Int64, _ body: (Span<UInt8>, Range<Int>, Int64) throws -> Void
    ) throws {
        var offset = 0
        var current = chunk.firstPosition
        let bytes = chunk.bytes.span
        while let range = try DelimitedRecords.next(in: bytes, at: &offset) {
            if current > position, try isSelected(bytes.extracting(range)) { try body(bytes, range, current) }
            current += 1
        }
    }

    private func isSelected(_ record: Span<UInt8>) throws -> Bool {
        guard !bodyNumbers.isEmpty else { return true }
        return bodyNumbers.contains(try RecordSummary(of: record).bodyNumber)
    }
}
