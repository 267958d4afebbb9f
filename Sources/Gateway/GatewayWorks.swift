import ExporterHost
import Foundation
import Inbound
import Journal
import Logging
import Mappings
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The running parts of a gateway, and how they are put together.
final class GatewayWorks: Sendable {
    let answering: Answering

    private let current: Mutex<GatewayConfiguration>
    private let state: StateFolder
    private let journal: Journal
    private let identityKey: IdentityKey
    private let environment: GatewayEnvironment
    private let lastRunCrashed: Bool
    private let gate = ClaimGate()
    private let solitude = Solitude()
    private let committer: Committer
    private let room: WaitingRoom
    private let beginnings = Beginnings()
    private let sources = Crew()
    private let routes = Crew()
    private let supervisors = RouteSupervisors()
    private let lanes = Mutex<[String: SourceLane]>([:])
    private let trust = Mutex<[String: TrustStore]>([:])

    init(
        _ configuration: GatewayConfiguration, state: StateFolder, journal: Journal, identityKey: IdentityKey,
        lastRunCrashed: Bool, environment: GatewayEnvironment
    ) {
        self.lastRunCrashed = lastRunCrashed
        current = Mutex(configuration)
        self.state = state
        self.journal = journal
        self.identityKey = identityKey
        self.environment = environment
        committer = Committer(
            journal: journal, gate: gate, logger: environment.logger, clock: ContinuousClock(), now: environment.now)
        let sources = configuration.settings.sources
        answering = Answering(
            journal: journal, state: state, committer: committer, logger: environment.logger, sources: sources,
            now: environment.now)
        let size = WaitingRoom.size(in: environment.memory)
        room = WaitingRoom(size: size)
        if size < WaitingRoom.usualSize {
            environment.logger.info(
                "Memory is short, so that fewer filings wait for a commit together",
                metadata: ["memory": "\(environment.memory >> 20) MiB", "room": "\(size >> 20) MiB"])
        }
        answering.sign(with: receiptSigner(configuration.settings))
    }

    // A folder takes milliseconds; one on a server that does not answer may take for ever.
    private static let beginningLimit = Duration.seconds(10)
    // How often receipts that could not be written are tried again.
    private static let owedInterval = Duration.seconds(10)

    private var configuration: GatewayConfiguration { current.withLock { $0 } }

    /// Runs all services until a signal or cancellation.
    func run(reload: @escaping @Sendable () async -> Reload, whenReady: @escaping @Sendable () async -> Void)
        async throws
    {
        let expected = man(configuration)
        let ready = PartService(name: "ready") { [environment] in
            await self.waitUntilBegun(
                expected,
                orSay: "Folders do not answer; the gateway is ready without them, and takes them up when they do")
            guard !Task.isCancelled else { return }
            environment.notifier.notify(.ready)
            environment.logger.notice("Ready")
            await whenReady()
        }
        var services: [any Service] = [
            PartService(name: "maintenance", run: maintenance.run),
            PartService(name: "requests", run: requests.run),
            PartService(name: "retention", run: retention.run),
            CommitterService(committer: committer),
            PartService(name: "receipts") { [answering] in
                while (try? await ContinuousClock().sleep(for: Self.owedInterval)) != nil {
                    await answering.writeOwedReceipts()
                }
            },
            PartService(name: "routes", run: routes.run),
            PartService(name: "sources", run: sources.run),
        ]
        if let signals = environment.reloadSignals {
            services.append(PartService(name: "reload") { await self.reload(on: signals, reload) })
        }
        // The last service is the first that is told to stop: sources wait for the committer, and on a full disk it would wait on.
        services.append(
            PartService(name: "patience") { [committer] in
                while (try? await ContinuousClock().sleep(for: .seconds(86_400))) != nil {}
                committer.stopWaiting()
            })
        services.append(ready)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .ignore,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: environment.handlesSignals ? [.sigterm, .sigint] : [],
                logger: environment.logger.quieter))
        try await withTaskCancellationHandler {
            // Cancellation asks for a graceful stop; it must not cut off commits and receipts.
            try await Task { try await group.run() }.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
        environment.logger.notice("Stopped")
    }

    private var requests: RequestDesk {
        let letters = DeadLetterDesk(journal: journal, state: state, now: environment.now, logger: environment.logger)
        return RequestDesk(
            state: state, retry: { await self.retry($0, isAgain: $1) }, settle: { await letters.carryOut($0) },
            clock: ContinuousClock())
    }

    private var retention: Retention {
        Retention(
            settings: { self.configuration.settings }, state: state, journal: journal, now: environment.now,
            clock: ContinuousClock(), logger: environment.logger)
    }

    private var maintenance: Maintenance {
        Maintenance(
            settings: { self.configuration.settings }, state: state, journal: journal, gate: gate,
            notifier: environment.notifier, heartbeats: { self.lanes.withLock { $0.values.map(\.heartbeat) } },
            clock: ContinuousClock(), logger: environment.logger)
    }
}

