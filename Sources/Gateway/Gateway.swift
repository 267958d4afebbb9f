import ExporterHost
import Foundation
import Inbound
public import Journal
import Logging
public import Mappings
import Receipts
import ServiceLifecycle
import Synchronization

/// What a gateway works by; both can be replaced while it runs.
public struct GatewayConfiguration: Sendable {
    /// The settings.
    public var settings: Settings
    /// The mappings.
    public var mappings: MappingSet

    /// Pairs the two.
    public init(settings: Settings, mappings: MappingSet) {
        self.settings = settings
        self.mappings = mappings
    }
}

/// What reading the configuration anew gave.
public enum Reload: Sendable {
    /// It is good; these are the warnings.
    case loaded(GatewayConfiguration, warnings: [MappingProblem])
    /// It is broken; the old one is kept.
    case broken([MappingProblem])
}

/// The daemon: watches folders, converts, journals, answers and forwards.
///
/// Its parts are services that start in order and stop in reverse: first nothing more is claimed, then what has been
/// claimed is committed and answered, then the exporters finish, then the journal closes.
public struct Gateway: Sendable {
    private let initial: GatewayConfiguration
    private let environment: GatewayEnvironment
    private let reload: @Sendable () async -> Reload

    /// Prepares a gateway.
    ///
    /// - Parameters:
    ///   - configuration: What it starts with.
    ///   - environment: Logger, clock and so on.
    ///   - reload: Reads the configuration anew, for each signal that asks for it.
    public init(
        _ configuration: GatewayConfiguration, environment: GatewayEnvironment,
        reload: @escaping @Sendable () async -> Reload
    ) {
        initial = configuration
        self.environment = environment
        self.reload = reload
    }

    /// Runs until it is told to stop by a signal, or until the task is cancelled.
    ///
    /// - Parameter whenReady: Called once everything has been started.
    /// - Throws: ``GatewayError`` and `JournalError` when it cannot start.
    public func run(whenReady: @escaping @Sendable (Journal) async -> Void = { _ in }) async throws {
        let state = StateFolder(path: initial.settings.state)
        try StateFolder.make(state.path)
        let lock = try StateLock(state)
        try RequestFolder(state).make()
        let journal = try await Self.patiently(environment) { try await Journal.open(path: state.journal) }
        tell(journal.openingReport)
        let key = try IdentityKeyFile.loadOrMake(in: state, isInUse: journal.openingReport.lastPosition > 0)
        let didCrash = try CrashEvidence.arm(in: state)
        let works = GatewayWorks(
            initial, state: state, journal: journal, identityKey: key, lastRunCrashed: didCrash,
            environment: environment)
        do {
            try await works.answering.writeDueReceipts()
        } catch let error as JournalError where error.retryHelps {
            // A full disk keeps nobody from starting; the same receipts are written again at the next start.
            environment.logger.warning(
                "Receipts that the last run owed could not be marked as written", metadata: ["error": "\(error)"])
        }
        try await works.run(reload: reload) { await whenReady(journal) }
        try journal.close()
        _ = consume lock
    }

    /// Opens the journal; on a full disk as soon as there is room. To give up would mean that nobody starts us again: the service
    /// manager tries a few times only.
    static func patiently<Opened>(
        _ environment: GatewayEnvironment, clock: any Clock<Duration> = ContinuousClock(),
        _ open: () async throws -> Opened
    ) async throws -> Opened {
        var isTold = false
        while true {
            do {
                return try await open()
            } catch let error as JournalError where error.code == .full {
                if !isTold {
                    environment.logger.error(
                        "The disk is full; the gateway starts when there is room", metadata: ["error": "\(error)"])
                    isTold = true
                }
                environment.notifier.notify(.starting(within: .seconds(60)))
                environment.notifier.notify(.status("waiting for room on the disk"))
                try await clock.sleep(for: .seconds(1))
            }
        }
    }

    private func tell(_ report: OpeningReport) {
        let logger = environment.logger
        logger.info(
            "Journal is open",
            metadata: [
                "version": "\(report.version)", "check": "\(report.check.rawValue)",
                "records": "\(report.lastPosition)",
                "bytes": "\(report.size)", "took": "\(report.duration)",
            ])
        if report.wasInterrupted {
            logger.warning(
                "The last run ended without closing the journal; it has been recovered",
                metadata: ["stagings-removed": "\(report.stagingsRemoved)", "stagings-left": "\(report.stagingsLeft)"])
        }
        if report.isDiskFull { logger.error("The disk is full; nothing is claimed until there is room") }
    }
}
