import ArgumentParser
import Foundation
import Mappings

/// Which mapping a document is converted with: one that is named, or the one that matches.
struct MappingChoiceOptions: ParsableArguments {
    @Option(help: "A mapping's id, or the path of a mapping file. Default: the one that matches.")
    var mapping: FileArgument?
    @OptionGroup var options: MappingOptions

    /// Loads the mappings; every problem is printed, and an error among them ends the command, as does a name that is none.
    ///
    /// - Returns: The mappings to choose from, and the one that was named.
    func load() throws -> (set: MappingSet, chosen: Mapping?) {
        guard let mapping else { return (try options.load(), nil) }
        let endings = [".yaml", ".yml"].map { Array($0.utf8) }
        if mapping.bytes.contains(0x2F) || endings.contains(where: { mapping.bytes.suffix($0.count) == $0[...] }) {
            return try load(file: mapping)
        }
        let set = try options.load()
        let id = mapping.displayed
        guard let chosen = set.mapping(id: id) else {
            throw CommandFailure(
                .configuration, "There is no mapping \(id) in \(options.folder).\(Self.hint(id, set))")
        }
        return (set, chosen)
    }

    private func load(file: FileArgument) throws -> (set: MappingSet, chosen: Mapping?) {
        let load: MappingLoad
        if let text = file.text {
            load = MappingSet.load(file: text)
        } else {
            load = MappingSet.load(
                files: [MappingFile(path: file.displayed, bytes: try SmallFile.bytes(file))],
                tables: MappingSet.tables(near: file.placeOfTables))
        }
        for problem in load.problems { Terminal.say("\(problem)") }
        guard !load.hasErrors, let only = load.set.mappings.first else {
            throw CommandFailure(.configuration, "\(file.displayed) cannot be used; mend what is listed above.")
        }
        return (load.set, only)
    }

    private static func hint(_ id: String, _ set: MappingSet) -> String {
        Suggestion.nearest(to: id, among: set.mappings.map(\.id)).map { " Did you mean \($0)?" }
            ?? " There are \(set.mappings.map(\.id).joined(separator: ", "))."
    }
}

extension FileArgument {
    /// The path of a mapping, whether it is there or not, whose code tables are found from there.
    var placeOfTables: String { text ?? (folder.text ?? ".") + "/mapping.yaml" }
}
