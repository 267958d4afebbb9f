/// Something the operator should know about a folder, for the log: it concerns no document and no error of a filing.
///
/// The message is constant for its code; what varies is in the other members, so that a log can carry it as metadata.
public struct InboundNotice: Sendable, Hashable {
    /// How loudly to say it.
    public enum Level: String, Sendable, Hashable, CaseIterable {
        /// Only of use when something is being looked for.
        case debug
        /// Part of normal work.
        case info
        /// Somebody may have to do something.
        case warning
        /// Filings wait until somebody does something.
        case error
    }

    /// A stable dotted word.
    public var code: String
    /// How loudly to say it.
    public var level: Level
    /// What happened, constant for the code.
    public var message: String
    /// The source whose folder it is about.
    public var source: String
    /// The file it is about, shown safely.
    public var file: String?
    /// What varies: the kind of a special file, the words of an error.
    public var detail: String?

    init(_ kind: Kind, source: String = "", file: FileName? = nil, detail: String? = nil) {
        self.code = kind.code
        self.level = kind.level
        self.message = kind.message
        self.source = source
        self.file = file?.displayed
        self.detail = detail
    }

    struct Kind: Sendable, Hashable {
        var code: String
        var level: Level
        var message: String
    }
}

extension InboundNotice.Kind {
    static let watching = Self(code: "inbound.watching", level: .info, message: "folder is watched")
    static let polled = Self(code: "inbound.polled", level: .info, message: "folder is looked through at intervals")
    static let polling = Self(
        code: "inbound.polling", level: .warning, message: "folder cannot be watched and is polled instead")
    static let unavailable = Self(
        code: "inbound.unavailable", level: .error, message: "folder cannot be used; trying again by itself")
    static let gone = Self(code: "inbound.gone", level: .error, message: "folder was removed, moved or unmounted")
    static let overflow = Self(
        code: "inbound.overflow", level: .warning, message: "too many changes at once; the folder is looked through")
    static let stillWritten = Self(
        code: "inbound.still-written", level: .info, message: "file still has a writer; waiting for its close")
    static let writersUnseen = Self(
        code: "inbound.writers-unseen", level: .warning,
        message: "cannot see whether a file still has a writer; it is claimed after a minute without change")
    static let leftAlone = Self(
        code: "inbound.left-alone", level: .warning, message: "not a regular file; left alone")
    static let refused = Self(
        code: "inbound.file-refused", level: .error, message: "file cannot be claimed; left where it is")
    static let vanished = Self(code: "inbound.vanished", level: .info, message: "file vanished before it was claimed")
    static let markerWithoutFile = Self(
        code: "inbound.marker-without-file", level: .warning, message: "marker is there, but not the file it speaks of")
    static let weakChecksum = Self(
        code: "inbound.weak-checksum", level: .warning,
        message: "checksum sidecar of a kind that is not accepted; write .sha256")
    static let paused = Self(
        code: "inbound.paused", level: .error, message: "claiming stopped; trying again by itself")
    static let resumed = Self(code: "inbound.resumed", level: .info, message: "claiming goes on")
    static let recovered = Self(
        code: "inbound.recovered", level: .info, message: "claims of an earlier run were found")
    static let foreignEntry = Self(
        code: "inbound.foreign-entry", level: .warning,
        message: "the work folder holds something that is not ours; left alone")
    static let returnDelayed = Self(
        code: "inbound.return-delayed", level: .warning,
        message: "file cannot go back yet, its name is taken; trying again by itself")

    static let all: [Self] = [
        .watching, .polled, .polling, .unavailable, .gone, .overflow, .stillWritten, .writersUnseen, .leftAlone,
        .refused, .vanished,
        .markerWithoutFile, .weakChecksum, .paused, .resumed, .recovered, .foreignEntry, .returnDelayed,
    ]
}
