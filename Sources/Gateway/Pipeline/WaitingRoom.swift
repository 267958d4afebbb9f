import Synchronization

/// How much of records and findings may wait in memory for commits and answers, in all lanes together.
///
/// Hundreds of filings at once, from any number of sources, must not take hundreds of megabytes each. A lane that finds no room
/// waits for its own commits alone, so that no lane waits for another, and what is taken beyond the size is one filing for each lane.
final class WaitingRoom: Sendable {
    /// Bytes. With much less, commits are of few filings, and each of them costs what a commit of many does.
    static let usualSize = 128 << 20

    private let size: Int
    private let taken = Mutex(0)

    init(size: Int = WaitingRoom.usualSize) {
        self.size = size
    }

    var isFull: Bool { taken.withLock { $0 >= size } }

    /// Takes room, whether or not there is any.
    func take(_ bytes: Int) { taken.withLock { $0 += bytes } }

    /// Gives back what was taken.
    func giveBack(_ bytes: Int) { taken.withLock { $0 -= bytes } }
}
