/// Why a session with an exporter ended without being asked to.
public struct SessionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; an open set.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// A stable word, for logs, pages and tests.
        public let rawValue: String

        /// Names a code.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The exporter could not be started.
        public static let notStarted = Code(rawValue: "not-started")
        /// No `Ready` came in time.
        public static let handshakeTimeout = Code(rawValue: "handshake-timeout")
        /// The exporter speaks another version of the protocol.
        public static let versionMismatch = Code(rawValue: "version-mismatch")
        /// A frame came where the protocol does not allow it, or with a value that it does not allow.
        public static let protocolViolation = Code(rawValue: "protocol-violation")
        /// The exporter's output is not made of frames.
        public static let garbage = Code(rawValue: "garbage")
        /// The exporter has stored a position that the journal has not reached.
        public static let exporterAhead = Code(rawValue: "exporter-ahead")
        /// The exporter has stored a position whose successors the journal no longer holds.
        public static let exporterBehind = Code(rawValue: "exporter-behind")
        /// Records are under way, and nothing came from the exporter, or no acknowledgement, for too long.
        public static let silent = Code(rawValue: "silent")
        /// The exporter refused a record for good, and its route wants to stop then.
        public static let refused = Code(rawValue: "refused")
        /// The exporter asked to be given a record again later.
        public static let retryLater = Code(rawValue: "retry-later")
        /// The exporter closed its output, exited or was killed without being asked to.
        public static let exited = Code(rawValue: "exited")
        /// The feed of the route failed: the fault is ours.
        public static let feed = Code(rawValue: "feed")
    }

    /// What went wrong.
    public var code: Code
    /// What happened, without any content of records.
    public var message: String
    /// What the operator can do, where something is known to help.
    public var advice: String?
    /// Whether starting the exporter again can help. False parks the route at once.
    public var restartHelps: Bool
    /// Whether it ends by itself, however long that takes, such as a full disk. It never parks the route.
    public var isPassing = false

    /// Describes a failure.
    public init(_ code: Code, _ message: String, advice: String? = nil, restartHelps: Bool = true) {
        self.code = code
        self.message = message
        self.advice = advice
        self.restartHelps = restartHelps
    }

    /// Code, message and advice in one line.
    public var description: String {
        advice.map { "\(code.rawValue): \(message); \($0)" } ?? "\(code.rawValue): \(message)"
    }
}
