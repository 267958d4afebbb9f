import CanonicalRecords
import ExporterProtocol
import Findings
import Journal
import Mappings

/// Which records a route gets, and what they look like when it gets them.
struct RouteSelection: Sendable {
    private let route: String
    private let sources: Set<String>
    private let bodyNumbers: Set<Int>
    private let masker: RecordMasker?

    /// Compiles the selection of a route.
    ///
    /// - Throws: `RecordPolicyError` when the policy cannot be used.
    init(_ route: RouteSettings, hashKey: IdentityKey) throws {
        self.route = route.name
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
        let chunks = chunks.filter { isMine($0.origin) }
        var frames = FeedFrames(
            records: chunks.reduce(0) { $0 + $1.count }, bytes: chunks.reduce(0) { $0 + $1.bytes.count })
        var visible = RecordBuffer()
        for chunk in chunks {
            let bytes = chunk.bytes.span
            var offset = 0
            var place = chunk.firstPosition
            while let range = try DelimitedRecords.next(in: bytes, at: &offset) {
                let record = bytes.extracting(range)
                if place > position, try isSelected(record, from: chunk.origin) {
                    if let masker, !chunk.origin.isAsOffered {
                        visible.removeAll()
                        try masker.rewrite(record, to: &visible)
                        frames.append(visible.bytes, at: UInt64(place))
                    } else {
                        frames.append(record, at: UInt64(place))
                    }
                }
                place += 1
            }
        }
        return frames.batch()
    }

    /// The same in batches of about a chunk, made on two threads where there is much to do.
    func batches(from chunks: [JournalChunk], after position: Int64) async throws -> [FeedBatch] {
        let groups = Self.groups(chunks)
        guard groups.count > 1 else { return try groups.map { try select(from: $0, after: position) } }
        let half = groups.count / 2
        async let second = groups[half...].map { try select(from: $0, after: position) }
        let first = try groups[..<half].map { try select(from: $0, after: position) }
        return first + (try await second)
    }

    // A batch is handed on whole, and goes to the exporter at once.
    private static func groups(_ chunks: [JournalChunk]) -> [[JournalChunk]] {
        var groups: [[JournalChunk]] = []
        var room = 0
        for chunk in chunks {
            if groups.isEmpty || chunk.bytes.count > room {
                groups.append([])
                room = Limits.chunkSize
            }
            groups[groups.count - 1].append(chunk)
            room -= chunk.bytes.count
        }
        return groups
    }

    private func isMine(_ origin: JournalChunk.Origin) -> Bool {
        switch origin {
        case .filing(let filing): sources.isEmpty || sources.contains(filing.source)
        case .replay(let route, _): route == self.route
        }
    }

    // What is sent again was selected when it was sent first.
    private func isSelected(_ record: Span<UInt8>, from origin: JournalChunk.Origin) throws -> Bool {
        guard !bodyNumbers.isEmpty, case .filing = origin else { return true }
        return bodyNumbers.contains(try RecordSummary(of: record).bodyNumber)
    }
}
