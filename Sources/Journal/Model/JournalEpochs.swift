/// The epochs of a journal: an opening by its owner begins one with the first position that it gives or lets be sent.
///
/// A journal gives each position once. One of which an older copy was put back gives the later ones again, to other records,
/// and a new journal gives all of them again. Whoever keeps a position together with the epoch in which it was heard of can
/// therefore be told apart from someone whom this journal fed.
public struct JournalEpochs: Sendable, Hashable {
    /// The one of this opening: an opaque text that no other opening has.
    public var current: String
    /// The last position that there was in each epoch before.
    public var ends: [String: Int64]

    /// Describes epochs.
    public init(current: String, ends: [String: Int64]) {
        self.current = current
        self.ends = ends
    }
}
