public import FoundationEssentials

extension Journal {
    /// Gives the cursor of a route, and makes one for a route that is new.
    ///
    /// - Parameters:
    ///   - route: The route's name.
    ///   - start: Where a new route begins; a known one is where it is.
    ///   - time: When this is.
    public func openRoute(
        _ route: String, startingAt start: RouteStart, at time: Date
    ) async throws(JournalError) -> RouteCursor {
        try await write { try RouteStore(database: $0).open(route, startingAt: start, at: time) }
    }

    /// The cursor of a route; `nil` when there is no such route.
    public func cursor(of route: String) async throws(JournalError) -> RouteCursor? {
        try await read { try RouteStore(database: $0).cursor(of: route) }
    }

    /// The epochs of the journal, to tell whether a position that someone kept was given by it.
    ///
    /// The one of this opening has begun, and is durable, on return: it may be told to whom records are sent.
    public func epochs() async throws(JournalError) -> JournalEpochs {
        let epoch = epoch
        return try await write { database in
            let store = EpochStore(database: database)
            try store.begin(epoch)
            return try store.epochs(epoch)
        }
    }

    /// Every route with what it has before it, by name.
    public func routes() async throws(JournalError) -> [RouteStatus] {
        try await read { try RouteStore(database: $0).statuses() }
    }

    /// Moves routes forward, all together or not at all: positions, counts and dead letters. Filings whose last record has
    /// been passed get the event `delivered`.
    ///
    /// A step without refused records survives the death of the process, but the machine's only from the next commit on: a
    /// route that falls back a little forwards those records again, which is what at least once means.
    ///
    /// - Returns: The cursors after the step, in the order of `advances`.
    /// - Throws: ``JournalError``; `unknown` for a route that was never opened, `misuse` for a step backwards or beyond the
    ///   newest record.
    @discardableResult
    public func advance(_ advances: [RouteAdvance], at time: Date) async throws(JournalError) -> [RouteCursor] {
        let place = path
        let durability = advances.allSatisfy(\.refused.isEmpty) ? Durability.rebuildable : .full
        return try await write(durability) { database in
            let routes = RouteStore(database: database, place: place)
            return try advances.map { try routes.advance($0, at: time) }
        }
    }

    /// Notes what a route is doing, for people to see.
    ///
    /// - Throws: ``JournalError``; `unknown` for a route that was never opened.
    public func setState(_ state: RouteState, of route: String, at time: Date) async throws(JournalError) {
        let place = path
        try await write(.rebuildable) { try RouteStore(database: $0, place: place).set(state, of: route, at: time) }
    }

    /// Dead letters, oldest first.
    ///
    /// - Parameters:
    ///   - route: Only of this route.
    ///   - state: Only in this state; `nil` for all.
    ///   - number: Only with higher numbers, to go on behind a list that was cut.
    ///   - limit: At most so many.
    public func deadLetters(
        of route: String? = nil, state: DeadLetter.State? = .open, after number: Int64 = 0, limit: Int = 100
    ) async throws(JournalError) -> [DeadLetter] {
        try await read {
            try DeadLetterStore(database: $0).list(of: route, state: state, after: number, limit: limit)
        }
    }

    /// The record of a dead letter, as it was offered to the exporter (no length prefix).
    ///
    /// - Throws: ``JournalError``; `unknown` when there is no such dead letter.
    public func deadLetterRecord(_ number: Int64) async throws(JournalError) -> [UInt8] {
        let place = path
        return try await read { try DeadLetterStore(database: $0, place: place).record(number) }
    }

    /// The dead letter of this number; `nil` when there is none.
    public func deadLetter(_ number: Int64) async throws(JournalError) -> DeadLetter? {
        try await read { try DeadLetterStore(database: $0).find(number) }
    }

    /// Settles dead letters, all together or not at all. They and the counts of their routes stay; what is sent again is
    /// counted like any other record.
    ///
    /// A record that is sent again must not come behind a newer one of its key. So whoever asks for it has looked at all
    /// records before, and says how far.
    ///
    /// - Parameters:
    ///   - settlements: What is to be done; those that are no longer open are left as they are.
    ///   - position: The position of the newest record that the caller has looked at.
    ///   - time: When this is.
    /// - Returns: The dead letters that were settled, as they are now; `nil` when there are newer records, and then nothing
    ///   was done.
    /// - Throws: ``JournalError``; `unknown` when there is no such dead letter, and then nothing was done.
    public func settle(
        _ settlements: [DeadLetterSettlement], knowingThrough position: Int64, at time: Date
    ) async throws(JournalError) -> [DeadLetter]? {
        let (place, epoch) = (path, epoch)
        let tell = { @Sendable [recent, gate] (done: (letters: [DeadLetter]?, lastPosition: Int64)) in
            guard done.lastPosition > position else { return }
            // What was added is not among what commits have written.
            recent.clear()
            gate.advance(to: done.lastPosition)
        }
        return try await write(tell: tell) { database in
            let ledger = "SELECT last_position FROM ledger"
            guard try database.number(ledger) == position else { return (nil, position) }
            try EpochStore(database: database).begin(epoch)
            let letters = DeadLetterStore(database: database, place: place)
            let settled = try settlements.compactMap { try letters.settle($0, at: time) }
            return (settled, try database.number(ledger) ?? position)
        }.letters
    }
}
