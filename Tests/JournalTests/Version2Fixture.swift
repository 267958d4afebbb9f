@testable import Journal

/// A journal as the second layout has it. Never edited: when the layout changes, a new version comes beside it.
enum Version2Fixture {
    /// What became of the first layout's `record_state`.
    static let leaves = "CREATE TABLE key_leaf (number INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT"

    static var layout: String {
        let first = Version1Fixture.layout.replacing("PRAGMA user_version = 1", with: "PRAGMA user_version = 2")
        return first + "DROP TABLE record_state; \(leaves);"
    }

    /// The contents of the first fixture, with the keys `7=5` and `8=5` in one leaf.
    static var contents: String {
        let first = Version1Fixture.contents.split(separator: "\n").filter { !$0.contains("record_state") }
        return first.joined(separator: "\n") + "INSERT INTO key_leaf VALUES (\(1 << 40), X'\(leaf)');"
    }

    // 36 bytes for each key, in the order of ids: high and low of the id, of the content's hash, the body number.
    static let leaf = """
        d70d3259e4e1cb630700000000000000\
        0500000000000000faffffffffffffff0b000000\
        363695efb051569e0800000000000000\
        0500000000000000faffffffffffffff0b000000
        """
}
