/// What a filing means for the records that its scope already has (design section 3).
public enum Delivery: Sendable {
    /// Every record is new; no state is kept.
    case event
    /// A record whose content is unchanged since its key was last seen in the scope is left out.
    case upsert(scope: String)
    /// As upsert, and keys of the scope that are missing now follow as deletions.
    case snapshot(Snapshot)

    /// The scope whose state the filing is compared with; none for events. Scopes of different sources never meet.
    public var scope: String? {
        switch self {
        case .event: nil
        case .upsert(let scope): scope
        case .snapshot(let snapshot): snapshot.scope
        }
    }

    /// The scope's rules for a filing that states everything there is.
    public struct Snapshot: Sendable {
        /// Which keys the filing states completely, e.g. the mapping's id. Part of the source's own name space.
        public var scope: String
        /// The share of the scope's present keys, 0…1, that may be deleted without approval.
        public var guardShare: Double
        /// Whether someone has approved this filing whatever it deletes. ``Journal/approve(_:at:)`` does the same later.
        public var isApproved: Bool
        /// Makes the length-delimited record that deletes a key: varint length, message. Called in key order.
        public var makeDelete: @Sendable (RecordKey) -> [UInt8]

        /// The share of keys that a snapshot may delete unless its mapping says otherwise.
        public static let defaultGuardShare = 0.2

        /// States the rules.
        public init(
            scope: String,
            guardShare: Double = Snapshot.defaultGuardShare,
            isApproved: Bool = false,
            makeDelete: @escaping @Sendable (RecordKey) -> [UInt8]
        ) {
            self.scope = scope
            self.guardShare = guardShare
            self.isApproved = isApproved
            self.makeDelete = makeDelete
        }
    }
}
