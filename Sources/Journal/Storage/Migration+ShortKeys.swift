import FoundationEssentials
import GRDB

extension Migration {
    /// Keys in leaves keep the first half of the content's hash alone: 28 bytes instead of 36.
    static func shortKeys(version: Int) -> Migration {
        Migration(version: version) { database in
            var last = Int64.min
            while let row = try database.row(
                "SELECT number, keys FROM key_leaf WHERE number > ? ORDER BY number LIMIT 1", [last])
            {
                last = row[0]
                try database.run(
                    "UPDATE key_leaf SET keys = ? WHERE number = ?", [LongLeafBytes.shortened(row[1]), last])
            }
        }
    }
}
