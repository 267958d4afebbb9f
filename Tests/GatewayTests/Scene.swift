import CanonicalRecords
import Findings
import Foundation
import Glibc
import Inbound
import Journal
import Logging
import Mappings
import Receipts
import Testing

@testable import Gateway

/// A gateway's folders, with one source that files into one of them.
final class Scene: Sendable {
    let folder: TemporaryFolder
    let trail = Trail()
    let source: SourceSettings

    init(areaCode: String? = nil, signature: SignatureSettings = SignatureSettings()) throws {
        folder = try TemporaryFolder()
        var source = SourceSettings(
            name: "test", inbound: folder.path + "/in", completion: .rename, receipts: folder.path + "/receipts",
            areaCode: areaCode)
        source.signature = signature
        self.source = source
        try StateFolder.make(source.inbound)
        try StateFolder.make(state.path)
    }

    var state: StateFolder { StateFolder(path: folder.path + "/state") }
    var logger: Logger { CollectedLog.logger(trail) }

    /// 2026-11-21T08:00:00+08:00, at all times.
    static let time: Int64 = 1_795_219_200_000_000
    static let now = Date(timeIntervalSince1970: 1_795_219_200)

    func journal() async throws -> Journal { try await Journal.open(path: state.journal) }

    /// Puts a whole file into the inbound folder at once.
    func deliver(_ name: String, _ text: String) throws {
        try deliver(name, Array(text.utf8))
    }

    func deliver(_ name: String, _ bytes: [UInt8]) throws {
        try folder.write(bytes, to: "outside")
        guard rename(folder.path + "/outside", "\(source.inbound)/\(name)") == 0 else { throw NotDelivered() }
    }

    func intake() -> Intake {
        let clock = InboundClock(
            now: InboundClock.system.now, microsecondsSince1970: { Self.time }, wake: InboundClock.system.wake)
        let pacing = Pacing(
            retry: .milliseconds(5), revisit: .milliseconds(5), probe: .milliseconds(5), unproven: .milliseconds(5),
            empty: .milliseconds(5))
        var folder = InboundFolder(
            source: source.name, path: source.inbound, completion: source.completion, pacing: pacing)
        folder.pairing = Pairing(wait: .milliseconds(20), isExpected: source.signature.demand == .required)
        return Intake(folder, clock: clock) { _ in }
    }

    /// The one claim of a file that is delivered now.
    func claim(_ name: String, _ text: String, by intake: Intake) async throws -> ClaimedFiling {
        try deliver(name, text)
        let claims = try await intake.claimNext(limit: 1)
        return try #require(claims.first)
    }

    func preparation(_ journal: Journal, limits: GatewayLimits = GatewayLimits()) -> FilingPreparation {
        FilingPreparation(
            journal: journal, source: source, limits: limits, identityKey: .published, trust: trust, crashHook: nil,
            logger: logger, now: { Self.now })
    }

    var trust: TrustStore { TrustStore(source, limits: GatewayLimits()) }

    func committer(_ journal: Journal) -> Committer {
        Committer(
            journal: journal, gate: ClaimGate(), logger: logger, clock: ContinuousClock(), now: { Self.now })
    }

    func answering(_ journal: Journal, _ committer: Committer, signer: ReceiptSigner? = nil) -> Answering {
        Answering(
            journal: journal, state: state, committer: committer, logger: logger, sources: [source], signer: signer,
            now: { Self.now })
    }

    func receipt(_ name: String) throws -> Receipt {
        try Receipt(xml: Array(folder.text("receipts/\(name)").utf8))
    }

    struct NotDelivered: Error {}
}

/// Records of the tests, made from JSON.
enum Toy {
    static func person(_ number: Int, source: String = "test") -> [UInt8] {
        record(
            """
            {"provenance":{"id":"\(id(number))","source":"\(source)","operation":"OPERATION_UPSERT"},\
            "person":{"name":"张三","identityNumber":"\(Forms.identityNumber(number))"}}
            """)
    }

    static func place(_ number: Int, source: String = "test") -> [UInt8] {
        record("{\"provenance\":{\"id\":\"\(id(number))\",\"source\":\"\(source)\"},\"place\":{}}")
    }

    static func id(_ number: Int) -> String {
        String(repeating: "0", count: 32 - String(number).count) + String(number)
    }

    static func record(_ json: String) -> [UInt8] {
        let line = Array(json.utf8)
        let bytes = try? RecordJSON().parse(line.span)
        guard let bytes else { preconditionFailure("no record: \(json)") }
        return bytes
    }

    static func chunk(_ records: [[UInt8]]) -> RecordChunk {
        var bytes: [UInt8] = []
        for record in records { DelimitedRecords.append(record.span, to: &bytes) }
        return RecordChunk(bytes: bytes, count: records.count)
    }

    static func filing(_ number: UInt64, _ records: [[UInt8]], source: String = "test") -> JournaledFiling {
        JournaledFiling(
            identity: identity(number, source: source), name: Array("f\(number).csv".utf8), size: 10,
            receivedAt: Scene.now, outcome: .accepted,
            counts: FilingCounts(
                rowsRead: records.count, rowsConverted: records.count, recordsByType: ["Person": records.count]),
            records: .chunks([chunk(records)]))
    }

    static func identity(_ number: UInt64, source: String = "test") -> FilingIdentity {
        var random = SplitMix64(state: number)
        let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        guard let digest = FilingDigest(bytes: bytes) else { preconditionFailure("32 bytes make a digest") }
        return FilingIdentity(source: source, digest: digest)
    }

    /// What a record says of itself.
    struct Summary: Equatable {
        var type: String?
        var operation: RecordSummary.Operation
        var id: String
        var filing: String
        var areaCode: String
    }

    static func summary(_ record: [UInt8]) throws -> Summary {
        let bytes = record.span
        let summary = try RecordSummary(of: bytes)
        return Summary(
            type: summary.recordType, operation: summary.operation, id: summary.text(summary.id, in: bytes),
            filing: summary.text(summary.filing, in: bytes), areaCode: summary.text(summary.areaCode, in: bytes))
    }

    /// The record as JSON, nothing masked.
    static func json(_ record: some Collection<UInt8>) throws -> String {
        let bytes = Array(record)
        return try RecordJSON().text(of: bytes.span, revealing: true)
    }

    /// The records of delimited bytes.
    static func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
        var result: [[UInt8]] = []
        var offset = 0
        let span = bytes.span
        while let range = try DelimitedRecords.next(in: span, at: &offset) { result.append(Array(bytes[range])) }
        return result
    }
}

extension Journal {
    /// All record bytes there are, delimited.
    func everything() async throws -> [UInt8] {
        var result: [UInt8] = []
        var last: Int64 = 0
        while case let chunks = try await chunks(after: last, limitBytes: 1 << 20), let end = chunks.last {
            result += chunks.flatMap(\.bytes)
            last = end.lastPosition
        }
        return result
    }
}
