import FoundationEssentials
import GRDB

extension Migration {
    /// Keys of scopes move from a row each into leaves, which hold a hundred each, in the order of their ids.
    ///
    /// A leaf has the number `scope << 40 | first 40 bits of its lowest id` (the first of a scope: `scope << 40`). A key in it
    /// has 36 bytes, little-endian: the high and the low half of the id, those of the content's hash, the body number.
    static let version2 = Migration(version: 2) { database in
        try database.execute(sql: KeyLeaves.layout)
        for scope in try Int64.fetchAll(database, sql: "SELECT number FROM scope ORDER BY number") {
            let leaves = try KeyLeaves(database: database, scope: scope, encode: LongLeafBytes.encode)
            var packer = LeafPacker(leaves: leaves, number: leaves.first, usualCount: 100, mostCount: 112)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT id_high, id_low, content_high, content_low, body FROM record_state
                    WHERE scope = ? ORDER BY id_high, id_low
                    """,
                arguments: [scope])
            while let row = try rows.next() {
                let key = StatedKey(
                    id: Fingerprint(columns: row[0], row[1]), content: Fingerprint(columns: row[2], row[3]).high,
                    bodyNumber: row[4], differs: true)
                try packer.add(key, isChange: true)
            }
            try packer.finish()
        }
        try database.execute(sql: "DROP TABLE record_state")
    }
}
