import Findings
import Foundation
import Receipts

/// The findings of `qiao convert` as the table that sources get with a receipt.
struct FindingsFile {
    private let path: String
    private var table = FindingsTable()
    private var bytes: [UInt8] = []
    private var dropped = 0

    init(_ path: String) {
        self.path = path
    }

    mutating func write(_ log: FindingLog) throws {
        for finding in log.findings { table.append(finding, to: &bytes) }
        dropped += log.dropped
    }

    mutating func finish() throws {
        table.finish(dropped: dropped, to: &bytes)
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandFailure(.inputOutput, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
