/// A code table that IT staff keep as a CSV file: codes, and the words that documents use for them.
///
/// The file has a header row with the column `code` (or 代码), and any of `title` (名称), `terms` (别名, several of them with `|`
/// between) and `note` (备注, which is for people). Each code, title and term finds its row; spelling is evened out on both sides.
///
/// ```csv
/// code,title,terms,note
/// 01,物业管理,物业|物业服务|小区物业,
/// 02,供水供暖,供暖|暖气不热|停水,冬季
/// ```
public struct CodeTable: Sendable {
    /// The file's name without `.csv`; mappings use it.
    public let name: String
    /// The path of the file, as it was given.
    public let file: String
    /// The rows in the order of the file.
    public let rows: [Row]
    /// The bytes of the file; they are part of the version of a mapping that uses the table.
    let bytes: [UInt8]
    /// Finds the index of a row in ``rows`` by code, title or term.
    let index: TermIndex

    /// One code with the words for it.
    public struct Row: Sendable, Hashable {
        /// The code, exactly as the file has it, leading zeros included.
        public var code: String
        /// The name of the code; the code itself where the file gives none.
        public var title: String
        /// Other words that documents use.
        public var terms: [String]
        /// The 1-based line of the file.
        public var line: Int
    }

    init(name: String, file: String, bytes: [UInt8], rows: [Row], index: TermIndex) {
        self.name = name
        self.file = file
        self.bytes = bytes
        self.rows = rows
        self.index = index
    }

    /// The row of a value as a document writes it, or nil. For people and tests; conversion uses the index itself.
    public func row(for value: String) -> Row? {
        index.number(for: Array(value.utf8).span).map { rows[Int($0)] }
    }

    // Codes first: a code that is also a term of another row stays a code.
    static func terms(of rows: [Row]) -> [(term: String, number: Int32)] {
        let codes = rows.indices.map { (rows[$0].code, Int32($0)) }
        let words = rows.indices.flatMap { row in ([rows[row].title] + rows[row].terms).map { ($0, Int32(row)) } }
        return codes + words
    }
}
