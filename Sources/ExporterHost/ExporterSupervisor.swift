import ExporterProtocol
public import Findings
import Glibc
public import Logging
import Subprocess
import Synchronization

/// Keeps one route's exporter running: starts it, feeds it, watches it, tears it down, starts it again.
///
/// What goes wrong at an exporter stays in its route. Every failure is told through ``RouteFeed/stateChanged(_:)`` and
/// logged once, with what happens next.
public final class ExporterSupervisor: Sendable {
    private struct Control {
        var isStopping = false
        var isRetryRequested = false
        var conversation: Conversation?
    }

    private let route: ExporterRoute
    private let feed: any RouteFeed
    private let gateway: String
    private let descriptorSet: [UInt8]
    private let frameLimit: Int
    private let clock: HostClock
    private let chance: @Sendable () -> Double
    private let log: Logger
    private let control = Mutex(Control())
    private let wake = Latch()

    /// Creates the supervisor of one route.
    ///
    /// - Parameters:
    ///   - route: What to run, and how.
    ///   - feed: Where the records come from.
    ///   - gateway: Name and version that exporters are told, such as `qiao 1.0.0`.
    ///   - descriptorSet: The serialised descriptors of the records, for `Start`; may be empty.
    ///   - logger: Gets every line with the route's name in its metadata.
    ///   - frameLimit: Bytes of one frame at most.
    ///   - clock: Measures all times.
    ///   - chance: Gives numbers from 0 up to 1, for the jitter of restarts.
    public init(
        route: ExporterRoute,
        feed: any RouteFeed,
        gateway: String,
        descriptorSet: [UInt8] = [],
        logger: Logger,
        frameLimit: Int = Limits.frameSize,
        clock: some Clock<Duration> = ContinuousClock(),
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.route = route
        self.feed = feed
        self.gateway = gateway
        self.descriptorSet = descriptorSet
        self.frameLimit = frameLimit
        self.clock = HostClock(clock)
        self.chance = chance
        var log = logger
        log[metadataKey: "route"] = "\(route.name)"
        self.log = log
    }

    /// Serves the route until the task is cancelled; then lets the exporter finish within the times of the teardown.
    ///
    /// Ignores SIGPIPE in this process, for good: an exporter that dies must not take the gateway with it.
    public func run() async {
        IgnoredPipeSignal.install()
        await withTaskCancellationHandler {
            // Cancellation asks; it must not cut off the exporter's farewell, the writes to the journal or the teardown.
            await Task { await self.serve() }.value
        } onCancel: {
            self.stop()
        }
    }

    /// Starts a parked or waiting route again at once, with its failures forgotten.
    public func retryNow() {
        control.withLock { $0.isRetryRequested = true }
        wake.signal()
    }

    private func stop() {
        let conversation = control.withLock { control in
            control.isStopping = true
            return control.conversation
        }
        conversation?.stop(reason: "the gateway stops")
        wake.close()
    }
}

extension ExporterSupervisor {
    private var isStopping: Bool { control.withLock { $0.isStopping } }

    private func serve() async {
        var schedule = RestartSchedule(policy: route.restarts)
        while !isStopping {
            let (failure, madeProgress) = await runOnce()
            guard let failure, !isStopping else { continue }
            switch schedule.next(after: failure, madeProgress: madeProgress, chance: chance()) {
            case .restart(let delay):
                report("Exporter failed and will be started again", failure, ["after": "\(delay)"])
                await feed.stateChanged(.backingOff(failure, for: delay))
                await pause(delay, &schedule)
            case .park(let delay):
                report("Route is parked", failure, ["next-try": "\(delay)"])
                await feed.stateChanged(.parked(failure, nextTry: delay))
                await pause(delay, &schedule)
            }
        }
        await feed.stateChanged(.stopped)
    }

    private func pause(_ delay: Duration, _ schedule: inout RestartSchedule) async {
        let deadline = clock.now() + delay
        while !isStopping {
            let isRequested = control.withLock { control in
                defer { control.isRetryRequested = false }
                return control.isRetryRequested
            }
            if isRequested { return schedule.reset() }
            let left = deadline - clock.now()
            guard left > .zero, await clock.wait(for: wake, atMost: left) else { return }
        }
    }

    private func runOnce() async -> (failure: SessionFailure?, madeProgress: Bool) {
        await feed.stateChanged(.starting)
        let conversation: Conversation
        do {
            conversation = makeConversation(try await feed.extent())
        } catch {
            return (SessionFailure(feed: error, "the journal could not be read"), false)
        }
        let isStopping = control.withLock { control in
            control.conversation = conversation
            // It is tried just now.
            control.isRetryRequested = false
            return control.isStopping
        }
        defer { control.withLock { $0.conversation = nil } }
        if isStopping { return (nil, false) }
        let process = ExporterProcess(
            route: route, feed: feed, conversation: conversation, clock: clock, log: log)
        do {
            log.debug("Exporter is started", metadata: ["command": "\(route.command.executable)"])
            let status = try await process.run()
            return (verdict(of: conversation, status), conversation.madeProgress)
        } catch {
            return (error, false)
        }
    }

    private func makeConversation(_ extent: FeedExtent) -> Conversation {
        let start = SessionStart(
            gateway: gateway, route: route.name, settings: route.settings, descriptorSet: descriptorSet,
            acknowledged: extent.acknowledged, epoch: extent.epochs?.current ?? "", window: route.rules.window)
        return Conversation(start: start, extent: extent, rules: route.rules, frameLimit: frameLimit, clock: clock)
    }

    private func verdict(of conversation: Conversation, _ status: TerminationStatus) -> SessionFailure? {
        let how =
            switch status {
            case .exited(let code): "exited with status \(code)"
            case .signaled(let number): "was ended by signal \(number)"
            }
        guard var failure = conversation.failure else {
            if case .signaled = status {
                log.warning("Exporter had to be ended", metadata: ["process": "\(how)"])
            } else {
                log.info("Exporter stopped", metadata: ["process": "\(how)"])
            }
            return nil
        }
        guard failure.code == .exited else { return failure }
        failure.message = "the exporter \(how) without being asked to stop"
        if case .exited(let code) = status, code == EX_USAGE || code == EX_CONFIG {
            failure.advice = "its command line or settings are wrong; the log has its own words"
            failure.restartHelps = false
        }
        return failure
    }

    private func report(_ message: Logger.Message, _ failure: SessionFailure, _ metadata: Logger.Metadata) {
        var metadata = metadata
        metadata["code"] = "\(failure.code.rawValue)"
        metadata["reason"] = "\(failure.message)"
        if let advice = failure.advice { metadata["advice"] = "\(advice)" }
        log.warning(message, metadata: metadata)
    }
}
