/// How the intake of one folder is doing, for status pages.
public struct IntakeStatus: Sendable, Hashable {
    /// What the intake can do now.
    public enum Condition: Sendable, Hashable {
        /// It has not been asked for claims yet.
        case idle
        /// Changes of the folder are heard at once.
        case watching
        /// The folder is looked through at intervals, by choice or because it cannot be watched.
        case polling
        /// The folder, or the room for claims, is not to be had; it is tried again by itself.
        case unavailable(InboundError)
    }

    /// What the intake can do now.
    public var condition: Condition
    /// Files that are complete and not claimed yet, as far as they are known.
    public var ready: Int
    /// Files that are known and not complete yet.
    public var settling: Int
    /// Claims of an earlier run that were not handed out yet.
    public var recovered: Int
}
