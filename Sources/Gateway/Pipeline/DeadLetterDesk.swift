import CanonicalRecords
import Foundation
import Journal
import Logging

/// Does what people ask for dead letters: sends them again, each behind everything that its route has before it, or lets them
/// go.
///
/// A record that is sent again must not undo a newer one. So the desk looks through all records behind the refused one; when
/// there is one of the same id, that one stands, and nothing is sent.
struct DeadLetterDesk: Sendable {
    let journal: Journal
    let state: StateFolder
    let now: @Sendable () -> Date
    let logger: Logger

    // A request with what it is about.
    private struct Case {
        var request: DeadLetterRequest
        var letter: DeadLetter
        var record: [UInt8] = []
        var isAsOffered = false
        var id: [UInt8] = []
        var newer: Int64?

        var settlement: DeadLetterSettlement {
            if request.wish == .remove { return DeadLetterSettlement(letter.number, .remove) }
            if let newer { return DeadLetterSettlement(letter.number, .supersede(by: newer)) }
            return DeadLetterSettlement(letter.number, .replay(record, isAsOffered: isAsOffered))
        }
    }

    // Requests that are settled together.
    private static let most = 1000
    // Bytes of records that are looked through at once.
    private static let portionSize = 4 << 20

    /// Carries requests out, and removes those that are done or make no sense. What cannot be done now stays.
    func carryOut(_ requests: [DeadLetterRequest]) async {
        do {
            var cases: [Case] = []
            for request in requests.prefix(Self.most) {
                if let found = try await find(request) { cases.append(found) }
            }
            guard !cases.isEmpty else { return }
            for letter in try await settle(&cases) { tell(letter) }
            for item in cases { item.request.remove(from: state) }
        } catch is CancellationError {
            // They are found again at the next start.
        } catch {
            logger.error(
                "Dead letters cannot be settled now; the requests stay",
                metadata: ["requests": "\(requests.count)", "error": "\(error)"])
        }
    }

    private func settle(_ cases: inout [Case]) async throws -> [DeadLetter] {
        var position = cases.filter { $0.request.wish != .remove }.map(\.letter.position).min() ?? 0
        while true {
            // While it looks, more can come.
            position = try await lookForNewer(&cases, after: position)
            let settled = try await journal.settle(cases.map(\.settlement), knowingThrough: position, at: now())
            if let settled { return settled }
        }
    }

    // Nil, and the request is gone, where nothing can be done for it.
    private func find(_ request: DeadLetterRequest) async throws -> Case? {
        guard let letter = try await journal.deadLetter(request.number), letter.state == .open else {
            return drop(request, "there is no such open dead letter")
        }
        var found = Case(request: request, letter: letter)
        guard request.wish != .remove else { return found }
        let record = try await DeadLetterRecord.find(letter, in: journal)
        (found.record, found.isAsOffered) = (record.bytes, record.isAsOffered)
        if case .replayMended(let mended) = request.wish {
            guard record.canGiveWay(to: mended) else {
                return drop(request, "the mended record is not one of the same id and type")
            }
            found.record = mended
        }
        if let summary = try? RecordSummary(of: record.bytes.span) { found.id = Array(record.bytes[summary.id]) }
        return found
    }

    private func drop(_ request: DeadLetterRequest, _ reason: String) -> Case? {
        logger.error(
            "A request for a dead letter cannot be carried out",
            metadata: ["dead-letter": "\(request.number)", "why": "\(reason)"])
        request.remove(from: state)
        return nil
    }

    // Looks through everything beyond a position; gives the position of the newest record there was when it began.
    private func lookForNewer(_ cases: inout [Case], after start: Int64) async throws -> Int64 {
        var byID: [[UInt8]: [Int]] = [:]
        for index in cases.indices where !cases[index].id.isEmpty { byID[cases[index].id, default: []].append(index) }
        let end = try await journal.status().lastPosition
        var position = start
        while position < end, !byID.isEmpty {
            try Task.checkCancellation()
            let chunks = try await journal.chunks(after: position, limitBytes: Self.portionSize)
            // What was pruned cannot be asked any more.
            guard let last = chunks.last else { break }
            for chunk in chunks { try look(through: chunk, byID, &cases) }
            position = last.lastPosition
        }
        return max(position, end)
    }

    // What was sent again is older than it looks.
    private func look(
        through chunk: JournalChunk, _ byID: [[UInt8]: [Int]], _ cases: inout [Case]
    ) throws {
        guard case .filing = chunk.origin else { return }
        let bytes = chunk.bytes.span
        var (offset, place) = (0, chunk.firstPosition)
        while let range = try DelimitedRecords.next(in: bytes, at: &offset) {
            let record = bytes.extracting(range)
            let id = record.extracting(try RecordSummary(of: record).id).withUnsafeBufferPointer { Array($0) }
            for index in byID[id] ?? [] where place > cases[index].letter.position { cases[index].newer = place }
            place += 1
        }
    }

    private func tell(_ letter: DeadLetter) {
        let metadata: Logger.Metadata = [
            "dead-letter": "\(letter.number)", "route": "\(letter.route)", "position": "\(letter.settledAs ?? 0)",
        ]
        switch letter.state {
        case .replayed: logger.notice("A dead letter is sent again", metadata: metadata)
        case .superseded:
            logger.notice("A dead letter is not sent again: there is a newer record of its id", metadata: metadata)
        case .removed, .open:
            logger.notice(
                "A dead letter was let go",
                metadata: ["dead-letter": "\(letter.number)", "route": "\(letter.route)"])
        }
    }
}
