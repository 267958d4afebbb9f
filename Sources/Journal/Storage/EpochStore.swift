import GRDB

/// When positions were given: by which opening of the journal, see ``JournalEpochs``.
///
/// Epochs are never removed, not even empty ones: an exporter can have been sent, in one of them, what was journaled before.
struct EpochStore {
    let database: Database

    /// A text that no other opening has.
    static func makeToken() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Begins an epoch behind the newest position, unless it has begun.
    func begin(_ token: String) throws {
        try database.run(
            """
            INSERT INTO epoch (token, first) SELECT ?1, last_position + 1 FROM ledger
            WHERE ?1 IS NOT (SELECT token FROM epoch ORDER BY number DESC LIMIT 1)
            """,
            [token])
    }

    /// All epochs, of which `current` is the last one that has begun.
    func epochs(_ current: String) throws -> JournalEpochs {
        let rows = try database.rows("SELECT token, first FROM epoch ORDER BY number")
        let ends = zip(rows, rows.dropFirst()).map { ($0[0] as String, ($1[1] as Int64) - 1) }
        return JournalEpochs(current: current, ends: Dictionary(ends) { $1 })
    }
}
