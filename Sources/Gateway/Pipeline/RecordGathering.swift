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
        guard let staging else { return .chunks(waiting.map(\.chunk)) }
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
        RecordChunk(
            bytes: fittedBytes, count: batch.count, keys: hasKeys ? batch.entries.map { RecordKey($0, of: batch) } : [])
    }

    // The batch of a small filing has room for a big one, and hundreds can wait for their commit.
    private var fittedBytes: [UInt8] {
        guard batch.bytes.capacity > 2 * batch.bytes.count else { return batch.bytes }
        var copy: [UInt8] = []
        copy.reserveCapacity(batch.bytes.count)
        copy.append(contentsOf: batch.bytes)
        return copy
    }
}

extension RecordKey {
    init(_ entry: RecordBatch.Entry, of batch: RecordBatch) {
        self.init(
            bodyNumber: Int32(entry.typeNumber), id: Fingerprint(entry.id),
            content: Fingerprint(batch.contentHash(of: entry)), range: entry.range)
    }
}

extension Fingerprint {
    /// The same 16 bytes in the same order: a digest counts from its lowest byte, a fingerprint from its highest.
    init(_ digest: SipHash128.Digest) {
        self.init(high: digest.low.byteSwapped, low: digest.high.byteSwapped)
    }
}
