import Findings
import Foundation
import Inbound
import Journal
import Logging
import Mappings

/// Works through the filings of one source, in order: claim, convert, hand in, answer.
///
/// Sources have a lane each, so that a big or bad filing of one holds up no other. Within a lane the next group is
/// converted while the last one is being committed and answered.
struct SourceLane: Sendable {
    /// Filings that are claimed at once.
    static let claimLimit = 64
    /// Groups that may be on their way to their receipts while the next one is converted.
    static let groupsUnderWay = 3
    /// For how long a filing that the disk does not give us holds up those behind it.
    static let patience = Duration.seconds(60)

    let source: SourceSettings
    let intake: Intake
    let preparation: FilingPreparation
    let committer: Committer
    let room: WaitingRoom
    let answering: Answering
    let mappings: @Sendable () -> MappingSet
    let gate: ClaimGate
    let solitude: Solitude
    let heartbeat: Heartbeat
    var clock: any Clock<Duration> = ContinuousClock()
    let logger: Logger

    /// Runs until the task is cancelled; then finishes what has been claimed.
    func run() async {
        // Receipts and the archive wait for the disk as much as claiming and converting do; so do originals, and while they do
        // those of the group before are answered.
        let originals = LaneExecutor("\(source.name).originals")
        let output = LaneOutput(committer, room, answeringOn: LaneExecutor("\(source.name).answers")) { group in
            // While the journal commits them, since nothing but the answer waits for it.
            await withTaskExecutorPreference(originals) { keepSafe(group.map(\.0.claim)) }
            for (prepared, ticket) in group { await conclude(prepared, ticket) }
        }
        await withTaskExecutorPreference(LaneExecutor(source.name)) {
            while !Task.isCancelled {
                await gate.waitUntilOpen()
                // The gate can close while nothing is there to be claimed.
                let claims = try? await intake.claimNext(limit: Self.claimLimit) { gate.closure == nil }
                guard let claims else { break }
                await prepare(claims, for: output)
                output.handIn()
                await output.settle(butFor: Self.groupsUnderWay)
            }
        }
        await output.settle()
    }

    private func prepare(_ claims: [ClaimedFiling], for output: LaneOutput) async {
        var preparation = preparation
        preparation.precedence = Precedence {
            // Waiting for a full disk is no sign of a lane that hangs.
            heartbeat.rest()
            defer { heartbeat.beat() }
            try await output.commitAll()
        }
        preparation.beat = { heartbeat.beat() }
        for claim in claims {
            // Waiting for commits, like that for a full disk, is no sign of a lane that hangs.
            heartbeat.rest()
            await output.makeRoom(forLeftovers: claim.standing != .fresh)
            heartbeat.beat()
            guard await prepare(claim, preparation, for: output) else { break }
        }
        heartbeat.rest()
    }

    // False when nothing more is to be prepared: the claims stay in the work folder for the next start.
    private func prepare(
        _ claim: ClaimedFiling, _ preparation: FilingPreparation, for output: LaneOutput
    ) async -> Bool {
        do {
            guard let prepared = try await persistently(claim, { try await prepare(claim, preparation) }) else {
                return false
            }
            output.add(prepared)
        } catch let error as InboundError where error.code == .changed {
            logger.info("File changed while it was read; waiting for it to hold still", metadata: naming(claim))
            try? claim.endAttempt()
            await intake.giveBack(claim)
        } catch  where Task.isCancelled && Self.isCancellation(error) {
            try? claim.endAttempt()
            return false
        } catch {
            await setBack(claim, because: error)
        }
        return true
    }

    private static func isCancellation(_ error: any Error) -> Bool {
        error is CancellationError || (error as? InboundError)?.code == .cancelled
    }

