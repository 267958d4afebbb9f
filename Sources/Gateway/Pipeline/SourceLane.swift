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
    static let groupsUnderWay = 2

    let source: SourceSettings
    let intake: Intake
    let preparation: FilingPreparation
    let committer: Committer
    let answering: Answering
    let mappings: @Sendable () -> MappingSet
    let gate: ClaimGate
    let solitude: Solitude
    let heartbeat: Heartbeat
    let logger: Logger

    /// Runs until the task is cancelled; then finishes what has been claimed.
    func run() async {
        // Receipts and the archive wait for the disk as much as claiming and converting do.
        let answers = LaneExecutor("\(source.name).answers")
        await withTaskExecutorPreference(LaneExecutor(source.name)) {
            await withDiscardingTaskGroup { group in
                let slots = Slots(Self.groupsUnderWay)
                while !Task.isCancelled {
                    await gate.waitUntilOpen()
                    guard let claims = try? await intake.claimNext(limit: Self.claimLimit) else { break }
                    let prepared = await prepare(claims)
                    guard !prepared.isEmpty else { continue }
                    let ticket = committer.handIn(prepared.map(\.filing))
                    await slots.take()
                    group.addTask(executorPreference: answers) {
                        await conclude(prepared, ticket)
                        slots.giveBack()
                    }
                }
            }
        }
    }

    /// Converts, commits and answers claims that came another way, such as a retry.
    func process(_ claims: [ClaimedFiling]) async {
        let prepared = await prepare(claims)
        guard !prepared.isEmpty else { return }
        await conclude(prepared, committer.handIn(prepared.map(\.filing)))
    }

    private func prepare(_ claims: [ClaimedFiling]) async -> [PreparedFiling] {
        var prepared: [PreparedFiling] = []
        for claim in claims {
            heartbeat.beat()
            do {
                prepared.append(try await prepare(claim))
            } catch let error as InboundError where error.code == .changed {
                logger.info("File changed while it was read; waiting for it to hold still", metadata: naming(claim))
                try? claim.endAttempt()
                await intake.giveBack(claim)
            } catch {
                await setBack(claim, because: error)
            }
        }
        heartbeat.rest()
        return prepared
    }

    private func prepare(_ claim: ClaimedFiling) async throws -> PreparedFiling {
        guard claim.standing == .suspect else {
            return try await solitude.shared { try await preparation.prepare(claim, with: mappings()) }
        }
        logger.warning(
            "The process ended while this filing was converted; it is tried once more, alone", metadata: naming(claim))
        return try await solitude.alone { try await preparation.prepare(claim, with: mappings()) }
    }

    // Nothing is wrong with the filing: it goes back, and is claimed again when we can do our work.
    private func setBack(_ claim: ClaimedFiling, because error: any Error) async {
        try? claim.endAttempt()
        logger.error(
            "Filing could not be converted for a reason that is ours; it is set back and tried again",
            metadata: naming(claim).merging(["error": "\(error)"]) { $1 })
        await intake.giveBack(claim)
    }

    private func conclude(_ prepared: [PreparedFiling], _ ticket: Committer.Ticket) async {
        do {
            let outcomes = try await ticket.outcomes()
            var again: [PreparedFiling] = []
            for (filing, outcome) in zip(prepared, outcomes) {
                switch outcome {
                case .held(let wouldDelete, let total):
                    again.append(heldBack(filing, wouldDelete: wouldDelete, of: total))
                case .overtaken:
                    await process([filing.claim])
                case .journaled, .duplicate, .repeated:
                    await answering.answer(filing, outcome)
                }
            }
            guard !again.isEmpty else { return }
            await conclude(again, committer.handIn(again.map(\.filing)))
        } catch {
            for filing in prepared { await setBack(filing.claim, because: error) }
        }
    }

    private func heldBack(_ filing: PreparedFiling, wouldDelete: Int, of total: Int) -> PreparedFiling {
        let finding = Finding(.snapshotHeld, arguments: ["\(wouldDelete)", "\(total)"])
        var held = filing
        held.filing.outcome = .rejected
        held.filing.findings.report(finding)
        held.filing.records = .chunks([])
        held.filing.furtherParts = []
        held.filing.delivery = .event
        return held
    }

    private func naming(_ claim: ClaimedFiling) -> Logger.Metadata {
        ["file": "\(claim.name.displayed)", "claim": "\(claim.id)"]
    }
}
