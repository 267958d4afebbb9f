public import ExporterProtocol

/// Where the records of one route come from, and where what became of them is kept.
///
/// The gateway implements it over its journal; selection and masking happen behind it. All calls of one supervisor come
/// one after another, except that ``next(after:maximumRecords:maximumBytes:)`` may wait while others are made.
public protocol RouteFeed: Sendable {
    /// What there is for this route; called at the start of every session.
    func extent() async throws -> FeedExtent

    /// The records that follow on `position`, in the order of their positions.
    ///
    /// Waits until there is at least one, and returns at once when there is. Cancellation ends the wait with an empty
    /// batch or an error.
    ///
    /// - Parameters:
    ///   - position: Everything up to it has been sent; 0 for the beginning.
    ///   - maximumRecords: At most this many, 1 or more.
    ///   - maximumBytes: About this many bytes at most. One record that is greater is returned alone.
    func next(after position: UInt64, maximumRecords: Int, maximumBytes: Int) async throws -> FeedBatch

    /// Keeps the route's position: everything up to it is safe. Many acknowledgements come as one call.
    ///
    /// Positions rise within a session. Where the exporter has lost its tail, those that were kept in an earlier session come
    /// again, and change nothing.
    func acknowledge(through position: UInt64) async throws

    /// Keeps a refused record. It is called before its position is acknowledged, and again after a crash in between.
    func deadLetter(_ record: FeedRecord, reason: String) async throws

    /// Tells where the route stands, each time that changes.
    func stateChanged(_ state: RouteState) async
}

/// An error of a feed that knows whether it passes by itself.
public protocol FeedError: Error {
    /// Whether the same call can succeed later without anything being mended, as with a full disk.
    var retryHelps: Bool { get }
}

extension SessionFailure {
    /// The feed of the route failed.
    init(feed error: any Error, _ what: String) {
        self.init(.feed, "\(what): \(error)")
        isPassing = (error as? any FeedError)?.retryHelps ?? false
    }
}