// MARK: - Sources and routes

extension GatewayWorks {
    /// Makes the crews what the configuration asks for; unchanged members are not disturbed.
    ///
    /// - Returns: What the sources are now, by name.
    private func man(_ configuration: GatewayConfiguration) -> [String: AnyHashableSendable] {
        let settings = configuration.settings
        answering.sign(with: receiptSigner(settings))
        for source in settings.sources { renewTrust(of: source, limits: settings.limits) }
        answering.serve(settings.sources)
        for source in settings.sources { makeFolders(of: source) }
        let members = settings.sources.map { source in member(for: source, limits: settings.limits) }
        sources.set(members)
        routes.set(settings.routes.map { route in member(for: route) })
        return Dictionary(members.map { ($0.name, $0.essence) }) { $1 }
    }

    private func waitUntilBegun(
        _ expected: [String: AnyHashableSendable], orSay warning: Logger.Message
    ) async {
        let missing = await beginnings.wait(for: expected, atMost: Self.beginningLimit)
        guard !Task.isCancelled, !missing.isEmpty else { return }
        environment.logger.warning(warning, metadata: ["sources": "\(missing.joined(separator: ", "))"])
    }

    // A key that cannot be read any more must not stop the receipts; that they are not signed is said.
    private func receiptSigner(_ settings: Settings) -> ReceiptSigner? {
        do throws(GatewayError) {
            return try settings.receiptSigning.map { signing throws(GatewayError) in
                try ReceiptSigner(signing, credentials: ReceiptSigner.credentialsFolder)
            }
        } catch {
            environment.logger.error("Receipts are not signed", metadata: ["error": "\(error)"])
            return nil
        }
    }

    // A lane that goes on has its store already; it sees what is in the files now.
    private func renewTrust(of source: SourceSettings, limits: GatewayLimits) {
        let known = trust.withLock { $0[source.name] }
        if let known, known.settings == source.signature, known.limits == limits.package { return known.reload() }
        var logger = environment.logger
        logger[metadataKey: "source"] = "\(source.name)"
        let store = TrustStore(source.signature, limits: limits.package, logger: logger)
        trust.withLock { $0[source.name] = store }
        store.reload()
    }

    // A folder that cannot be made now may be mounted later; the intake tells of it and tries again by itself.
    private func makeFolders(of source: SourceSettings) {
        do {
            try StateFolder.make(source.inbound, isShared: true)
            try StateFolder.make(source.receipts)
        } catch {
            environment.logger.error(
                "A folder of the source cannot be made", metadata: ["source": "\(source.name)", "error": "\(error)"])
        }
    }

    private func member(for source: SourceSettings, limits: GatewayLimits) -> Crew.Member {
        struct Essence: Hashable, Sendable {
            var source: SourceSettings
            var limits: GatewayLimits
        }
        let essence = AnyHashableSendable(Essence(source: source, limits: limits))
        return Crew.Member(name: source.name, essence: essence) {
            let lane = self.lane(for: source, limits: limits)
            self.lanes.withLock { $0[source.name] = lane }
            await lane.intake.begin()
            self.beginnings.note(source.name, as: essence)
            await lane.run()
            self.beginnings.noteEnd(source.name)
            self.lanes.withLock { $0[source.name] = nil }
        }
    }

