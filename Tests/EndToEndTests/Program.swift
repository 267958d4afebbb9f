import Foundation
import Synchronization
import Testing

/// The built programs, found beside the test runner.
enum Program {
    static let folder: URL = {
        let runner = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        return runner.deletingLastPathComponent()
    }()

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func path(_ name: String) -> String { folder.appending(path: name).path }
}

/// A program that ran to its end.
struct Ended {
    var exitCode: Int32
    var signalled: Bool
    var output: Data
    var errors: String

    var lines: [String] { String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init) }
}

/// Runs a program to its end, with both its outputs drained at once.
@discardableResult
func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil
) async throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder ?? Program.repository
    process.environment = cleanEnvironment.merging(environment) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    let ended = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in ended.continuation.finish() }
    try process.run()
    async let outputBytes = readAll(output.fileHandleForReading)
    async let errorBytes = readAll(errors.fileHandleForReading)
    let (out, err) = await (outputBytes, errorBytes)
    for await _ in ended.stream {}
    return Ended(
        exitCode: process.terminationStatus, signalled: process.terminationReason == .uncaughtSignal, output: out,
        errors: String(decoding: err, as: UTF8.self))
}

/// Runs `qiao`.
@discardableResult
func qiao(_ arguments: String..., environment: [String: String] = [:], in folder: URL? = nil) async throws -> Ended {
    try await run(Program.path("qiao"), arguments, environment: environment, in: folder)
}

/// The environment without settings of ours that the person who runs the tests may have; our programs are on the path.
let cleanEnvironment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("QIAO_") }
    environment["PATH"] = Program.folder.path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    environment["NOTIFY_SOCKET"] = nil
    return environment
}()

// Blocking reads on a thread of their own: a full pipe must never wait for the shared pool.
private func readAll(_ handle: FileHandle) async -> Data {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(returning: handle.readDataToEndOfFile())
        }
    }
}

/// A folder that is removed with the test.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        let name = "qiao-\(UUID().uuidString)"
        url = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func folder(_ path: String) throws -> URL {
        let folder = url.appending(path: path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @discardableResult
    func write(_ text: String, to path: String) throws -> URL {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file
    }
}
