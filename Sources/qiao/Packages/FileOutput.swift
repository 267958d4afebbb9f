import Foundation
import Glibc

/// A file that appears whole or not at all: written beside its name, flushed to disk, then renamed.
final class FileOutput {
    private let path: String
    private let partial: String
    private let descriptor: Int32
    private var isFinished = false
    private(set) var written: Int64 = 0

    /// Begins a file; one of that name is replaced when this one is finished.
    init(_ path: String) throws {
        self.path = path
        partial = path + ".part"
        descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(partial) }
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(partial) }
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws {
        try SystemFile.write(bytes, to: descriptor) { Self.failure(path) }
        written += Int64(bytes.count)
    }

    /// Forgets everything behind the first `count` bytes.
    func shorten(to count: Int) throws {
        guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) >= 0 else {
            throw Self.failure(path)
        }
        written = Int64(count)
    }

    /// Gives the file its name.
    func finish() throws {
        guard fsync(descriptor) == 0, rename(partial, path) == 0 else { throw Self.failure(path) }
        isFinished = true
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
