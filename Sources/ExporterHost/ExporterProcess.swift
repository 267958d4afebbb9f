import ExporterProtocol
import Logging
import Subprocess

/// One run of an exporter: the process, its three pipes, and the tasks between them and the feed.
struct ExporterProcess: Sendable {
    typealias Child = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    let route: ExporterRoute
    let feed: any RouteFeed
    let conversation: Conversation
    let clock: HostClock
    let log: Logger

    /// Runs the exporter to its end.
    ///
    /// - Returns: How the process ended.
    /// - Throws: ``SessionFailure`` `notStarted`.
    func run() async throws(SessionFailure) -> TerminationStatus {
        let configuration = try ExporterLaunch.configuration(route.command, teardown: teardownSteps)
        do {
            let result = try await Subprocess.run(
                configuration, input: .inputWriter, output: .sequence, error: .sequence
            ) { child in
                await converse(with: child)
            }
            return result.terminationStatus
        } catch {
            throw SessionFailure(.notStarted, "the exporter could not be started: \(error)")
        }
    }

    // SIGCONT first: a process that was stopped can then see that its input is closed.
    private var teardownSteps: [TeardownStep] {
        [
            .send(signal: .resume, toProcessGroup: true, allowedDurationToNextStep: route.teardown.close),
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: route.teardown.terminate),
        ]
    }
}

extension ExporterProcess {
    // Both pipes from the exporter are drained all the while, whatever else waits.
    private func converse(with child: Child) async {
        PipeSize.widen(standardInputOf: child.processIdentifier.value)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await read(child.standardOutput) }
            group.addTask { await drain(child.standardError) }
            group.addTask { await keep() }
            await talk(with: child)
            try? await child.standardInputWriter.finish()
            await child.teardown(using: teardownSteps)
            // The leader is not reaped before this returns, so the group's number is still its own.
            try? child.send(signal: .kill, toProcessGroup: true)
        }
    }

    // Until records no longer flow; and when the exporter was asked to finish, until it has or its time is up.
    private func talk(with child: Child) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await write(to: child.standardInputWriter) }
            group.addTask { await nourish() }
            group.addTask { await watchDeadlines() }
            _ = await conversation.over.wait()
            if conversation.isStopping {
                await feed.stateChanged(.stopping)
                _ = await clock.wait(for: conversation.silence, atMost: route.teardown.stop)
            }
            // A write that the exporter does not read ends here.
            group.cancelAll()
        }
    }

    private func read(_ output: SubprocessOutputSequence) async {
        var limiter = LineLimiter()
        do {
            for try await buffer in output {
                let notice = buffer.withUnsafeBytes { raw in
                    // The buffer holds initialised bytes and lives through the closure.
                    conversation.received(raw.assumingMemoryBound(to: UInt8.self).span)
                }
                await tell(notice, &limiter)
            }
        } catch {
            log.debug("Reading from exporter failed", metadata: ["error": "\(error)"])
        }
        conversation.outputEnded()
    }

    private func write(to writer: StandardInputWriter) async {
        repeat {
            while case let pieces = conversation.takeOutput(), !pieces.isEmpty {
                for piece in pieces {
                    let written = try? await writer.write(piece.span.bytes)
                    guard written == piece.count else { return conversation.giveUpWriting() }
                }
            }
        } while await conversation.output.wait()
    }

    private func nourish() async {
        repeat {
            while let want = conversation.want() {
                do {
                    let records = try await feed.next(
                        after: want.after, maximumRecords: want.records, maximumBytes: want.bytes)
                    if Task.isCancelled { return }
                    guard !records.isEmpty else {
                        return conversation.feedFailed(SessionFailure(.feed, "the feed gave no records"))
                    }
                    conversation.send(records)
                } catch {
                    if Task.isCancelled { return }
                    return conversation.feedFailed(SessionFailure(feed: error, "reading records failed"))
                }
            }
        } while await conversation.room.wait()
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            guard let deadline = conversation.awaitDeadline() else {
                guard await conversation.deadline.wait() else { return }
                continue
            }
            let left = deadline - clock.now()
            if left <= .zero {
                conversation.timePassed()
            } else {
                _ = await clock.wait(for: conversation.deadline, atMost: left)
            }
        }
    }

    // To keep a position is a write to the journal: while more records are under way, some positions are kept as one.
    private static let keepingInterval: Duration = .milliseconds(20)

    // Goes on until the exporter's output has ended and everything it said has been kept.
    private func keep() async {
        var isLast = false
        var next: Duration?
        repeat {
            if !isLast { isLast = !(await conversation.deeds.wait()) }
            if !isLast, let next, conversation.hasRecordsUnderWay, case let left = next - clock.now(), left > .zero {
                try? await clock.sleep(left)
            }
            next = clock.now() + Self.keepingInterval
            for deed in conversation.takeDeeds() {
                do {
                    switch deed {
                    case .deadLetter(let record, let reason):
                        try await feed.deadLetter(record, reason: reason)
                    case .acknowledge(let position):
                        try await feed.acknowledge(through: position)
                        conversation.kept()
                    }
                } catch {
                    // Nothing behind it may be kept either: positions are acknowledged in order.
                    return conversation.feedFailed(SessionFailure(feed: error, "keeping a position failed"))
                }
            }
        } while !isLast
    }
}

extension ExporterProcess {
    private func tell(_ notice: Conversation.Notice, _ limiter: inout LineLimiter) async {
        if let ready = notice.begun {
            log.info(
                "Exporter is ready",
                metadata: [
                    "exporter": "\(ready.name)", "version": "\(ready.version)", "encoding": "\(ready.encoding)",
                    "stored": "\(ready.stored.map(String.init) ?? "none")",
                ])
            await feed.stateChanged(.running(name: ready.name, version: ready.version))
        }
        for line in notice.lines where limiter.admit(at: clock.now()) {
            var metadata: Logger.Metadata = ["message": "\(line.message.prefix(LineLimiter.lineLength))"]
            for (key, value) in line.fields.prefix(32) {
                metadata["field.\(key.prefix(64))"] = "\(value.prefix(LineLimiter.lineLength))"
            }
            log.log(level: Logger.Level(exporter: line.level), "Exporter says", metadata: metadata)
        }
        if let number = limiter.takeSuppressed(at: clock.now()) { logSuppressed(number) }
    }

    private func drain(_ errors: SubprocessOutputSequence) async {
        var limiter = LineLimiter()
        do {
            for try await buffer in errors {
                let lines = buffer.withUnsafeBytes { raw in
                    // The buffer holds initialised bytes and lives through the closure.
                    limiter.append(raw.assumingMemoryBound(to: UInt8.self).span, at: clock.now())
                }
                for line in lines { logError(line) }
                if let number = limiter.takeSuppressed(at: clock.now()) { logSuppressed(number) }
            }
        } catch {
            log.debug("Reading from exporter failed", metadata: ["error": "\(error)"])
        }
        if let line = limiter.finish(at: clock.now()) { logError(line) }
        if let number = limiter.takeSuppressed(at: clock.now(), isLast: true) { logSuppressed(number) }
    }

    private func logError(_ line: String) {
        log.info("Exporter wrote to standard error", metadata: ["line": "\(line)"])
    }

    private func logSuppressed(_ number: Int) {
        log.warning("Exporter says too much", metadata: ["suppressed": "\(number)"])
    }
}

extension Logger.Level {
    fileprivate init(exporter level: String) {
        switch level.lowercased() {
        case "debug", "trace": self = .debug
        case "warning", "warn": self = .warning
        case "error", "critical": self = .error
        default: self = .info
        }
    }
}
