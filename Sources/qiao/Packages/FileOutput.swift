import BulkFiles
import Foundation
import Glibc

/// A file that appears whole or not at all: written beside its name, flushed to disk, then renamed.
///
/// Two runs that write the same one do not see each other's half files; the one that ends last has the last word.
///
/// Where one of that name is replaced, the new one lets the same people read and write it.
final class FileOutput {
    private let path: FileArgument
    private let name: String
    private let partial: FileArgument
    private let writer: BulkWriter
    private var isFinished = false

    /// How many bytes it has.
    var written: Int64 { writer.end }

    // Bytes that are written at once, while as many are gathered.
    private static let bufferSize = 512 << 10

    /// Begins a file; one of that name is replaced when this one is finished.
    ///
    /// - Parameters:
    ///   - path: Its name, behind all links.
    ///   - name: What it was called on the command line, where that is a link.
    init(_ path: FileArgument, named name: FileArgument? = nil) throws {
        let name = name.flatMap { $0 == path ? nil : "\($0.displayed) -> \(path.displayed)" } ?? path.displayed
        self.path = path
        self.name = name
        let partial = path.appending(".\(getpid()).part")
        let permissions = SystemFile.permissions(of: path)
        let file: BulkFile
        do throws(BulkFileError) {
            file = try HalfFiles.begin(partial) { () throws(BulkFileError) in
                try BulkFile(creating: partial.bytes, permissions: permissions.map { $0 & 0o600 } ?? 0o644)
            }
        } catch {
            // A link of that name is somebody else's; what it leads to is none of ours.
            throw Self.failure(error.code == ELOOP ? partial.displayed : name, error.code)
        }
        if let permissions { chmod(partial.path, permissions) }
        self.partial = partial
        writer = BulkWriter(file, bufferSize: Self.bufferSize, isBeside: true)
    }

    deinit {
        if !isFinished { HalfFiles.drop(partial) }
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws {
        try told { () throws(BulkFileError) in try writer.append(bytes.span.bytes) }
    }

    /// Forgets everything behind the first `count` bytes.
    func shorten(to count: Int) throws {
        try told { () throws(BulkFileError) in try writer.shorten(to: Int64(count)) }
    }

    /// What is told of a file that is not finished.
    var untouched: String { "\(name) \(SystemFile.kind(of: path) == nil ? "was not made" : "was left as it was")" }

    /// Gives the file its name.
    func finish() throws {
        try told { () throws(BulkFileError) in
            try writer.finish()
            try writer.file.sync()
        }
        guard HalfFiles.end(partial, naming: path) else { throw Self.failure(name, errno) }
        isFinished = true
        let folder = open(path.folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Self.failure(name, errno) }
    }

    private func told(_ body: () throws(BulkFileError) -> Void) throws {
        do { try body() } catch { throw Self.failure(name, error.code) }
    }

    private static func next(_ code: CInt) -> String {
        switch code {
        case ENOENT, ENOTDIR: ". Make its folder first, or name another file."
        case EACCES, EPERM, EROFS: ". Get the right to write into its folder, or name another file."
        case ENOSPC, EDQUOT: ". Make room, or name a file on another disk; nothing was changed."
        case ELOOP: ". Somebody put a link there; remove it, or name another file."
        default: ". Name another file."
        }
    }

    private static func failure(_ name: String, _ code: CInt) -> CommandFailure {
        CommandFailure(.inputOutput, "\(name) cannot be written: \(String(cString: strerror(code)))\(next(code))")
    }
}
