import FoundationEssentials
import GRDB

/// Verdicts, and what they rest on.
struct VerdictStore {
    let database: Database

    /// Keeps the verdict of a filing in place of the one that it had.
    func set(_ verdict: JournaledVerdict, of filing: Int64, at time: Date) throws {
        for item in verdict.evidence {
            try database.run(
                "INSERT OR IGNORE INTO evidence (digest, bytes) VALUES (?, ?)",
                [Data(item.digest.bytes), Data(item.bytes)])
        }
        try database.run(
            "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", [filing, time.microseconds, Data(verdict.bytes)])
    }

    func remove(of filing: Int64) throws {
        try database.run("DELETE FROM verdict WHERE filing = ?", [filing])
    }

    func find(_ identity: FilingIdentity) throws -> [UInt8]? {
        guard let filing = try FilingStore(database: database).number(of: identity),
            let row = try database.row("SELECT bytes FROM verdict WHERE filing = ?", [filing])
        else { return nil }
        return [UInt8](row[0] as Data)
    }

    func evidence(_ digest: FilingDigest) throws -> [UInt8]? {
        try database.row("SELECT bytes FROM evidence WHERE digest = ?", [Data(digest.bytes)])
            .map { [UInt8]($0[0] as Data) }
    }
}
