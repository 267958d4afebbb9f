public import CanonicalRecords
import FoundationEssentials

extension MappingSet {
    /// Loads every mapping of a folder: `<place>/<form>.yaml` at any depth, and the code tables in `tables/*.csv`.
    ///
    /// Folders whose name ends in `.cases` hold golden cases and are passed over, and so is what begins with a dot. A
    /// broken mapping does not keep the others from being used; whether to start with the rest is for the caller to
    /// decide.
    ///
    /// - Parameter withTablesAbove: Whether a folder without tables, as is a part of a folder of mappings, uses those of the
    ///   nearest folder above it that has some.
    public static func load(
        folder: String, withTablesAbove: Bool = false, schema: RecordSchema = .canonical
    ) -> MappingLoad {
        var files: [MappingFile] = []
        var tables: [MappingFile] = []
        var problems: [MappingProblem] = []
        let manager = FileManager.default
        // What the folder's name leads to: links are listed, not followed.
        let place = URL(filePath: folder).resolvingSymlinksInPath().path
        guard let names = names(in: place, manager) else {
            return MappingLoad(set: .empty, problems: [.init(file: folder, message: "the folder cannot be read")])
        }
        for name in names.sorted() {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            let isTable = name.hasPrefix("tables/") && CodeTableReader.isTable(name)
            guard isTable || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { continue }
            let whole = { manager.contents(atPath: path).map { MappingFile(path: path, bytes: Array($0)) } }
            guard let file = isTable ? MappingFile.codeTable(at: path) : whole() else {
                problems.append(.init(file: path, message: "the file cannot be read"))
                continue
            }
            if isTable { tables.append(file) } else { files.append(file) }
        }
        if withTablesAbove, tables.isEmpty { tables = Self.tables(near: place + "/mapping.yaml") }
        var load = load(files: files, tables: tables, schema: schema)
        load.problems = problems + load.problems
        return load
    }

    // What is in a folder at any depth; nil when a part of it cannot be read. Golden cases are many: they are not looked at.
    private static func names(in folder: String, _ manager: FileManager) -> [String]? {
        guard let names = try? manager.contentsOfDirectory(atPath: folder) else { return nil }
        var all: [String] = []
        for name in names where !name.utf8.starts(with: ".".utf8) && !name.hasSuffix(".cases") {
            all.append(name)
            let path = folder + "/" + name
            var isFolder = false
            guard manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder,
                (try? manager.destinationOfSymbolicLink(atPath: path)) == nil
            else { continue }
            guard let inner = Self.names(in: path, manager) else { return nil }
            all += inner.map { name + "/" + $0 }
        }
        return all
    }

    /// Loads mappings and code tables from their texts, e.g. one file with the tables of a folder.
    public static func load(
        files: [MappingFile], tables: [MappingFile] = [], schema: RecordSchema = .canonical
    ) -> MappingLoad {
        var problems: [MappingProblem] = []
        var read: [CodeTable] = []
        var broken: [String: String] = [:]
        for table in tables {
            let load = CodeTableReader.read(table)
            problems += load.problems
            guard let table = load.table else {
                broken[CodeTableReader.name(of: table.path)] = table.path
                continue
            }
            if let other = read.first(where: { $0.name == table.name }) {
                let message = "the code table “\(table.name)” is in \(other.file) already"
                problems.append(.init(file: table.file, message: message))
            } else {
                read.append(table)
            }
        }
        let set = CodeTableSet(read, broken: broken)
        var mappings: [Mapping] = []
        for file in files {
            guard let mapping = compile(file, set, schema, &problems) else { continue }
            if let other = mappings.first(where: { $0.id == mapping.id }) {
                let message = "the mapping “\(mapping.id)” is in \(other.file) already"
                problems.append(.init(file: file.path, line: 1, column: 1, message: message))
            } else {
                mappings.append(mapping)
            }
        }
        return MappingLoad(set: MappingSet(mappings), problems: problems)
    }

    private static func compile(
        _ file: MappingFile, _ tables: CodeTableSet, _ schema: RecordSchema, _ problems: inout [MappingProblem]
    ) -> Mapping? {
        guard let root = MarkedYAML.parse(file.bytes, file: file.path, problems: &problems) else { return nil }
        var compiler = MappingCompiler(schema: schema, tables: tables, file: file.path)
        let program = compiler.compile(root)
        problems += compiler.problems
        return program.map { Mapping($0, version: version(file, tables, compiler.usedTables)) }
    }

    // Everything that the records depend on: the mapping's text, and the tables that it uses.
    private static func version(_ file: MappingFile, _ tables: CodeTableSet, _ used: Set<String>) -> String {
        var hash = SipHash128(key: IdentityKey.published.key)
        hash.update(file.bytes.span)
        for name in used.sorted() {
            hash.update("\u{1F}\(name)\u{1F}")
            let bytes = tables.table(named: name)?.bytes ?? []
            hash.update(bytes.span)
        }
        return String(hash.digest().hexadecimal.prefix(16))
    }
}
