import Findings
import Receipts

/// The findings of `qiao convert` as the table that sources get with a receipt.
struct FindingsFile {
    private let target: OutputTarget
    private var table = FindingsTable()
    private var bytes: [UInt8] = []
    private var dropped = 0

    /// - Parameter path: The file or device; stdout when "-".
    init(_ path: String) throws {
        target = try OutputTarget(path)
    }

    mutating func write(_ log: FindingLog) throws {
        for finding in log.findings { table.append(finding, to: &bytes) }
        dropped += log.dropped
        try target.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func finish() throws {
        table.finish(dropped: dropped, to: &bytes)
        try target.write(bytes)
        try target.finish()
    }
}
