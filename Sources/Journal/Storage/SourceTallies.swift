import FoundationEssentials
import GRDB

/// What the filings of one commit add to their sources, written once per source.
struct SourceTallies {
    private struct Tally {
        var number: Int64
        var outcomes: [FilingOutcome: Int] = [:]
        var duplicates = 0
        var records = 0
        var lastArrival: Int64?
        var lastSuccess: Int64?
    }

    private let database: Database
    private var tallies: [String: Tally] = [:]

    init(database: Database) {
        self.database = database
    }

    /// Notes a filing; returns the source's number.
    mutating func journal(
        _ filing: JournaledFiling, insteadOf earlier: FilingSummary?, changes: RecordChanges, at time: Date
    ) throws -> Int64 {
        var tally = try tally(of: filing.identity.source)
        if let earlier { tally.outcomes[earlier.outcome, default: 0] -= 1 }
        tally.outcomes[filing.outcome, default: 0] += 1
        tally.records += changes.journaled
        tally.lastArrival = filing.receivedAt.microseconds
        if filing.outcome != .rejected { tally.lastSuccess = time.microseconds }
        tallies[filing.identity.source] = tally
        return tally.number
    }

    mutating func duplicate(_ source: String, at time: Date) throws {
        var tally = try tally(of: source)
        tally.duplicates += 1
        tally.lastArrival = time.microseconds
        tallies[source] = tally
    }

    func write() throws {
        for tally in tallies.values {
            try database.run(
                """
                UPDATE source SET accepted = accepted + ?, accepted_with_findings = accepted_with_findings + ?,
                    rejected = rejected + ?, duplicates = duplicates + ?, records = records + ?,
                    last_arrival_at = coalesce(?, last_arrival_at), last_success_at = coalesce(?, last_success_at)
                WHERE number = ?
                """,
                [
                    tally.outcomes[.accepted, default: 0], tally.outcomes[.acceptedWithFindings, default: 0],
                    tally.outcomes[.rejected, default: 0], tally.duplicates, tally.records, tally.lastArrival,
                    tally.lastSuccess, tally.number,
                ])
        }
    }

    private func tally(of source: String) throws -> Tally {
        if let tally = tallies[source] { return tally }
        if let number = try database.number("SELECT number FROM source WHERE name = ?", [source]) {
            return Tally(number: number)
        }
        try database.run("INSERT INTO source (name) VALUES (?)", [source])
        return Tally(number: database.lastInsertedRowID)
    }
}
