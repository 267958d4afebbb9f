import ExporterProtocol

/// The file behind the sink: appended to, synced, begun anew when it was moved away.
final class LineFile {
    private var file: OutputFile

    /// Opens the file, and removes the end of a line that a crash has cut off.
    init(path: String) throws(FileFailure) {
        file = try Self.open(path)
        guard file.isRegular else { return }
        let end = try Self.endOfLastLine(in: file)
        if end < file.length { try file.truncate(to: end) }
    }

    func append(_ line: [UInt8]) throws(FileFailure) {
        try file.append(line)
    }

    /// Makes all lines durable. The next line goes to a new file where this one has been moved away.
    func sync() throws(FileFailure) {
        try file.sync()
        if file.isRegular, !file.isInPlace { file = try Self.open(file.path) }
    }

    /// What the last line begins with; nil for an empty file.
    func lastMark() throws -> LineMark? {
        guard file.isRegular, file.length > 0 else { return nil }
        let start = try Self.lineStart(before: file.length - 1, in: file)
        let head = try file.read(start..<min(start + LineMark.maximumLength, file.length))
        guard let mark = LineMark(head) else { throw ForeignFile(path: file.path) }
        return mark
    }

    /// A file whose last line is not one of ours.
    struct ForeignFile: Error, CustomStringConvertible {
        var path: String
        var description: String {
            "\(path) ends with a line that this exporter did not write; move it away, or use --bare yes"
        }
    }

    private static func open(_ path: String) throws(FileFailure) -> OutputFile {
        let folder = OutputFolder.containing(path)
        try OutputFolder.create(folder)
        let file = try OutputFile(path: path)
        if file.isRegular, file.length == 0 { try OutputFolder.sync(folder) }
        return file
    }

    private static func endOfLastLine(in file: borrowing OutputFile) throws(FileFailure) -> Int {
        try lineStart(before: file.length, in: file)
    }

    // The index behind the last line feed in front of `end`.
    private static func lineStart(before end: Int, in file: borrowing OutputFile) throws(FileFailure) -> Int {
        var end = end
        while end > 0 {
            let start = max(0, end - 65_536)
            if let feed = try file.read(start..<end).lastIndex(of: 0x0A) { return start + feed + 1 }
            end = start
        }
        return 0
    }
}
