public import FoundationEssentials

/// One drop of a filing's bytes, before anyone knows what is in them.
public struct Arrival: Sendable, Hashable {
    /// Source and hash.
    public var identity: FilingIdentity
    /// Names this drop; see ``JournaledFiling/claim``.
    public var claim: String?
    /// The name the bytes were dropped under, any bytes but `/`.
    public var name: [UInt8]
    /// When they were claimed.
    public var receivedAt: Date

    /// Describes an arrival.
    public init(identity: FilingIdentity, claim: String?, name: [UInt8], receivedAt: Date) {
        self.identity = identity
        self.claim = claim
        self.name = name
        self.receivedAt = receivedAt
    }
}

extension JournaledFiling {
    var arrival: Arrival { Arrival(identity: identity, claim: claim, name: name, receivedAt: receivedAt) }
}
