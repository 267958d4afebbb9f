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

    /// The records of chunks beyond `position` that are selected, with their positions.
    func select(from chunks: [JournalChunk], after position: Int64) throws -> FeedBatch {
        let chunks = chunks.filter { sources.isEmpty || sources.contains($0.filing.source) }
        var entries: [FeedBatch.Entry] = []
        entries.reserveCapacity(chunks.reduce(0) { $0 + $1.count })
        // What is visible of the chunks lies in one array, as the records of a chunk do.
        guard let masker else {
            var bytes = chunks.count == 1 ? chunks[0].bytes : []
            for chunk in chunks {
                let start = chunks.count == 1 ? 0 : bytes.count
                if chunks.count > 1 { bytes += chunk.bytes }
                try forEach(of: chunk, after: position) { _, range, place throws in
                    entries.append(
                        FeedBatch.Entry(
                            position: UInt64(place), range: (start + range.lowerBound)..<(start + range.upperBound)))
                }
            }
            return FeedBatch(bytes: bytes, entries: entries)
        }
        var visible = RecordBuffer(capacity: chunks.reduce(64) { $0 + $1.bytes.count })
        for chunk in chunks {
            try forEach(of: chunk, after: position) { bytes, range, place throws in
                let start = visible.count
                try masker.rewrite(bytes.extracting(range), to: &visible)
                entries.append(FeedBatch.Entry(position: UInt64(place), range: start..<visible.count))
            }
        }
        return FeedBatch(bytes: visible.copied(), entries: entries)
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
