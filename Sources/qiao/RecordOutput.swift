import CanonicalRecords
import Foundation
import Glibc
import Mappings

/// Where converted records go: whole documents or nothing of them.
///
/// A file is written under a temporary name and renamed at the end. What goes to stdout or to a device waits in a nameless
/// temporary file until its document has been accepted, because what has been printed cannot be taken back.
struct RecordOutput {
    private let format: ConvertCommand.Format
    private let path: String?
    private let target: Int32
    private let isSpooled: Bool
    private let json = RecordJSON()
    private var pending: [UInt8] = []
    private var written = 0

    init(path: String?, format: ConvertCommand.Format) throws {
        self.format = format
        let isDevice = path.map(Self.isDevice) ?? true
        self.path = path
        isSpooled = isDevice
        target = isDevice ? try Self.nameless() : open(path! + ".part", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard target >= 0 else { throw Self.failure("\(path ?? "a temporary file") cannot be written") }
    }

    /// Where the next document begins.
    func mark() -> Int { written + pending.count }

    mutating func write(_ batch: RecordBatch) throws {
        switch format {
        case .protobuf: pending += batch.bytes
        case .jsonl:
            var offset = 0
            while let range = try DelimitedRecords.next(in: batch.bytes.span, at: &offset) {
                try json.append(batch.bytes.span.extracting(range), to: &pending, revealing: true)
                pending.append(UInt8(ascii: "\n"))
            }
        }
        if pending.count >= 1 << 18 { try flush() }
    }

    /// Forgets everything behind a mark.
    mutating func takeBack(to mark: Int) throws {
        try flush()
        guard ftruncate(target, off_t(mark)) == 0, lseek(target, off_t(mark), SEEK_SET) >= 0 else {
            throw Self.failure("the output cannot be shortened")
        }
        written = mark
    }

    /// Hands over what was accepted.
    mutating func finish() throws {
        try flush()
        guard let path, !isSpooled else { return try printSpool() }
        guard fsync(target) == 0, close(target) == 0, rename(path + ".part", path) == 0 else {
            throw Self.failure("\(path) cannot be written")
        }
    }

    private mutating func flush() throws {
        try Self.write(pending, to: target, "the output cannot be written")
        written += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    private func printSpool() throws {
        let out = path.map { open($0, O_WRONLY | O_CLOEXEC) } ?? STDOUT_FILENO
        guard out >= 0 else { throw Self.failure("\(path ?? "stdout") cannot be written") }
        var block = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while offset < written {
            let count = pread(target, &block, block.count, off_t(offset))
            guard count > 0 else { throw Self.failure("the temporary file cannot be read") }
            try Self.write(block[..<count], to: out, "\(path ?? "stdout") cannot be written")
            offset += count
        }
    }

    private static func write(
        _ bytes: some Sequence<UInt8> & RandomAccessCollection, to descriptor: Int32, _ trouble: String
    )
        throws
    {
        try bytes.withContiguousStorageIfAvailable { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure(trouble) }
                done += count
            }
        }
    }

    // Whether something is there already that is no regular file, behind whatever links lead to it.
    private static func isDevice(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return attributes?[.type] as? FileAttributeType != .typeRegular
    }

    private static func nameless() throws -> Int32 {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(folder)/qiao-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("a temporary file cannot be made in \(folder)") }
        unlink(template)
        return descriptor
    }

    private static func failure(_ what: String) -> CommandFailure {
        CommandFailure(.inputOutput, "\(what): \(String(cString: strerror(errno)))")
    }
}
