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
        var offset = 0
        var current = chunk.firstPosition
        let bytes = chunk.bytes.span
        while let range = try DelimitedRecords.next(in: bytes, at: &offset) {
            if current > position, try isSelected(bytes.extracting(range)) {
                let record = try visible(chunk.bytes, range)
                selected.append(FeedRecord(position: UInt64(current), bytes: record))
            }
            current += 1
        }
        return selected
    }

    private func isSelected(_ record: Span<UInt8>) throws -> Bool {
        guard !bodyNumbers.isEmpty else { return true }
        return bodyNumbers.contains(try RecordSummary(of: record).bodyNumber)
    }

    private func visible(_ bytes: [UInt8], _ range: Range<Int>) throws -> ArraySlice<UInt8> {
        guard let masker else { return bytes[range] }
        return try masker.rewrite(bytes.span.extracting(range))[...]
    }
}
