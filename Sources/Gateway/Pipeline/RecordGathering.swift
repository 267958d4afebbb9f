import CanonicalRecords
import Foundation
import Journal
import Mappings

/// What records mean for those that are there already: the mapping that made them, and how it delivers.
struct RecordMeaning: Sendable, Hashable {
    var mapping: String
    var delivery: Mappings.Delivery

    init(_ mapping: Mapping) {
        self.init(mapping: mapping.id, delivery: mapping.delivery)
    }

    init(mapping: String, delivery: Mappings.Delivery) {
        self.mapping = mapping
        self.delivery = delivery
    }
}

/// What has to happen before a filing is compared with its scope.
///
/// A small filing is compared in its commit, where everything that was claimed before it has come first. A big one is compared
/// while it is staged, and a commit in the same scope meanwhile would send it back behind what was claimed after it.
struct Precedence: Sendable {
    /// Returns when everything that was claimed before has been committed.
    var earlierAreCommitted: @Sendable () async throws -> Void

    /// There is nothing before it.
    static let none = Precedence {}
}

/// Gathers the records of one filing: in memory while they are few, in the journal's staging when they are many.
struct RecordGathering {
    private let journal: Journal
    private let identity: FilingIdentity
    let meaning: RecordMeaning
    private let source: String
    private let precedence: Precedence
    private let now: Date
    private var waiting: [GatheredBatch] = []
    private(set) var bytes = 0
    private var staging: Staging?
    // The appends that are under way, in order. While the journal takes portions in, the next one is converted.
    private var appending: [Appending] = []

    init(
        journal: Journal, identity: FilingIdentity, meaning: RecordMeaning, source: String,
        precedence: Precedence = .none, at now: Date
    ) {
        self.journal = journal
        self.identity = identity
        self.meaning = meaning
        self.source = source
        self.precedence = precedence
        self.now = now
    }

    // Record bytes that a staging is handed at once: several portions are on their way.
    private static let portionSize = 1 << 19

    mutating func take(_ batch: RecordBatch, scope: String?) async throws {
        add(batch, delivery: meaning.delivery)
        guard bytes >= (staging == nil ? FilingPreparation.stagingThreshold : Self.portionSize) else { return }
        try await flush(scope: scope)
    }

    /// Takes records without looking how many there are.
    mutating func add(_ batch: RecordBatch, delivery: Mappings.Delivery) {
        waiting.append(GatheredBatch(batch: batch, hasKeys: delivery != .event))
        bytes += batch.bytes.count
    }

    /// What the filing means for the records that are there already.
    ///
    /// - Parameter deletes: Whether what is missing in a snapshot is gone. It is not when rows were set aside, since it may
    ///   be among them; the snapshot then counts as an upsert.
    func delivery(scope: String?, context: DeleteContext, deletes: Bool = true) -> JournalDelivery {
        let name = scope.map { "\(source)/\(meaning.mapping)/\($0)" } ?? "\(source)/\(meaning.mapping)"
        switch meaning.delivery {
        case .event: return .event
        case .upsert: return .upsert(scope: name)
        case .snapshot where !deletes: return .upsert(scope: name)
        case .snapshot(let share):
            return .snapshot(
                .init(scope: name, guardShare: share, makeDelete: { DeleteRecord.bytes(for: $0, context) }))
        }
    }

    mutating func finish() async throws -> FilingRecords {
        guard let staging else { return .chunks(waiting.isEmpty ? [] : [GatheredBatch.joined(waiting)]) }
        try await hand(to: staging)
        try await settle()
        // The converter of a big filing is gone, and the commit needs memory of its own.
        Allocator.giveBack()
        return .staged(staging)
    }

    /// Forgets everything; a staging that cannot be ended now is removed at the next start.
    mutating func discard() async {
        waiting = []
        guard let staging else { return }
        self.staging = nil
        try? await settle()
        try? await journal.discard(staging)
    }

    mutating func flush(scope: String?) async throws {
        let staging: Staging
        if let begun = self.staging {
            staging = begun
        } else {
            let delivery = delivery(scope: scope, context: DeleteContext.none)
            if delivery.scope != nil { try await precedence.earlierAreCommitted() }
            staging = try await journal.beginStaging(identity, delivery: delivery, at: now)
            self.staging = staging
        }
        try await hand(to: staging)
    }

    // At most four portions are under way: one is compared and one written, and either finds the next one waiting. Memory
    // does not grow when the journal is the slower one.
    private mutating func hand(to staging: Staging) async throws {
        try await settle(butFor: 3)
        let portion = waiting
        waiting = []
        bytes = 0
        // The hashes of contents are made by the journal's thread, while the lane reads on.
        appending.append(try journal.beginAppending(to: staging) { portion.map(\.chunk) })
    }

    private mutating func settle(butFor count: Int = 0) async throws {
        while appending.count > count {
            let first = appending.removeFirst()
            try await first.finished()
        }
    }
}

/// A batch on its way to the journal.
private struct GatheredBatch: Sendable {
    var batch: RecordBatch
    var hasKeys: Bool

    var chunk: RecordChunk {
        RecordChunk(bytes: batch.bytes, count: batch.count, keys: keys(from: 0))
    }

    /// One chunk of all, in memory of its own that has no room to spare: hundreds of filings can wait for their commit.
    static func joined(_ batches: [GatheredBatch]) -> RecordChunk {
        var chunk = RecordChunk(bytes: [], count: 0, keys: [])
        chunk.bytes.reserveCapacity(batches.reduce(0) { $0 + $1.batch.bytes.count })
        chunk.keys.reserveCapacity(batches.reduce(0) { $0 + ($1.hasKeys ? $1.batch.count : 0) })
        for batch in batches {
            chunk.keys += batch.keys(from: chunk.bytes.count)
            chunk.bytes += batch.batch.bytes
            chunk.count += batch.batch.count
        }
        return chunk
    }

    // The keys of the records, whose bytes begin behind others.
    private func keys(from start: Int) -> [RecordKey] {
        hasKeys ? batch.entries.map { RecordKey($0, of: batch, from: start) } : []
    }
}

extension RecordKey {
    init(_ entry: RecordBatch.Entry, of batch: RecordBatch, from start: Int = 0) {
        self.init(
            bodyNumber: Int32(entry.typeNumber), id: Fingerprint(entry.id),
            content: Fingerprint(batch.contentHash(of: entry)),
            range: entry.range.lowerBound + start..<entry.range.upperBound + start)
    }
}

extension Fingerprint {
    /// The same 16 bytes in the same order: a digest counts from its lowest byte, a fingerprint from its highest.
    init(_ digest: SipHash128.Digest) {
        self.init(high: digest.low.byteSwapped, low: digest.high.byteSwapped)
    }
}
