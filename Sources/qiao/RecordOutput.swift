import CanonicalRecords
import Foundation
import Glibc
import Mappings

/// Where converted records go: whole documents or nothing of them.
///
/// A file is written under a temporary name and renamed at the end. What goes to stdout or to a device waits until its
/// document has been accepted, because what has been printed cannot be taken back. What goes to the null device is gone at
/// once: nobody can see it, so nothing has to be kept.
struct RecordOutput {
    private let format: ConvertCommand.Format
    private let target: OutputTarget
    private let json = RecordJSON()
    // JSON lines that were not handed over yet.
    private var lines: [UInt8] = []
    private var written = 0

    /// - Parameter path: The file or device; stdout when nil or "-".
    init(path: FileArgument?, format: ConvertCommand.Format) throws {
        self.format = format
        target = try OutputTarget(path)
    }

    /// Where the next document begins.
    func mark() -> Int { written + lines.count }

    mutating func write(_ batch: RecordBatch) throws {
        switch format {
        case .protobuf: try handOver(batch.bytes)
        case .jsonl:
            var offset = 0
            while let range = try DelimitedRecords.next(in: batch.bytes.span, at: &offset) {
                try json.append(batch.bytes.span.extracting(range), to: &lines, revealing: true)
                lines.append(UInt8(ascii: "\n"))
            }
            if lines.count >= Self.lineBlock { try flush() }
        }
    }

    /// Forgets everything behind a mark.
    mutating func takeBack(to mark: Int) throws {
        try flush()
        try target.shorten(to: mark)
        written = mark
    }

    /// Hands over what was accepted.
    mutating func finish() throws {
        try flush()
        try target.finish()
    }

    /// Ends where nothing was accepted; see ``OutputTarget/leave()``.
    func leave() throws -> String? { try target.leave() }

    private static let lineBlock = 1 << 18

    private mutating func flush() throws {
        try handOver(lines)
        lines.removeAll(keepingCapacity: true)
    }

    private mutating func handOver(_ bytes: [UInt8]) throws {
        try target.write(bytes)
        written += bytes.count
    }
}
