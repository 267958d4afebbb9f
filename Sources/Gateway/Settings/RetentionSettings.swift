/// How long is kept what is no longer needed. Nothing that is still needed is removed, however old it is.
public struct RetentionSettings: Sendable, Hashable {
    /// For how long records stay in the journal after they were journaled, and settled dead letters after that; nil keeps
    /// them for ever.
    public var records: Duration?
    /// For how long originals of accepted filings stay in the archive; nil keeps them for ever.
    public var archive: Duration?
    /// For how long originals of rejected filings stay in quarantine; nil keeps them for ever.
    public var quarantine: Duration?

    /// Keeps everything.
    public init() {}

    /// How a period is written in the settings.
    public static func text(of period: Duration?) -> String {
        guard let period else { return forever }
        return SettingsText.text(of: period)
    }

    /// The word for keeping something for ever.
    static let forever = "forever"
}

extension Settings {
    /// The day (`YYYY-MM-DD`) of the oldest original in the archive; nil when there is none.
    public var oldestArchivedDay: String? { KeptOriginals(root: archivePath, isQuarantine: false).firstDay }
    /// The day of the oldest original in quarantine; nil when there is none.
    public var oldestQuarantinedDay: String? { KeptOriginals(root: quarantinePath, isQuarantine: true).firstDay }
}
