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
        var frames = FeedFrames(
            records: chunks.reduce(0) { $0 + $1.count }, bytes: chunks.reduce(0) { $0 + $1.bytes.count })
        var visible = RecordBuffer()
        for chunk in chunks {
            try forEach(of: chunk, after: position) { bytes, range, place throws in
                let record = bytes.extracting(range)
                guard let masker else { return frames.append(record, at: UInt64(place)) }
                visible.removeAll()
                try masker.rewrite(record, to: &visible)
                frames.append(visible.bytes, at: UInt64(place))
            }
        }
        return frames.batch()
    }

    /// The same in two batches where there is much to do, made beside each other.
    func selectBesideEachOther(from chunks: [JournalChunk], after position: Int64) async throws -> [FeedBatch] {
        guard chunks.count > 1, chunks.reduce(0, { $0 + $1.bytes.count }) > Self.sharedFrom else {
            return [try select(from: chunks, after: position)]
        }
        let half = chunks.count / 2
        async let second = select(from: Array(chunks[half...]), after: position)
        let first = try select(from: Array(chunks[..<half]), after: position)
        return [first, try await second]
    }

    // Bytes from which on a second thread is worth its while.
    private static let sharedFrom = 128 << 10

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
