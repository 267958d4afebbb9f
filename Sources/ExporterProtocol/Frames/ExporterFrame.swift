/// What an exporter tells the gateway.
public enum ExporterFrame: Sendable, Hashable {
    /// The answer to `Start`. It always travels as one JSON line.
    case ready(ExporterReady)
    /// Every record up to this position is safe, whatever happens to the exporter.
    case ack(UInt64)
    /// One record is refused.
    case reject(RecordRejection)
    /// A line for the gateway's log.
    case log(ExporterLogLine)
}

/// How an exporter introduces itself.
public struct ExporterReady: Sendable, Hashable {
    /// The version of the protocol that the exporter speaks.
    public var protocolVersion: UInt32 = ExporterProtocolVersion.current
    /// Its name.
    public var name: String
    /// Its version.
    public var version: String
    /// How all frames after this one are encoded, in both directions, by its name: see ``FrameEncoding``.
    public var encoding: String
    /// How much it can take unacknowledged; 0 leaves that number to the gateway.
    public var window: SessionWindow
    /// The position of the last record that it has durably stored, where it keeps its position with its data.
    public var stored: UInt64?
    /// The epoch in whose session that record came; nil when it is not known.
    public var storedEpoch: String?

    /// Introduces an exporter.
    public init(
        name: String,
        version: String,
        encoding: FrameEncoding = .protobuf,
        window: SessionWindow = SessionWindow(records: 0, bytes: 0),
        stored: UInt64? = nil,
        storedEpoch: String? = nil
    ) {
        self.name = name
        self.version = version
        self.encoding = encoding.rawValue
        self.window = window
        self.stored = stored
        self.storedEpoch = storedEpoch
    }
}

/// The refusal of one record.
public struct RecordRejection: Sendable, Hashable {
    /// The record's position.
    public var position: UInt64
    /// Why, for the people who will mend it.
    public var reason: String
    /// Whether the same record may succeed later.
    public var retry: Bool

    /// Refuses the record at `position`.
    public init(position: UInt64, reason: String, retry: Bool) {
        self.position = position
        self.reason = reason
        self.retry = retry
    }
}

/// A line that an exporter wants in the gateway's log.
public struct ExporterLogLine: Sendable, Hashable {
    /// `debug`, `info`, `warning` or `error`; anything else counts as `info`.
    public var level: String
    /// A constant text.
    public var message: String
    /// What varies.
    public var fields: [String: String]

    /// Writes a line.
    public init(level: String = "info", message: String, fields: [String: String] = [:]) {
        self.level = level
        self.message = message
        self.fields = fields
    }
}

/// How the frames after the handshake are encoded.
public enum FrameEncoding: String, Sendable, Hashable, CaseIterable {
    /// Each message behind its length as a varint.
    case protobuf
    /// One JSON object on a line, with one key that names the frame.
    case jsonLines = "json"
}
