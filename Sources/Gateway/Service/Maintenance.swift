import Foundation
import Journal
import Logging

/// Looks after the gateway once a second: room on the disk, backlog, the service manager's watchdog.
struct Maintenance: Sendable {
    /// How long a lane may be busy without any sign of life before the watchdog is no longer fed.
    static let patience = Duration.seconds(300)

    let settings: @Sendable () -> Settings
    let state: StateFolder
    let journal: Journal
    let gate: ClaimGate
    let notifier: ServiceNotifier
    let heartbeats: @Sendable () -> [Heartbeat]
    let clock: any Clock<Duration>
    let logger: Logger

    /// Runs until the task is cancelled.
    func run() async {
        let opened = JournalPlace(state)
        let pace = min(.seconds(1), (notifier.watchdogInterval ?? .seconds(3)) / 3)
        var toldPaused: Bool?
        while !Task.isCancelled {
            await look(opened, &toldPaused)
            try? await clock.sleep(for: pace)
        }
    }

    private func look(_ opened: JournalPlace?, _ toldPaused: inout Bool?) async {
        let status = try? await journal.status()
        if let status {
            updateGate(status, opened)
            tell(&toldPaused)
        }
        let isStuck = heartbeats().contains { ($0.silence ?? .zero) > Self.patience }
        // A journal that cannot even be read, or a lane that hangs, is what the watchdog is for.
        if status != nil, !isStuck { notifier.notify(.watchdog) }
    }

    private func updateGate(_ status: JournalStatus, _ opened: JournalPlace?) {
        guard gate.closure != .journalFull else { return }
        // What is committed now would not be found at the next start.
        let isAway = opened?.isCurrent == false
        let closure = isAway ? .journalAway(path: state.journal) : closure(status)
        guard gate.set(closure) else { return }
        if let closure {
            logger.error("Claiming is paused", metadata: ["why": "\(closure.explanation)"])
        } else {
            logger.notice("Claiming resumes")
        }
    }

    // For `systemctl status`, whoever closed the gate.
    private func tell(_ toldPaused: inout Bool?) {
        let closure = gate.closure
        guard toldPaused != (closure != nil) else { return }
        toldPaused = closure != nil
        notifier.notify(.status(closure.map { "paused: \($0.explanation)" } ?? "running"))
    }

    private func closure(_ status: JournalStatus) -> ClaimGate.Closure? {
        let limits = settings().limits
        if let free = state.freeSpace() {
            let room = Self.room(free: free, reusable: status.reusableBytes, limit: limits.freeSpace)
            if room < limits.freeSpace { return .diskFull(free: room, limit: limits.freeSpace) }
        }
        let routes = Set(settings().routes.map(\.name))
        let slowest = status.routes.filter { routes.contains($0.cursor.route) }.max { $0.behind < $1.behind }
        if let slowest, slowest.behind > limits.backlog {
            return .backlog(route: slowest.cursor.route, records: Int(slowest.behind), limit: limits.backlog)
        }
        return nil
    }

    /// Bytes that count as free: those of the disk, and those that were removed from the journal and leave room inside of its
    /// file. At least half of what is wanted must be outside, for the journal's log and for other files.
    static func room(free: Int, reusable: Int, limit: Int) -> Int { free + min(reusable, limit / 2) }
}
