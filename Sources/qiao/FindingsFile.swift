import Findings
import Receipts

/// The findings of `qiao convert` as the table that sources get with a receipt; of several documents with one more column,
/// behind the others, so that a program that counts columns reads both.
struct FindingsFile {
    private let target: OutputTarget
    private var table: FindingsTable
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - path: The file or device; stdout when "-".
    ///   - isOfSeveral: Whether the findings of more than one document are written.
    init(_ path: FileArgument, ofSeveral isOfSeveral: Bool) throws {
        target = try OutputTarget(path)
        table = FindingsTable(namesFiles: isOfSeveral)
    }

    /// Writes the findings of the next document.
    mutating func write(_ log: FindingLog, of file: String) throws {
        for finding in log.findings { table.append(finding, of: file, to: &bytes) }
        table.append(dropped: log.dropped, of: file, to: &bytes)
        try target.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Ends where there is no table to write.
    func leave() throws { _ = try target.leave() }

    mutating func finish() throws {
        table.finish(to: &bytes)
        try target.write(bytes)
        try target.finish()
    }
}
