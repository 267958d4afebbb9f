import Foundation
import Journal
import Synchronization
import Testing

/// A gateway of the real binary in a folder of its own, whose log lines can be waited for.
final class RunningGateway: Sendable {
    let root: URL
    private let process: Process
    private let log: LogTail

    /// Writes settings and starts `qiao serve`, by another program where one is named, which then becomes it.
    init(
        in folder: TemporaryFolder, settings: String, environment: [String: String] = [:], by launcher: [String] = []
    ) async throws {
        root = folder.url
        try settings.write(to: root.appending(path: "qiao.yaml"), atomically: true, encoding: .utf8)
        process = Process()
        let command = launcher + [Program.path("qiao"), "serve", "--config", root.appending(path: "qiao.yaml").path]
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = cleanEnvironment.merging(environment) { $1 }
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        log = LogTail(errors.fileHandleForReading)
        try process.run()
        log.start()
    }

    var identifier: Int32 { process.processIdentifier }
    var lines: [String] { log.lines }

    /// Waits for a log line with these words.
    @discardableResult
    func waitFor(_ words: String, within limit: Duration = .seconds(60)) async throws -> String {
        try await log.waitFor(words, within: limit)
    }

    func ready() async throws { try await waitFor("Ready") }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Ends the process and waits until it is gone.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM) async throws -> Int32 {
        send(signal)
        try await log.waitForEnd()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// Collects the lines of a pipe and wakes whoever waits for one.
final class LogTail: Sendable {
    private struct State {
        var lines: [String] = []
        var isEnded = false
        var waiters: [(words: String, continuation: AsyncStream<String>.Continuation)] = []
        var endWaiters: [AsyncStream<Void>.Continuation] = []
    }

    struct Missing: Error, CustomStringConvertible {
        var words: String
        var lines: [String]
        var description: String { "no line with “\(words)” in:\n\(lines.suffix(40).joined(separator: "\n"))" }
    }

    private let handle: FileHandle
    private let state = Mutex(State())

    init(_ handle: FileHandle) { self.handle = handle }

    var lines: [String] { state.withLock { $0.lines } }

    func start() {
        Thread.detachNewThread { [self] in
            var rest = Data()
            while true {
                let data = handle.availableData
                if data.isEmpty { break }
                rest.append(data)
                while let end = rest.firstIndex(of: 0x0A) {
                    add(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                    rest = Data(rest[(end + 1)...])
                }
            }
            let (waiters, endWaiters) = state.withLock { state in
                state.isEnded = true
                defer {
                    state.waiters = []
                    state.endWaiters = []
                }
                return (state.waiters, state.endWaiters)
            }
            for waiter in waiters { waiter.continuation.finish() }
            for waiter in endWaiters { waiter.finish() }
        }
    }

    private func add(_ line: String) {
        let woken = state.withLock { state in
            state.lines.append(line)
            let woken = state.waiters.filter { line.contains($0.words) }
            state.waiters.removeAll { line.contains($0.words) }
            return woken
        }
        for waiter in woken {
            waiter.continuation.yield(line)
            waiter.continuation.finish()
        }
    }

    func waitFor(_ words: String, within limit: Duration) async throws -> String {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let there: String? = state.withLock { state in
            if let line = state.lines.first(where: { $0.contains(words) }) { return line }
            if state.isEnded { continuation.finish() } else { state.waiters.append((words, continuation)) }
            return nil
        }
        if let there { return there }
        let found = try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                for await line in stream { return line }; return nil
            }
            group.addTask {
                try await ContinuousClock().sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let found else { throw Missing(words: words, lines: lines) }
        return found
    }

    func waitForEnd() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            if state.isEnded { continuation.finish() } else { state.endWaiters.append(continuation) }
        }
        for await _ in stream {}
    }
}

/// Waits for a condition that only the file system or another process can make true, looking again at each tick of a clock.
func eventually(within limit: Duration = .seconds(60), _ what: String, _ condition: () async throws -> Bool)
    async throws
{
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while try await !condition() {
        guard clock.now < deadline else {
            Issue.record("not within \(limit): \(what)")
            return
        }
        try await clock.sleep(for: .milliseconds(5))
    }
}

extension URL {
    /// Names in a folder, without hidden ones.
    var entries: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The lines of a file that another process may be adding to; one that has not ended yet is none.
    var endedLines: [String] {
        guard let text = try? Data(contentsOf: self), let end = text.lastIndex(of: 0x0A) else { return [] }
        return String(decoding: text[..<end], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
