/// The code tables that mappings can name.
public struct CodeTableSet: Sendable {
    private let tables: [String: CodeTable]

    /// Collects tables by name; of two with the same name the first stays.
    public init(_ tables: [CodeTable] = []) {
        self.tables = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The table of that name, i.e. of the file `NAME.csv`.
    public func table(named name: String) -> CodeTable? {
        tables[name]
    }

    /// The names of all tables, sorted.
    public var names: [String] { tables.keys.sorted() }
}
