/// The times and amounts of a session, each with its default.
public struct SessionRules: Sendable, Hashable {
    /// How long the exporter may take to answer `Start`.
    public var handshakeTimeout: Duration = .seconds(10)
    /// How long records may be under way without any frame from the exporter.
    public var silenceTimeout: Duration = .seconds(60)
    /// How long records may be under way without an acknowledgement, whatever else the exporter says.
    public var acknowledgementTimeout: Duration = .seconds(300)
    /// How long records may be under way before the gateway asks for a `Flush`.
    public var flushAfter: Duration = .seconds(30)
    /// The same while the window is full, when nothing else can be sent.
    public var flushWhenFullAfter: Duration = .milliseconds(20)
    /// The most that may be under way; an exporter can ask for less.
    public var window = SessionWindow()
    /// What happens when the exporter refuses a record for good.
    public var refusal: RefusalPolicy = .deadLetter

    /// The defaults.
    public init() {}
}

/// What a route does with a record that its exporter refuses for good.
public enum RefusalPolicy: String, Sendable, Hashable, CaseIterable {
    /// Keep it as a dead letter, and go on.
    case deadLetter = "dead-letter"
    /// Stop the route, with the record unacknowledged.
    case stop
}

/// What the journal holds for a route when a session begins.
public struct FeedExtent: Sendable, Hashable {
    /// Everything up to this position is safe at the exporter; 0 when nothing is.
    public var acknowledged: UInt64
    /// The first position that the journal still holds; `end + 1` when it holds none.
    public var oldest: UInt64
    /// The last position of the journal; 0 when it is empty.
    public var end: UInt64
    /// The epochs of the journal; nil where positions have none.
    public var epochs: FeedEpochs?

    /// Describes what there is.
    public init(acknowledged: UInt64, oldest: UInt64 = 1, end: UInt64, epochs: FeedEpochs? = nil) {
        self.acknowledged = acknowledged
        self.oldest = oldest
        self.end = end
        self.epochs = epochs
    }
}

/// The epochs of a journal: what tells a position that it gave from the same number of another journal, or of the same one
/// before an older copy of it was put back.
public struct FeedEpochs: Sendable, Hashable {
    /// The one that has begun last, which `Start` tells.
    public var current: String
    /// The last position that there was in each one before.
    public var ends: [String: UInt64]

    /// Describes epochs.
    public init(current: String, ends: [String: UInt64] = [:]) {
        self.current = current
        self.ends = ends
    }
}

/// What a session wants done, in this order.
public enum SessionAction: Sendable, Hashable {
    /// Write this frame.
    case send(GatewayFrame)
    /// The handshake is over: write all further frames in `encoding`, and feed the records behind `resumeAfter`.
    case begin(ExporterReady, encoding: FrameEncoding, resumeAfter: UInt64)
    /// Keep this refused record; it counts as settled only when that has been done.
    case deadLetter(FeedRecord, reason: String)
    /// Everything up to this position is safe, at the exporter or as a dead letter.
    case acknowledge(through: UInt64)
    /// Write this to the log.
    case log(ExporterLogLine)
    /// The session is over; tear the exporter down. Nothing follows. Nil: as it was asked to.
    case end(SessionFailure?)
}
