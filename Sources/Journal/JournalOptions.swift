/// How a journal is opened.
public struct JournalOptions: Sendable {
    /// What the opener is going to do.
    public enum Access: Sendable, Hashable {
        /// Run the gateway: makes the journal if there is none, brings it up to date, recovers, and keeps others from owning it.
        case owner
        /// Write a little beside a running gateway: approvals, retries. The journal must exist and be up to date.
        case guest
        /// Only read, also beside a running gateway. The journal must exist and be up to date.
        case reader
    }

    /// What the opener is going to do.
    public var access: Access
    /// How long to wait for another process that is writing.
    public var patience: Duration
    /// How many reads may run at once beside the one writer.
    public var readers: Int
    /// Journals up to so many bytes are checked whole when their owner opens them; bigger ones where it matters most.
    public var wholeCheckLimit: Int64
    /// At most about so many bytes of abandoned stagings are removed at open; the rest by and by.
    public var recoveryLimit: Int64

    // The journal fails as if the disk were full when it has more pages; for tests.
    var pageLimit: Int?
    // The versions this program knows; for tests.
    var migrations: [Migration] = Migration.all

    /// Seconds that a writer waits for another.
    public static let defaultPatience = Duration.seconds(10)
    /// Reads at once.
    public static let defaultReaders = 4
    /// Bytes of a journal that is checked whole.
    public static let defaultWholeCheckLimit: Int64 = 128 << 20
    /// Bytes of abandoned stagings removed at open.
    public static let defaultRecoveryLimit: Int64 = 1 << 30

    /// Chooses the options.
    public init(
        access: Access = .owner,
        patience: Duration = Self.defaultPatience,
        readers: Int = Self.defaultReaders,
        wholeCheckLimit: Int64 = Self.defaultWholeCheckLimit,
        recoveryLimit: Int64 = Self.defaultRecoveryLimit
    ) {
        self.access = access
        self.patience = patience
        self.readers = readers
        self.wholeCheckLimit = wholeCheckLimit
        self.recoveryLimit = recoveryLimit
    }
}
