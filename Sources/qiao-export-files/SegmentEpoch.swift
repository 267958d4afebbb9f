import ExporterProtocol

/// The epoch of the journal in which the newest segments came, kept in the hidden file `.epoch` of their folder.
///
/// It is there before the first segment of its session. Should a crash come in between, the newest segment is of an epoch
/// before it, and the gateway takes it for what it is: a position that this journal gave.
struct SegmentEpoch {
    /// What the folder says; nil when it says nothing.
    private(set) var kept: String?
    private let folder: String
    private let current: String

    private static let name = ".epoch"
    private static let temporaryName = ".epoch.tmp"
    private static let maximumLength = 1024

    /// - Parameter current: The epoch of this session; empty when the gateway tells none.
    init(folder: String, current: String) throws(FileFailure) {
        self.folder = folder
        self.current = current
        guard try OutputFolder.names(folder).contains(Self.name) else { return }
        let bytes = try OutputFile(path: "\(folder)/\(Self.name)").read(0..<Self.maximumLength)
        let text = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        kept = text.isEmpty ? nil : text
    }

    /// Makes the folder say which epoch this session has; call it before the first segment of the session is complete.
    mutating func keep() throws(FileFailure) {
        guard kept ?? "" != current else { return }
        let path = "\(folder)/\(Self.temporaryName)"
        var file = try OutputFile(path: path)
        try file.truncate(to: 0)
        try file.append("\(current)\n".utf8)
        try file.sync()
        try OutputFolder.rename(path, to: "\(folder)/\(Self.name)")
        try OutputFolder.sync(folder)
        kept = current.isEmpty ? nil : current
    }
}
