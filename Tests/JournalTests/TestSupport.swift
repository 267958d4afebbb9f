import Findings
import Foundation
import Testing

@testable import Journal

/// A folder of its own for a test, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init(in parent: String = FileManager.default.temporaryDirectory.path) throws {
        path = "\(parent)/journal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var journal: String { path + "/journal.db" }
    var segments: String { journal + "-chunks" }
    /// The files beside the journal.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: segments)) ?? []).sorted() }

    func open(_ options: JournalOptions = JournalOptions()) async throws -> Journal {
        try await Journal.open(path: journal, options: options)
    }

    /// What a crash would leave: the files as they are now, without their owner's closing them.
    func copy(to other: TemporaryFolder) throws {
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: journal + suffix) {
            try FileManager.default.copyItem(atPath: journal + suffix, toPath: other.journal + suffix)
        }
        guard FileManager.default.fileExists(atPath: segments) else { return }
        try FileManager.default.copyItem(atPath: segments, toPath: other.segments)
    }
}

/// Seconds after some instant; tests have no clock.
func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_795_000_000 + seconds) }

/// Small, seeded, good enough.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A record of the tests: `key=content` or `-key`, so that what comes out can be read back.
struct ToyRecord: Hashable {
    var key: UInt64
    var content: UInt64?

    var message: [UInt8] { Array((content.map { "\(key)=\($0)" } ?? "-\(key)").utf8) }
    var delimited: [UInt8] { Self.delimit(message) }

    var recordKey: RecordKey {
        RecordKey(
            bodyNumber: 11, id: Self.id(key), content: Fingerprint(high: content ?? 0, low: ~(content ?? 0)),
            range: 0..<0)
    }

    // Spread over both halves and over the sign bits, as hashes are.
    static func id(_ key: UInt64) -> Fingerprint {
        var random = SplitMix64(state: key)
        return Fingerprint(high: random.next(), low: key)
    }

    static func delimit(_ message: [UInt8]) -> [UInt8] {
        var length = message.count
        var prefix: [UInt8] = []
        while length >= 0x80 {
            prefix.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        return prefix + [UInt8(length)] + message
    }

    static func parse(_ bytes: [UInt8]) -> [ToyRecord] {
        var ranges = DelimitedRanges(of: bytes)
        var result: [ToyRecord] = []
        while let range = ranges.next() {
            // Toy messages are shorter than 128 bytes: one byte of prefix.
            let text = String(decoding: bytes[range].dropFirst(), as: UTF8.self)
            if text.hasPrefix("-") {
                result.append(ToyRecord(key: UInt64(text.dropFirst()) ?? 0, content: nil))
            } else {
                let parts = text.split(separator: "=").map { UInt64($0) ?? 0 }
                result.append(ToyRecord(key: parts[0], content: parts[1]))
            }
        }
        return result
    }
}

extension RecordChunk {
    init(_ records: [ToyRecord]) {
        var bytes: [UInt8] = []
        var keys: [RecordKey] = []
        for record in records {
            var key = record.recordKey
            key.range = bytes.count..<(bytes.count + record.delimited.count)
            keys.append(key)
            bytes += record.delimited
        }
        self.init(bytes: bytes, count: records.count, keys: keys)
    }
}

extension Delivery {
    static func toySnapshot(
        _ scope: String = "roster", guardShare: Double = 1, isApproved: Bool = false
    ) -> Delivery {
        .snapshot(
            Snapshot(scope: scope, guardShare: guardShare, isApproved: isApproved) { key in
                ToyRecord(key: key.id.low, content: nil).delimited
            })
    }
}

func digest(_ number: UInt64) -> FilingDigest {
    var random = SplitMix64(state: number)
    let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
    guard let digest = FilingDigest(bytes: bytes) else { fatalError("32 bytes make a digest") }
    return digest
}

func identity(_ number: UInt64, source: String = "liangzhang") -> FilingIdentity {
    FilingIdentity(source: source, digest: digest(number))
}

/// A filing of `keys`, all with the same content, one chunk.
func filing(
    _ number: UInt64,
    source: String = "liangzhang",
    claim: String? = nil,
    outcome: FilingOutcome = .accepted,
    delivery: Delivery = .event,
    records: [ToyRecord] = [],
    findings: FindingLog = FindingLog()
) -> JournaledFiling {
    JournaledFiling(
        identity: identity(number, source: source), claim: claim, name: Array("roster-\(number).csv".utf8), size: 100,
        mapping: MappingReference(id: "yutai.roster", version: "1"), encoding: "GB18030",
        receivedAt: at(Double(number)),
        outcome: outcome,
        counts: FilingCounts(
            rowsRead: records.count, rowsConverted: records.count,
            recordsByType: records.isEmpty ? [:] : ["Person": records.count]),
        findings: findings, delivery: delivery, records: .chunks([RecordChunk(records)]))
}

func toys(_ keys: some Sequence<Int>, content: UInt64 = 1) -> [ToyRecord] {
    keys.map { ToyRecord(key: UInt64($0), content: content) }
}

extension Journal {
    func mustSettle(
        _ settlements: [DeadLetterSettlement], knowingThrough position: Int64, at time: Date
    ) async throws {
        #expect(try await settle(settlements, knowingThrough: position, at: time)?.count == settlements.count)
    }

    /// Everything from `position` on, with positions, held against the promise that there are no gaps.
    func stream(after position: Int64 = 0, limitBytes: Int = 1000) async throws -> [ToyRecord] {
        var result: [ToyRecord] = []
        var next = position + 1
        while case let chunks = try await chunks(after: next - 1, limitBytes: limitBytes), !chunks.isEmpty {
            for chunk in chunks {
                let records = ToyRecord.parse(chunk.bytes)
                #expect(records.count == chunk.count)
                #expect(chunk.firstPosition <= next)
                result += records.dropFirst(Int(next - chunk.firstPosition))
                next = chunk.lastPosition + 1
            }
        }
        return result
    }

    /// What whoever replays the stream holds; a deleted key is not there.
    func replayed(scopes: Int = 1) async throws -> [UInt64: UInt64] {
        var state: [UInt64: UInt64] = [:]
        for record in try await stream() {
            // What another scope has said is not known.
            #expect(scopes > 1 || state[record.key] != record.content, "sent although nothing changed")
            state[record.key] = record.content
        }
        return state
    }
}

extension CommitOutcome {
    /// Short enough for tables.
    var word: String {
        switch self {
        case .journaled: "journaled"
        case .duplicate: "duplicate"
        case .repeated: "repeated"
        case .held(let deletes, let keys): "held \(deletes)/\(keys)"
        case .overtaken: "overtaken"
        }
    }

    var receipt: ReceiptNumber? {
        switch self {
        case .journaled(_, let receipt), .duplicate(_, let receipt): receipt
        case .repeated(_, let receipt): receipt
        case .held, .overtaken: nil
        }
    }
}
