import Foundation

/// Runs the `openssl` program in a folder of its own, which goes away when the tests end.
enum OpenSSL {
    /// What the program said when it failed.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The folder that all file names are relative to.
    static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "qiao-openssl-\(UUID().uuidString)")
        // A folder that cannot be made shows in the first file that is written to it.
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: OpenSSL.folder) }
        return folder
    }()

    /// Runs it and returns what it wrote to standard output.
    @discardableResult
    static func run(_ arguments: String...) throws -> [UInt8] {
        try run(arguments)
    }

    /// Runs it and returns what it wrote to standard output.
    @discardableResult
    static func run(_ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        let complaints = folder.appending(path: "stderr-\(UUID().uuidString)")
        try Data().write(to: complaints)
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let said = String(decoding: try Data(contentsOf: complaints), as: UTF8.self)
            throw Failure(description: "openssl \(arguments.joined(separator: " ")): \(said)")
        }
        return [UInt8](bytes)
    }

    /// Writes a file into the folder and returns its name.
    @discardableResult
    static func write(_ bytes: some Sequence<UInt8>, _ name: String = "\(UUID().uuidString).bin") throws -> String {
        try Data(bytes).write(to: folder.appending(path: name))
        return name
    }

    /// Reads a file of the folder.
    static func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// A new name for a file of the folder.
    static func newName(_ suffix: String) -> String { "\(UUID().uuidString).\(suffix)" }
}
