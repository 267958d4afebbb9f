import CanonicalRecords
import Findings
import Foundation
import Inbound
public import Mappings

/// Holds settings against the mappings, the schema and the machine.
public enum SettingsCheck {
    /// Mappings and record types that do not exist, exporters that cannot be found, trust files and keys that cannot be
    /// used, inbound folders that two sources share or the gateway writes into itself, folders of sources that cannot be made, routes that write
    /// into one output.
    ///
    /// - Parameters:
    ///   - settings: Settings that are good by themselves.
    ///   - mappings: The mappings that were loaded.
    ///   - file: The settings file, for the places of problems.
    ///   - isStarting: Whether a gateway is about to run. Then a missing exporter is a warning: filings are journaled all
    ///     the same, and the route waits for it. Folders are not looked at: the gateway tells of those that it cannot make, and
    ///     they may be mounted later.
    public static func problems(
        _ settings: Settings, mappings: MappingSet, file: String, isStarting: Bool = false
    ) -> [MappingProblem] {
        let tree = tree(file)
        return settings.sources.flatMap { problems($0, mappings, tree, file) + trustProblems($0, tree, file) }
            + folderProblems(settings, tree, file)
            + (isStarting ? [] : makingProblems(settings, tree, file))
            + settings.sources.compactMap { periodProblem($0, tree, file) }
            + signingProblems(settings, tree, file, isStarting: isStarting)
            + retentionProblems(settings, tree, file)
            + settings.routes.flatMap { problems($0, tree, file) }
            + settings.routes.flatMap { exporterProblems($0, tree, file, isStarting ? .warning : .error) }
            + outputProblems(settings, tree, file)
    }

    private static func problems(
        _ source: SourceSettings, _ mappings: MappingSet, _ tree: MarkedYAML?, _ file: String
    ) -> [MappingProblem] {
        let known = mappings.mappings.map(\.id)
        return source.mappings.filter { !known.contains($0) }.map { name in
            problem(
                tree?["sources"]?[source.name]?["mappings"], file,
                "source “\(source.name)” names the mapping “\(name)”, which is not in the mappings folder",
                suggestion: Suggestion.nearest(to: name, among: known))
        }
    }

    private static func periodProblem(
        _ source: SourceSettings, _ tree: MarkedYAML?, _ file: String
    ) -> MappingProblem? {
        let word: String
        switch source.completion {
        case .closeWrite: word = "close-write"
        case .rename: word = "rename"
        case .marker: word = "marker"
        case .stable: return nil
        }
        guard let node = tree?["sources"]?[source.name]?["stable-for"] else { return nil }
        var found = problem(
            node, file,
            "“stable-for” of source “\(source.name)” has no effect: its completion is “\(word)”; it is for “completion: stable”"
        )
        found.severity = .warning
        return found
    }

    private static func problems(_ route: RouteSettings, _ tree: MarkedYAML?, _ file: String) -> [MappingProblem] {
        let types = RecordSchema.canonical.recordTypes.map(\.name)
        let node = tree?["routes"]?[route.name]
        return route.records.filter { !types.contains($0) }.map { name in
            problem(
                node?["records"], file, "route “\(route.name)” selects the record type “\(name)”, which does not exist",
                suggestion: Suggestion.nearest(to: name, among: types))
        }
    }

    // Nobody has got the records then.
    private static func retentionProblems(
        _ settings: Settings, _ tree: MarkedYAML?, _ file: String
    ) -> [MappingProblem] {
        guard settings.routes.isEmpty else { return [] }
        let keys = [("records", settings.retention.records), ("archive", settings.retention.archive)]
        return keys.filter { $0.1 != nil }.map { key, _ in
            var found = problem(
                tree?["retention"]?[key], file,
                "“retention.\(key)” has no effect without routes: only what every route has got is removed")
            found.severity = .warning
            return found
        }
    }

    private static func exporterProblems(
        _ route: RouteSettings, _ tree: MarkedYAML?, _ file: String, _ severity: Severity
    ) -> [MappingProblem] {
        guard let program = route.exporter.first, ExporterProgram.path(of: program) == nil else { return [] }
        var found = problem(
            tree?["routes"]?[route.name]?["exporter"], file,
            "the exporter “\(program)” of route “\(route.name)” is not an executable file in PATH or beside qiao")
        found.severity = severity
        return [found]
    }

    static func problem(
        _ node: MarkedYAML?, _ file: String, _ message: String, suggestion: String? = nil
    ) -> MappingProblem {
        guard let node else { return MappingProblem(file: file, message: message, suggestion: suggestion) }
        return MappingProblem(at: node, message, suggestion: suggestion)
    }

    private static func tree(_ file: String) -> MarkedYAML? {
        var problems: [MappingProblem] = []
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        return MarkedYAML.parse([UInt8](data), file: file, problems: &problems)
    }
}
