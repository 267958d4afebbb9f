import Synchronization

/// How much of records and findings may wait in memory for commits and answers, in all lanes together.
///
/// Hundreds of filings at once, from any number of sources, must not take hundreds of megabytes each. A lane that finds no room
/// waits for its own commits alone, so that no lane waits for another, and what is taken beyond the size is one filing for each lane.
final class WaitingRoom: Sendable {
    /// Bytes, where there is memory enough.
    static let usualSize = 128 << 20

    /// Bytes in a process that may use so many of memory: twice the room is needed for those that are committed and answered, and
    /// as much as that for what the gateway is without them.
    static func size(in memory: Int) -> Int { min(usualSize, max(4 << 20, memory / 8)) }

    private let size: Int
    private let sizeForLeftovers: Int
    private let taken = Mutex(0)

    /// - Parameters:
    ///   - size: Bytes that may wait. With much less than usual, commits are of few filings, and each of them costs what a
    ///     commit of many does.
    ///   - sizeForLeftovers: Bytes that may wait beside what the last run claimed and did not finish. If that was too much for the
    ///     memory, some of it gets through now, and not nothing time and again.
    init(size: Int = WaitingRoom.usualSize, sizeForLeftovers: Int = 4 << 20) {
        self.size = size
        self.sizeForLeftovers = min(size, sizeForLeftovers)
    }

    func isFull(forLeftovers: Bool = false) -> Bool {
        taken.withLock { $0 >= (forLeftovers ? sizeForLeftovers : size) }
    }

    /// Takes room, whether or not there is any.
    func take(_ bytes: Int) { taken.withLock { $0 += bytes } }

    /// Gives back what was taken.
    func giveBack(_ bytes: Int) { taken.withLock { $0 -= bytes } }
}
