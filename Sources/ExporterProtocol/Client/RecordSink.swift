/// Where an exporter puts its records. ``ExporterClient`` does the talking.
public protocol RecordSink {
    /// Everything up to this position is safe; 0 when nothing is. The client acknowledges it whenever it has grown.
    var safePosition: UInt64 { get }

    /// How long records may wait for ``settle(_:)`` when no more input comes; nil when nothing waits.
    var patience: Duration? { get }

    /// Opens the place that the records go to.
    ///
    /// - Returns: How the exporter introduces itself, with the position that it has stored.
    mutating func open(_ start: SessionStart) throws -> ExporterReady

    /// Takes a record; it need not be safe yet.
    ///
    /// - Returns: A rejection, where this record cannot be taken for a reason of its own.
    /// - Throws: What ends the exporter. The gateway starts it again later, and nothing is lost.
    mutating func receive(_ record: FeedRecord) throws -> RecordRejection?

    /// Makes records safe.
    mutating func settle(_ moment: SettleMoment) throws
}

/// When a sink is asked to make its records safe.
public enum SettleMoment: Sendable, Hashable {
    /// No input is waiting, or a good part of the window is used up: a good time, but no duty.
    case pause
    /// The gateway has asked: all records must be safe afterwards.
    case flush
    /// The exporter is about to end: all records must be safe afterwards.
    case stop
}
