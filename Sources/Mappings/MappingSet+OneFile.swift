import FoundationEssentials

extension MappingSet {
    /// Loads one mapping file by its path, with the code tables of the mappings folder that it lies in.
    ///
    /// The tables are looked for in `tables/` beside the file and in the folders above it, the nearest first.
    public static func load(file path: String) -> MappingLoad {
        let manager = FileManager.default
        guard let data = manager.contents(atPath: path) else {
            return MappingLoad(set: .empty, problems: [.init(file: path, message: "the file cannot be read")])
        }
        return load(files: [MappingFile(path: path, bytes: Array(data))], tables: tables(near: path))
    }

    /// The code tables that a mapping file at this path can use, whether the file is there or not.
    public static func tables(near path: String) -> [MappingFile] {
        let manager = FileManager.default
        let absolute = path.hasPrefix("/") ? path : manager.currentDirectoryPath + "/" + path
        var parts = absolute.split(separator: "/").dropLast()
        while true {
            let folder = parts.reduce("") { $0 + "/" + $1 } + "/tables"
            let names = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).filter(CodeTableReader.isTable)
            if !names.isEmpty {
                return names.sorted().compactMap { MappingFile.codeTable(at: "\(folder)/\($0)") }
            }
            guard !parts.isEmpty else { return [] }
            parts.removeLast()
        }
    }
}