    /// Tries until it works or cannot work any more; gives nil when the lane is to stop before.
    ///
    /// A disk that is full for a while is no reason to let those behind overtake: what an earlier filing says of a record would
    /// overwrite what a later one does.
    func persistently(
        _ claim: ClaimedFiling, _ body: () async throws -> PreparedFiling
    ) async throws -> PreparedFiling? {
        var (delay, waited) = (Duration.milliseconds(200), Duration.zero)
        while true {
            do {
                return try await body()
            } catch  where Self.mayPass(error, after: waited) {
                try? claim.endAttempt()
                if waited == .zero {
                    logger.error(
                        error is JournalError
                            ? "The journal cannot take in a filing now; it is tried again until it can"
                            : "A filing cannot be read now; it is tried again, and those behind it wait",
                        metadata: naming(claim).merging(["error": "\(error)"]) { $1 })
                }
                heartbeat.rest()
                guard (try? await clock.sleep(for: delay)) != nil else { return nil }
                heartbeat.beat()
                waited += delay
                delay = min(delay * 2, .seconds(10))
            }
        }
    }

    private static func mayPass(_ error: any Error, after waited: Duration) -> Bool {
        if let error = error as? JournalError { return error.retryHelps }
        switch (error as? InboundError)?.code {
        // These hit every filing alike.
        case .storageFull, .readOnly, .tooManyOpenFiles, .systemFileTableFull: return true
        // This can be for good, and of one filing.
        case .deviceFailed: return waited < patience
        default: return false
        }
    }

    private func prepare(_ claim: ClaimedFiling, _ preparation: FilingPreparation) async throws -> PreparedFiling {
        guard claim.standing == .suspect else {
            return try await solitude.shared { try await preparation.prepare(claim, with: mappings()) }
        }
        logger.warning(
            "The process ended while this filing was converted; it is tried once more, alone", metadata: naming(claim))
        return try await solitude.alone { try await preparation.prepare(claim, with: mappings()) }
    }

    // Nothing is wrong with the filing: it is taken up again when we can do our work.
    private func setBack(_ claim: ClaimedFiling, because error: any Error) async {
        try? claim.endAttempt()
        logger.error(
            "Filing could not be taken in for a reason that is ours; it stays in the work folder, and is tried again",
            metadata: naming(claim).merging(["error": "\(error)"]) { $1 })
        await intake.leave(claim)
    }

    // A receipt says that the filing has arrived, and its sender may then delete it: so the original must be on the disk,
    // as its records are.
    private func keepSafe(_ claims: [ClaimedFiling]) {
        for unsafe in ClaimedFiling.synchronise(claims) {
            logger.error(
                "An original could not be made safe on the disk; its records are",
                metadata: naming(unsafe.claim).merging([
                    "error": "\(unsafe.error)", "next": "See to the disk, and ask the sender to keep the file.",
                ]) { $1 })
        }
    }

    private func conclude(_ filing: PreparedFiling, _ ticket: Committer.Ticket) async {
        do {
            // One filing was handed in.
            switch try await ticket.outcomes()[0] {
            case .held(let wouldDelete, let total):
                let held = heldBack(filing, wouldDelete: wouldDelete, of: total)
                await conclude(held, committer.handIn([held.filing]))
            case .overtaken:
                // Nothing of this source is committed while one of its filings is staged; should it be all the same, the
                // filing is compared anew.
                await intake.handOut(filing.claim)
            case let outcome:
                if await !answering.answer(filing, outcome) { await intake.leave(filing.claim) }
            }
        } catch {
            await setBack(filing.claim, because: error)
        }
    }

    private func heldBack(_ filing: PreparedFiling, wouldDelete: Int, of total: Int) -> PreparedFiling {
        let finding = Finding(.snapshotHeld, arguments: ["\(wouldDelete)", "\(total)"])
        var held = filing
        held.filing.outcome = .rejected
        held.filing.findings.report(finding)
        held.filing.delivery = .event
        return held
    }

    private func naming(_ claim: ClaimedFiling) -> Logger.Metadata {
        ["file": "\(claim.name.displayed)", "claim": "\(claim.id)"]
    }
}
