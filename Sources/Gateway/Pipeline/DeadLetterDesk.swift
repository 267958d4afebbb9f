import CanonicalRecords
import Foundation
import Journal
import Logging
import Synchronization

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
    // Of which requests it was told that they stay.
    private let told = Told()

    init(journal: Journal, state: StateFolder, now: @escaping @Sendable () -> Date, logger: Logger) {
        (self.journal, self.state, self.now, self.logger) = (journal, state, now, logger)
    }

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

    // A request that failed alone, or with others for the same reason.
    private struct Failure {
        var request: DeadLetterRequest
        var error: any Error
    }

    /// Carries requests out, each for itself, and removes those that are done or can never be. What cannot be done now stays.
    func carryOut(_ requests: [DeadLetterRequest]) async {
        var cases: [Case] = []
        var failures: [Failure] = []
        for request in requests.prefix(Self.most) {
            do {
                if let found = try await find(request) { cases.append(found) }
            } catch {
                failures.append(Failure(request: request, error: error))
            }
        }
        do {
            for letter in try await settle(&cases, &failures) { tell(letter) }
            for item in cases { item.request.remove(from: state) }
        } catch is CancellationError {
            // They are found again at the next start.
            return
        } catch {
            failures += cases.map { Failure(request: $0.request, error: error) }
        }
        answer(failures)
    }

    private func settle(_ cases: inout [Case], _ failures: inout [Failure]) async throws -> [DeadLetter] {
        var position = cases.filter { $0.request.wish != .remove }.map(\.letter.position).min() ?? 0
        while !cases.isEmpty {
            // While it looks, more can come.
            position = try await lookForNewer(&cases, after: position, &failures)
            let settled = try await journal.settle(cases.map(\.settlement), knowingThrough: position, at: now())
            if let settled { return settled }
        }
        return []
    }

    private func answer(_ failures: [Failure]) {
        let waiting = failures.filter { !Self.isLasting($0.error) }
        for failure in failures where Self.isLasting(failure.error) {
            let number = failure.request.number
            _ = drop(
                failure.request,
                """
                its record, or one behind it that may be newer, cannot be read: \(failure.error) Ask again when the journal \
                has been restored, or let it go: qiao dismiss \(number)
                """)
        }
        let isNew = told.replace(by: waiting.map(\.request.number))
        guard let first = waiting.first else { return }
        logger.log(
            level: isNew ? .error : .debug, "Dead letters cannot be settled now; the requests stay",
            metadata: ["requests": "\(waiting.count)", "error": "\(first.error)"])
    }

    // Whether the same will fail in the same way until someone mends the journal.
    private static func isLasting(_ error: any Error) -> Bool {
        guard let error = error as? JournalError else { return error is RecordError }
        return [.damaged, .unknown, .misuse, .failed].contains(error.code)
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

    // Looks through everything beyond a position; gives the position of the newest record there was when it began. Where
    // something cannot be read, nobody knows what is newer than what lies before it: those cases fail.
    private func lookForNewer(
        _ cases: inout [Case], after start: Int64, _ failures: inout [Failure]
    ) async throws -> Int64 {
        let end = try await journal.status().lastPosition
        var (position, portion) = (start, Self.portionSize)
        var byID = Self.byID(cases)
        while position < end, !byID.isEmpty {
            try Task.checkCancellation()
            do {
                let chunks = try await journal.chunks(after: position, limitBytes: portion)
                // What was pruned cannot be asked any more.
                guard !chunks.isEmpty else { break }
                for chunk in chunks {
                    try look(through: chunk, byID, &cases)
                    position = chunk.lastPosition
                }
                portion = Self.portionSize
            } catch  where portion > 1 {
                // Chunk by chunk, to find the place.
                portion = 1
            } catch {
                let isBefore = { (item: Case) in !item.id.isEmpty && item.letter.position <= position }
                failures += cases.filter(isBefore).map { Failure(request: $0.request, error: error) }
                cases.removeAll(where: isBefore)
                byID = Self.byID(cases)
                position = byID.values.joined().map { cases[$0].letter.position }.min() ?? end
            }
        }
        return max(position, end)
    }

    private static func byID(_ cases: [Case]) -> [[UInt8]: [Int]] {
        Dictionary(grouping: cases.indices.filter { !cases[$0].id.isEmpty }) { cases[$0].id }
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

// The requests that wait for better times; these are told of once, not each time they are tried.
private final class Told: Sendable {
    private let numbers = Mutex<Set<Int64>>([])

    /// Takes those that wait now; says whether there are any that did not wait before.
    func replace(by numbers: [Int64]) -> Bool {
        self.numbers.withLock { known in
            defer { known = Set(numbers) }
            return !known.isSuperset(of: numbers)
        }
    }
}
