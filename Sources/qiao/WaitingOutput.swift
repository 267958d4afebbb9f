import BulkFiles
import Foundation
import Glibc

/// Bytes for stdout or for a device that wait until all of them may be printed: in memory as long as they are few, then in
/// a nameless temporary file.
final class WaitingOutput {
    /// Bytes that wait in memory.
    static let memorySize = 1 << 20

    private let place: OutputPlace
    private let name: String
    private var held: [UInt8] = []
    // Holds everything once it is open.
    private var spool: Int32?
    /// How many bytes wait.
    private(set) var size = 0

    /// - Parameters:
    ///   - place: What is written to.
    ///   - name: What it was called; stdout when nil.
    init(_ place: OutputPlace, named name: FileArgument?) {
        self.place = place
        self.name = name.flatMap { $0.isStandardStream ? nil : $0.displayed } ?? "stdout"
    }

    deinit {
        if let spool { close(spool) }
    }

    func write(_ bytes: [UInt8]) throws {
        size += bytes.count
        if spool == nil {
            guard held.count + bytes.count > Self.memorySize else { return held += bytes }
            let opened = try Self.nameless()
            spool = opened
            try SystemFile.write(held, to: opened) { Self.failure("the temporary file cannot be written") }
            held = []
        }
        if let spool {
            try SystemFile.write(bytes, to: spool) { Self.failure("the temporary file cannot be written") }
        }
    }

    /// Forgets everything behind so many bytes.
    func shorten(to mark: Int) throws {
        size = mark
        guard let spool else { return held.removeLast(held.count - mark) }
        guard ftruncate(spool, off_t(mark)) == 0, lseek(spool, off_t(mark), SEEK_SET) >= 0 else {
            throw Self.failure("the temporary file cannot be shortened")
        }
    }

    /// Prints what waited.
    func finish() throws {
        let path: FileArgument
        switch place {
        case .descriptor(let descriptor): return try hand(to: descriptor)
        case .path(let named): path = named
        }
        let out = open(path.path, O_WRONLY | O_CLOEXEC)
        guard out >= 0 else { throw cannotWrite() }
        defer { close(out) }
        try hand(to: out)
    }

    private func hand(to out: Int32) throws {
        guard let spool else { return try SystemFile.write(held, to: out, cannotWrite) }
        try SystemFile.copy(spool, size: size, to: out, cannotWrite)
    }

    private func cannotWrite() -> CommandFailure {
        Self.failure("\(name) cannot be written")
    }

    private static func nameless() throws -> Int32 {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        do {
            return try NamelessFile.open(in: folder)
        } catch {
            errno = error.code
            throw failure("a temporary file cannot be made in \(folder)")
        }
    }

    private static func failure(_ what: String) -> CommandFailure {
        CommandFailure(.inputOutput, "\(what): \(String(cString: strerror(errno)))")
    }
}