    private func lane(for source: SourceSettings, limits: GatewayLimits) -> SourceLane {
        var logger = environment.logger
        logger[metadataKey: "source"] = "\(source.name)"
        let noticeLogger = logger
        var folder = InboundFolder(source: source.name, path: source.inbound, completion: source.completion)
        folder.lastRunCrashed = lastRunCrashed
        if source.signature.demand != .forbidden {
            folder.pairing = Pairing(
                wait: source.signature.pairWait, isExpected: source.signature.demand == .required)
        }
        let trust =
            self.trust.withLock { $0[source.name] }
            ?? TrustStore(source.signature, limits: limits.package, logger: logger)
        let intake = Intake(folder) { notice in
            noticeLogger.log(notice)
        }
        return SourceLane(
            source: source, intake: intake,
            preparation: FilingPreparation(
                journal: journal, source: source, limits: limits, identityKey: identityKey,
                trust: trust, crashHook: environment.crashHook, logger: logger, now: environment.now),
            committer: committer, room: room, answering: answering, mappings: { self.configuration.mappings },
            gate: gate,
            solitude: solitude, heartbeat: Heartbeat(), logger: logger)
    }

    private func member(for route: RouteSettings) -> Crew.Member {
        Crew.Member(name: route.name, essence: AnyHashableSendable(route)) {
            await RouteLane(
                route: route, journal: self.journal, identityKey: self.identityKey, environment: self.environment,
                supervisors: self.supervisors
            )
            .run()
        }
    }
}

// MARK: - Reloading and retrying

extension GatewayWorks {
    private func reload(on signals: ReloadSignals, _ reload: @Sendable () async -> Reload) async {
        await signals.forEach {
            environment.notifier.notify(.reloading)
            await apply(await reload())
            environment.notifier.notify(.ready)
        }
    }

    private func apply(_ reload: Reload) async {
        let logger = environment.logger
        switch reload {
        case .broken(let problems):
            for problem in problems {
                logger.error("Problem in settings or mappings", metadata: ["problem": "\(problem)"])
            }
            logger.error("Kept the old settings and mappings", metadata: ["problems": "\(problems.count)"])
        case .loaded(let configuration, let warnings):
            for problem in warnings {
                logger.warning("Problem in settings or mappings", metadata: ["problem": "\(problem)"])
            }
            guard configuration.settings.state == self.configuration.settings.state else {
                logger.error("Kept the old settings and mappings: the state folder can only be changed by a restart")
                return
            }
            current.withLock { $0 = configuration }
            let expected = man(configuration)
            // Whoever reloads has mended something: perhaps what a route is parked for.
            supervisors.retryNow()
            await waitUntilBegun(
                expected,
                orSay: "Sources are not ready yet; they begin when their folders answer and their old work is done")
            logger.notice(
                "Reloaded settings and mappings",
                metadata: [
                    "sources": "\(configuration.settings.sources.count)",
                    "routes": "\(configuration.settings.routes.count)",
                    "mappings": "\(configuration.mappings.mappings.count)",
                ])
        }
    }

    private func retry(_ request: RetryRequest, isAgain: Bool) async {
        guard let lane = lanes.withLock({ $0[request.source] }) else {
            // One that is being replaced is back in a moment.
            if configuration.settings.sources.contains(where: { $0.name == request.source }) { return }
            environment.logger.error(
                "A retry was asked for a source that is not in the settings", metadata: ["source": "\(request.source)"])
            request.remove(from: state)
            return
        }
        do {
            guard let kept = try Quarantine(state: state).find(request) else {
                lane.logger.error(
                    "A retry was asked for a filing that is not in quarantine",
                    metadata: ["filing": "\(request.digest)"])
                request.remove(from: state)
                return
            }
            let claim = try await lane.intake.reclaim(kept)
            request.remove(from: state)
            lane.logger.info("Quarantined filing is tried again", metadata: ["filing": "\(request.digest)"])
            await lane.intake.handOut(claim)
        } catch {
            lane.logger.log(
                level: isAgain ? .debug : .error, "A quarantined filing cannot be claimed; the request stays",
                metadata: ["filing": "\(request.digest)", "error": "\(error)"])
        }
    }
}
