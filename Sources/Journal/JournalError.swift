/// The journal could not do its job. Never about a document: that is a finding.
public struct JournalError: Error, Sendable, CustomStringConvertible {
    /// A stable word for what went wrong. Open: later versions have more.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// The word.
        public var rawValue: String

        /// Names a code.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The journal was written by a newer program.
        public static let newer = Code(rawValue: "journal.newer")
        /// The journal is damaged.
        public static let damaged = Code(rawValue: "journal.damaged")
        /// The file is something else than a journal.
        public static let foreign = Code(rawValue: "journal.foreign")
        /// There is no journal.
        public static let missing = Code(rawValue: "journal.missing")
        /// The disk, or the quota on it, is full.
        public static let full = Code(rawValue: "journal.full")
        /// Another process is writing and did not finish in time.
        public static let busy = Code(rawValue: "journal.busy")
        /// Another gateway owns the journal.
        public static let owned = Code(rawValue: "journal.owned")
        /// The journal is opened for reading only, or the file may not be written.
        public static let readOnly = Code(rawValue: "journal.read-only")
        /// Reading or writing failed below us.
        public static let inputOutput = Code(rawValue: "journal.input-output")
        /// The journal was closed.
        public static let closed = Code(rawValue: "journal.closed")
        /// Several filings begin with the same digits.
        public static let ambiguous = Code(rawValue: "journal.ambiguous")
        /// No such filing, route or dead letter.
        public static let unknown = Code(rawValue: "journal.unknown")
        /// What was handed in contradicts itself or the journal: a fault in the program.
        public static let misuse = Code(rawValue: "journal.misuse")
        /// Anything else.
        public static let failed = Code(rawValue: "journal.failed")
    }

    /// What went wrong.
    public var code: Code
    /// The journal it happened to, as a path.
    public var place: String
    /// What happened, in one sentence, without personal data.
    public var message: String
    /// Whether doing the same again later can succeed without anyone's help.
    public var retryHelps: Bool
    /// What to do next.
    public var advice: String
    /// What the layer below said, if it is at the bottom of this.
    public var underlying: String?

    /// Describes an error.
    public init(
        _ code: Code, place: String, message: String, retryHelps: Bool = false, advice: String,
        underlying: String? = nil
    ) {
        self.code = code
        self.place = place
        self.message = message
        self.retryHelps = retryHelps
        self.advice = advice
        self.underlying = underlying
    }

    /// Place, message, cause and advice in one line.
    public var description: String {
        let cause = underlying.map { " (\($0))" } ?? ""
        return "\(place): \(message)\(cause). \(advice)"
    }
}

extension JournalError {
    /// The journal's layout has a version that this program does not know yet.
    public static func newer(journal: Int, program: Int, place: String) -> JournalError {
        JournalError(
            .newer, place: place,
            message: "the journal has version \(journal), this program knows versions up to \(program)",
            advice: "Start the newer program that wrote it, or restore a journal of version \(program) or older.")
    }

    static func damaged(_ place: String, _ message: String, underlying: String? = nil) -> JournalError {
        JournalError(
            .damaged, place: place, message: message,
            advice: """
                Stop the gateway and keep the file with its companions (-wal, -shm and the folder -chunks) as they are; then \
                restore the last backup, or move all of them away to start an empty journal and file the archived filings again.
                """,
            underlying: underlying)
    }

    static func full(_ place: String, underlying: String) -> JournalError {
        JournalError(
            .full, place: place, message: "the disk, or the quota on it, is full", retryHelps: true,
            advice: "Make room, or raise the quota; work resumes by itself.", underlying: underlying)
    }

    static func foreign(_ place: String) -> JournalError {
        JournalError(
            .foreign, place: place, message: "the file exists and is not a journal",
            advice: "Name another path for the journal in the settings, or move the file away.")
    }

    static func missing(_ place: String) -> JournalError {
        JournalError(
            .missing, place: place, message: "there is no journal",
            advice: "Check the path in the settings, or start the gateway once, which makes one.")
    }

    static func owned(_ place: String) -> JournalError {
        JournalError(
            .owned, place: place, message: "another gateway is using the journal", retryHelps: true,
            advice: "Stop the other gateway, or give each its own journal.")
    }

    static func misuse(_ place: String, _ message: String) -> JournalError {
        JournalError(
            .misuse, place: place, message: message, advice: "This is a fault in the program; please report it.")
    }

    static func unknown(_ place: String, _ what: String) -> JournalError {
        JournalError(
            .unknown, place: place, message: "there is no \(what)", advice: "List what there is and check the name.")
    }
}
