/// One checked mapping: how one kind of document becomes records.
///
/// It is immutable and complete: the same document, context and mapping version give the same bytes.
public final class Mapping: Sendable {
    /// Its name, e.g. `yutai.liangzhang-roster`; unique within a ``MappingSet``.
    public let id: String
    /// 16 hex digits over the bytes of the mapping and of the code tables that it uses.
    public let version: String
    /// What the form is called.
    public let title: String
    /// The path of its file.
    public let file: String
    /// The kind of document that it reads.
    public let format: DocumentFormat
    /// What a filing means for the records that were sent before.
    public let delivery: Delivery
    /// What a bad row means for the rest of the document.
    public let onError: FailurePolicy
    /// The record types that it gives, each once, in the mapping's order.
    public let recordTypes: [String]
    let program: MappingProgram
    let code: ProgramCode

    init(_ program: MappingProgram, version: String) {
        self.id = program.id
        self.version = version
        self.title = program.title
        self.file = program.file
        self.format = program.format
        self.delivery = program.delivery
        self.onError = program.onError
        var types: [String] = []
        for entry in program.entries where !types.contains(entry.typeName) { types.append(entry.typeName) }
        self.recordTypes = types
        self.program = program
        self.code = ProgramCode(program)
    }
}

/// The two kinds of document that there are.
public enum DocumentFormat: String, Sendable, Hashable, CaseIterable {
    /// A roster: rows of cells.
    case csv
    /// A filing: nested elements.
    case xml
}

/// What a filing means for the records that its source sent before.
public enum Delivery: Sendable, Hashable {
    /// Every record is new.
    case event
    /// A record whose content did not change is not sent again.
    case upsert
    /// As ``upsert``, and what is missing now is sent as a delete; a snapshot that would delete more than `guardShare`
    /// (0…1) of the records that are there waits for approval.
    case snapshot(guardShare: Double)
}

/// What a bad row means for the rest of the document.
public enum FailurePolicy: Sendable, Hashable {
    /// The row is set aside, the rest is converted.
    case record
    /// One bad row rejects the filing.
    case filing
    /// More than so many bad rows reject the filing.
    case thresholdCount(Int)
    /// More than this share (0…1) of bad rows, of all rows that were not skipped, rejects the filing.
    case thresholdShare(Double)
}
