import BulkFiles
import Foundation
import Glibc

/// A file that appears whole or not at all: written beside its name, flushed to disk, then renamed.
final class FileOutput {
    private let path: String
    private let partial: String
    private let writer: BulkWriter
    private var isFinished = false

    /// How many bytes it has.
    var written: Int64 { writer.end }

    // Bytes that are written at once, while as many are gathered.
    private static let bufferSize = 512 << 10

    /// Begins a file; one of that name is replaced when this one is finished.
    init(_ path: String) throws {
        self.path = path
        let partial = path + ".part"
        let file = try Self.told(partial) { () throws(BulkFileError) in
            try BulkFile(creating: partial, permissions: 0o644, followsLinks: true)
        }
        self.partial = partial
        HalfFiles.begin(partial)
        writer = BulkWriter(file, bufferSize: Self.bufferSize, isBeside: true)
    }

    deinit {
        if !isFinished { unlink(partial) }
        HalfFiles.end(partial)
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws {
        try told { () throws(BulkFileError) in try writer.append(bytes.span.bytes) }
    }

    /// Forgets everything behind the first `count` bytes.
    func shorten(to count: Int) throws {
        try told { () throws(BulkFileError) in try writer.shorten(to: Int64(count)) }
    }

    /// Gives the file its name.
    func finish() throws {
        try told { () throws(BulkFileError) in
            try writer.finish()
            try writer.file.sync()
        }
        guard rename(partial, path) == 0 else { throw Self.failure(path, errno) }
        isFinished = true
        HalfFiles.end(partial)
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Self.failure(path, errno) }
    }

    private func told(_ body: () throws(BulkFileError) -> Void) throws {
        try Self.told(path, body)
    }

    private static func told<Result>(_ path: String, _ body: () throws(BulkFileError) -> Result) throws -> Result {
        do { return try body() } catch { throw failure(path, error.code) }
    }

    private static func failure(_ path: String, _ code: CInt) -> CommandFailure {
        CommandFailure(.inputOutput, "\(path) cannot be written: \(String(cString: strerror(code)))")
    }
}
