import CanonicalRecords
import ExporterHost
import ExporterProtocol
import Journal
import Logging
import Mappings

/// Runs one route: the supervisor of its exporter, fed from the journal.
struct RouteLane: Sendable {
    let route: RouteSettings
    let journal: Journal
    let identityKey: IdentityKey
    let environment: GatewayEnvironment

    /// Runs until the task is cancelled; then lets the exporter finish.
    func run() async {
        var logger = environment.logger
        logger[metadataKey: "route"] = "\(route.name)"
        do {
            let start: RouteStart = route.beginning == .end ? .end : .beginning
            let cursor = try await journal.openRoute(route.name, startingAt: start, at: environment.now())
            let feed = JournalFeed(
                route: route, journal: journal, selection: try RouteSelection(route, hashKey: identityKey),
                cursor: cursor,
                now: environment.now, logger: logger)
            await ExporterSupervisor(
                route: exporterRoute, feed: feed, gateway: "qiao \(GatewayVersion.number)",
                descriptorSet: RecordSchema.descriptorSet,
                logger: environment.logger
            ).run()
        } catch {
            logger.error("Route cannot be opened in the journal", metadata: ["error": "\(error)"])
        }
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
