import CanonicalRecords
import ExporterHost
import ExporterProtocol
import Journal
import Logging
import Mappings
import Synchronization

/// Runs one route: the supervisor of its exporter, fed from the journal.
struct RouteLane: Sendable {
    let route: RouteSettings
    let journal: Journal
    let identityKey: IdentityKey
    let environment: GatewayEnvironment
    let supervisors: RouteSupervisors

    /// Runs until the task is cancelled; then lets the exporter finish.
    func run() async {
        var logger = environment.logger
        logger[metadataKey: "route"] = "\(route.name)"
        do {
            let start: RouteStart = route.beginning == .end ? .end : .beginning
            let isNew = try await journal.cursor(of: route.name) == nil
            let cursor = try await journal.openRoute(route.name, startingAt: start, at: environment.now())
            try await tellGap(before: cursor, isNew: isNew, logger)
            let feed = JournalFeed(
                route: route, journal: journal, selection: try RouteSelection(route, hashKey: identityKey),
                cursor: cursor,
                now: environment.now, logger: logger)
            let supervisor = ExporterSupervisor(
                route: exporterRoute, feed: feed, gateway: "qiao \(GatewayVersion.number)",
                descriptorSet: RecordSchema.descriptorSet, logger: environment.logger)
            await supervisors.run(supervisor, of: route.name)
        } catch {
            logger.error("Route cannot be opened in the journal", metadata: ["error": "\(error)"])
        }
    }

    // Nothing is removed that a route of the settings has not got. One that is new, or was not in them for a while, can come
    // too late.
    private func tellGap(before cursor: RouteCursor, isNew: Bool, _ logger: Logger) async throws {
        let status = try await journal.status()
        guard cursor.position < status.prunedThrough else { return }
        logger.warning(
            isNew
                ? "The route is new, and begins where the journal does: older records were removed when their retention ended"
                : "Records that the route had before it were removed while it was not in the settings",
            metadata: [
                "missing": "\(cursor.position + 1)…\(status.prunedThrough)",
                "kept-since": "\(status.recordsSince.map(Timestamp.text) ?? "-")",
            ])
    }

    private var exporterRoute: ExporterRoute {
        let command = ExporterCommand(
            // What cannot be found is handed on as it is: the supervisor says so, and tries again after it was mended.
            ExporterProgram.path(of: route.exporter[0]) ?? route.exporter[0], Array(route.exporter.dropFirst()))
        var described = ExporterRoute(name: route.name, command: command, settings: route.settings)
        described.rules.window = SessionWindow(records: route.window)
        described.rules.refusal = route.refusal == .stop ? .stop : .deadLetter
        return described
    }
}

/// The supervisors of the routes that run, for whoever wants routes to be tried again at once.
final class RouteSupervisors: Sendable {
    private let running = Mutex<[String: ExporterSupervisor]>([:])

    func run(_ supervisor: ExporterSupervisor, of route: String) async {
        running.withLock { $0[route] = supervisor }
        await supervisor.run()
        running.withLock { running in
            if running[route] === supervisor { running[route] = nil }
        }
    }

    /// Starts parked and waiting routes again; those that run are not disturbed.
    func retryNow() {
        for supervisor in running.withLock({ Array($0.values) }) { supervisor.retryNow() }
    }
}
