/// What was found and done when a journal was opened.
public struct OpeningReport: Sendable, Hashable {
    /// How thoroughly the journal was checked.
    public enum Check: String, Sendable, Hashable {
        /// Not at all: it is new, or not opened by its owner.
        case none
        /// Header, layout and the newest entries.
        case light
        /// Every page.
        case whole
    }

    /// Whether the journal was made just now.
    public var isNew = false
    /// The version of its layout before; equal to `version` unless it was brought up to date.
    public var previousVersion: Int
    /// The version of its layout now.
    public var version: Int
    /// How thoroughly it was checked.
    public var check = Check.none
    /// Bytes of the journal with its companions, before anything was done.
    public var size: Int64 = 0
    /// Whether the last owner ended without closing it (or closed it while someone else was reading).
    public var wasInterrupted = false
    /// Stagings of big filings that were abandoned and have been removed.
    public var stagingsRemoved = 0
    /// Abandoned stagings that are still to be removed; see ``Journal/removeAbandonedStagings()``.
    public var stagingsLeft = 0
    /// The position of the newest record.
    public var lastPosition: Int64 = 0
    /// How long opening took.
    public var duration = Duration.zero
    /// Whether the disk was full, so that recovery was put off. The journal can be read; writing fails until there is room.
    public var isDiskFull = false
}
