import Foundation

/// Whether the time of day can be believed, told from how far it has come since it was last looked at.
///
/// What is removed for its age is removed for good, and a clock that is ahead for a minute makes everything old.
struct ClockTrust {
    /// A clock that comes further between two looks was set, or stood still; or nothing was filed for so long.
    static let leap: TimeInterval = 3600
    /// How many looks must follow on a leap, without another one, before the clock is believed: an hour of them.
    static let looks = 60

    enum Opinion: Equatable {
        case believed
        /// It has come further since then than anybody waited.
        case leapt(from: Date)
        /// It leapt not long ago.
        case doubted
    }

    private var last: Date?
    private var looksLeft = 0

    /// - Parameter last: When the clock was last known to be right; nil believes what it says first.
    init(since last: Date?) {
        self.last = last
    }

    /// Looks at the clock; to be called once in each ``Retention/interval``.
    mutating func look(at now: Date) -> Opinion {
        defer { last = now }
        if let last, now.timeIntervalSince(last) > Self.leap {
            looksLeft = Self.looks
            return .leapt(from: last)
        }
        guard looksLeft > 0 else { return .believed }
        looksLeft -= 1
        return looksLeft > 0 ? .doubted : .believed
    }
}
