/// The code tables that mappings can name.
public struct CodeTableSet: Sendable {
    private let tables: [String: CodeTable]
    private let broken: [String: String]

    /// Collects tables by name; of two with the same name the first stays.
    ///
    /// - Parameter broken: The files of tables that have errors, by the names of the tables.
    public init(_ tables: [CodeTable] = [], broken: [String: String] = [:]) {
        self.broken = broken
        self.tables = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The table of that name, i.e. of the file `NAME.csv`.
    public func table(named name: String) -> CodeTable? {
        tables[name]
    }

    /// Why there is no table of that name.
    func absence(of name: String) -> String {
        broken[name].map { "the code table “\(name)” has errors; mend \($0) first" }
            ?? "there is no code table “\(name)”: no file tables/\(name).csv in the folder of the mappings"
    }

    /// The names of all tables, sorted.
    public var names: [String] { tables.keys.sorted() }
}
