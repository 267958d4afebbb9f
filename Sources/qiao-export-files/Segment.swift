import CanonicalRecords
import ExporterProtocol

/// A segment that is being written, under a temporary name.
final class Segment {
    private let folder: String
    private let first: UInt64
    private var last: UInt64
    private var file: OutputFile
    private var buffer: [UInt8] = []
    /// Bytes so far.
    private(set) var size = 0
    /// Records so far.
    private(set) var count = 0

    init(folder: String, first: UInt64) throws(FileFailure) {
        self.folder = folder
        self.first = first
        last = first
        file = try OutputFile(path: "\(folder)/\(SegmentFolder.temporaryName(first: first))", isNew: true)
    }

    func append(_ record: FeedRecord) throws(FileFailure) {
        buffer.removeAll(keepingCapacity: true)
        DelimitedRecords.append(record.bytes.span, to: &buffer)
        try file.append(buffer)
        last = record.position
        size += buffer.count
        count += 1
    }

    /// Makes the segment durable and gives it its name; the position of its last record.
    func finish() throws(FileFailure) -> UInt64 {
        try file.sync()
        try OutputFolder.rename(file.path, to: "\(folder)/\(SegmentFolder.name(first: first, last: last))")
        try OutputFolder.sync(folder)
        return last
    }
}
