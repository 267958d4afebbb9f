import Foundation
import Journal
import Logging

/// Removes what nobody needs any more once the settings let it go: records, settled dead letters, originals.
///
/// It is no part of ``Maintenance``: there can be much to remove, and the watchdog must be fed meanwhile.
struct Retention: Sendable {
    /// How often it looks.
    static let interval = Duration.seconds(60)

    let settings: @Sendable () -> Settings
    let state: StateFolder
    let journal: Journal
    let now: @Sendable () -> Date
    let clock: any Clock<Duration>
    let logger: Logger

    // Files that the journal is asked about at once.
    private static let filesAtOnce = 256

    /// Runs until the task is cancelled.
    func run() async {
        // A machine can have the wrong time when it starts; then the clock is ahead of what was filed last.
        await run(since: (try? await journal.filings(FilingQuery(limit: 1)))?.first?.journaledAt)
    }

    /// The same, from when the clock was last known to be right.
    func run(since moment: Date?) async {
        var trust = ClockTrust(since: moment)
        // A gateway that is started after a quiet night sees the same as one with the wrong time.
        var level = Logger.Level.notice
        var hold: PruneHold?
        while !Task.isCancelled {
            let opinion = trust.look(at: now())
            if case .leapt(let last) = opinion { tell(of: last, level) }
            level = .warning
            if opinion == .believed { await remove(&hold) }
            try? await clock.sleep(for: Self.interval)
        }
    }

    private func tell(of last: Date, _ level: Logger.Level) {
        guard settings().retention != RetentionSettings() else { return }
        logger.log(
            level: level,
            "The clock is far ahead of when it was last seen; nothing is removed for its age within an hour",
            metadata: [
                "last": "\(Timestamp.text(last))", "now": "\(Timestamp.text(now()))",
                "next": "set the clock right if it is not",
            ])
    }

    private func remove(_ hold: inout PruneHold?) async {
        do {
            // Originals first: that needs no room.
            try await removeOriginals()
            hold = try await removeRecords(hold)
        } catch {
            logger.warning(
                "What has outlived its retention cannot be removed now; it is tried again",
                metadata: ["error": "\(error)"])
        }
    }

    // What holds back records is told when it changes.
    private func removeRecords(_ told: PruneHold?) async throws -> PruneHold? {
        let settings = settings()
        guard let period = settings.retention.records, !settings.routes.isEmpty else { return nil }
        let report = try await journal.prune(
            olderThan: now().before(period), deliveredTo: settings.routes.map(\.name), at: now())
        if !report.isEmpty {
            logger.info(
                "Records whose retention has ended are removed",
                metadata: [
                    "filings": "\(report.filings)", "bytes": "\(report.bytes)", "dead-letters": "\(report.deadLetters)",
                ])
        }
        if let hold = report.hold, hold != told {
            logger.warning("Records are kept beyond their retention", metadata: ["why": "\(hold.explanation)"])
        }
        return report.hold
    }

    private func removeOriginals() async throws {
        let settings = settings()
        let routes = settings.routes.map(\.name)
        if let period = settings.retention.archive, !routes.isEmpty {
            try await remove(KeptOriginals(root: state.archive, isQuarantine: false), olderThan: period, routes)
        }
        if let period = settings.retention.quarantine {
            try await remove(KeptOriginals(root: state.quarantine, isQuarantine: true), olderThan: period, [])
        }
    }

    private func remove(_ originals: KeptOriginals, olderThan period: Duration, _ routes: [String]) async throws {
        let date = now().before(period)
        var (files, bytes) = (0, 0)
        // Whole days: the last one has ended before.
        for day in originals.days(before: Timestamp.day(date)) {
            var rest = originals.files(of: day)[...]
            while !rest.isEmpty, !Task.isCancelled {
                let some = rest.prefix(Self.filesAtOnce)
                rest = rest.dropFirst(Self.filesAtOnce)
                let answers = try await journal.areDispensable(
                    some.map(\.original), committedBefore: date, deliveredTo: routes)
                for (file, isDispensable) in zip(some, answers) where isDispensable {
                    guard let size = originals.remove(file.name, of: day) else { continue }
                    files += 1
                    bytes += size
                }
            }
            originals.removeIfEmpty(day)
        }
        guard files > 0 else { return }
        logger.info(
            "Originals whose retention has ended are removed",
            metadata: [
                "from": originals.isQuarantine ? "quarantine" : "archive", "files": "\(files)", "bytes": "\(bytes)",
            ])
    }
}
