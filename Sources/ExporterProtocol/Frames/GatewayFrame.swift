/// What the gateway tells an exporter.
public enum GatewayFrame: Sendable, Hashable {
    /// The first frame of a session. It always travels as one JSON line.
    case start(SessionStart)
    /// One record: its position, and the encoded `qiao.records.v1.Record`.
    case record(FeedRecord)
    /// Make everything so far durable, and acknowledge it.
    case flush
    /// Make everything so far durable, acknowledge it, and exit with status 0.
    case stop(reason: String)
}

/// One record on its way to an exporter.
public struct FeedRecord: Sendable, Hashable {
    /// Its position: 1 or more, ascending along a route, with gaps where records were not selected.
    public var position: UInt64
    /// The encoded `qiao.records.v1.Record`. Slices of one array share its storage, so a batch needs one allocation.
    public var bytes: ArraySlice<UInt8>

    /// Pairs a position with the record that is there.
    public init(position: UInt64, bytes: ArraySlice<UInt8>) {
        self.position = position
        self.bytes = bytes
    }
}

/// What an exporter learns when its session begins.
public struct SessionStart: Sendable, Hashable {
    /// The version of the protocol that the gateway speaks.
    public var protocolVersion: UInt32 = ExporterProtocolVersion.current
    /// The gateway's name and version, such as `qiao 1.0.0`.
    public var gateway: String
    /// The route that the exporter serves.
    public var route: String
    /// The route's own settings for its exporter.
    public var settings: [String: String]
    /// The full name of the record message, such as `qiao.records.v1.Record`.
    public var schemaMessage: String
    /// A serialised `google.protobuf.FileDescriptorSet` that holds that message; may be empty.
    public var descriptorSet: [UInt8]
    /// The last position that the gateway knows to be safe; 0 when there is none.
    public var acknowledged: UInt64
    /// The epoch of the gateway's journal, to be kept with every position that is kept; empty when there is none.
    public var epoch: String
    /// The most that the gateway lets be under way without acknowledgement.
    public var window: SessionWindow

    /// Describes a session that is about to begin.
    public init(
        gateway: String,
        route: String,
        settings: [String: String] = [:],
        schemaMessage: String = "qiao.records.v1.Record",
        descriptorSet: [UInt8] = [],
        acknowledged: UInt64 = 0,
        epoch: String = "",
        window: SessionWindow = SessionWindow()
    ) {
        self.gateway = gateway
        self.route = route
        self.settings = settings
        self.schemaMessage = schemaMessage
        self.descriptorSet = descriptorSet
        self.acknowledged = acknowledged
        self.epoch = epoch
        self.window = window
    }
}

/// How much may be under way without acknowledgement.
public struct SessionWindow: Sendable, Hashable {
    /// Records.
    public var records: Int
    /// Bytes of records. One record that is greater may travel alone.
    public var bytes: Int

    /// Sets both; the defaults are the gateway's.
    public init(records: Int = 65_536, bytes: Int = 8 << 20) {
        self.records = records
        self.bytes = bytes
    }
}

/// The versions of the exporter protocol.
public enum ExporterProtocolVersion {
    /// The one that this program speaks.
    public static let current: UInt32 = 1
}
