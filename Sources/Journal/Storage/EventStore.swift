import FoundationEssentials
import GRDB

/// The events of filings. Those that follow from arrivals and approvals are read from there, not written twice.
struct EventStore {
    let database: Database
    var place = ""

    func append(_ events: [FilingEvent], to filing: Int64) throws {
        for event in events {
            try database.run(
                """
                INSERT INTO event
                VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM event WHERE filing = ?1), ?2, ?3, ?4)
                """,
                [filing, event.at.microseconds, event.kind.rawValue, event.detail])
        }
    }

    func add(_ events: [(FilingIdentity, FilingEvent)]) throws {
        for (identity, event) in events {
            guard let filing = try FilingStore(database: database).number(of: identity) else {
                throw JournalError.unknown(place, "filing \(identity)")
            }
            try append([event], to: filing)
        }
    }

    /// Notes that a route has passed the last record of the filings that end between two positions.
    func delivered(by route: String, from: Int64, through: Int64, at time: Date) throws {
        try database.run(
            """
            INSERT INTO event
            SELECT f.number, (SELECT coalesce(max(e.number), 0) + 1 FROM event e WHERE e.filing = f.number), ?, ?, ?
            FROM filing f WHERE f.last_position > ? AND f.last_position <= ?
            """,
            [time.microseconds, FilingEventKind.delivered.rawValue, route, from, through])
    }

    func events(of identity: FilingIdentity) throws -> [FilingEvent] {
        guard let filing = try FilingStore(database: database).number(of: identity) else { return [] }
        var events: [FilingEvent] = []
        let arrivals = try database.rows(
            "SELECT received_at, journaled_at, event, outcome, receipt_at FROM arrival WHERE filing = ? ORDER BY number",
            [filing])
        for row in arrivals { events += try Self.events(of: row) }
        let stored = try database.rows("SELECT at, kind, detail FROM event WHERE filing = ? ORDER BY number", [filing])
        events += stored.map {
            FilingEvent(at: Date(microseconds: $0[0]), kind: FilingEventKind(rawValue: $0[1]), detail: $0[2])
        }
        if let time = try Approvals(database: database).time(of: identity) {
            events.append(FilingEvent(at: time, kind: .approved))
        }
        return Self.sorted(events)
    }

    private static func events(of arrival: Row) throws -> [FilingEvent] {
        let outcome = try FilingOutcome(column: arrival[3])
        var events = [
            FilingEvent(at: Date(microseconds: arrival[0]), kind: .claimed),
            FilingEvent(
                at: Date(microseconds: arrival[1]), kind: FilingEventKind(rawValue: arrival[2]),
                detail: outcome.rawValue),
        ]
        if let receipt: Int64 = arrival[4] {
            events.append(FilingEvent(at: Date(microseconds: receipt), kind: .receipt))
        }
        return events
    }

    // Events of one instant stay in the order of a filing's life.
    private static func sorted(_ events: [FilingEvent]) -> [FilingEvent] {
        let life: [FilingEventKind] = [
            .claimed, .verified, .converted, .approved, .journaled, .retried, .duplicate, .receipt,
        ]
        func stage(_ event: FilingEvent) -> Int { life.firstIndex(of: event.kind) ?? life.count }
        return events.enumerated().sorted { left, right in
            (left.element.at, stage(left.element), left.offset) < (right.element.at, stage(right.element), right.offset)
        }.map(\.element)
    }
}

/// Snapshots that someone has let through.
struct Approvals {
    let database: Database

    func add(_ identity: FilingIdentity, at time: Date) throws {
        try database.run(
            "INSERT OR REPLACE INTO approval VALUES (?, ?, ?)",
            [identity.source, Data(identity.digest.bytes), time.microseconds])
    }

    func time(of identity: FilingIdentity) throws -> Date? {
        try database.number(
            "SELECT approved_at FROM approval WHERE source = ? AND digest = ?",
            [identity.source, Data(identity.digest.bytes)]
        ).map(Date.init(microseconds:))
    }

    func remove(_ identity: FilingIdentity) throws {
        try database.run(
            "DELETE FROM approval WHERE source = ? AND digest = ?", [identity.source, Data(identity.digest.bytes)])
    }
}
