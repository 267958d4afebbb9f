import ExporterProtocol
import Foundation
import Mappings

extension SettingsCheck {
    // What our exporters write to. Of others nobody knows.
    private struct Output: Hashable {
        // The option that names it, and what that is.
        static let options = [
            "qiao-export-files": (option: "folder", noun: "folder"),
            "qiao-export-jsonl": (option: "output", noun: "file"),
        ]

        var program: String
        var path: String

        init?(of route: RouteSettings) {
            guard let program = route.exporter.first.map({ URL(fileURLWithPath: $0).lastPathComponent }),
                let option = Self.options[program]?.option
            else { return nil }
            let arguments = route.exporter.dropFirst()
            // The exporter itself says what it does not know.
            let named = arguments.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2).prefix { $0 != "=" }) }
            guard var options = try? ExporterOptions(arguments, known: named + route.settings.keys) else { return nil }
            try? options.add(settings: route.settings)
            guard let path = options[option], !path.isEmpty else { return nil }
            self.program = program
            self.path = SettingsCheck.resolved(path)
            // Pipes and terminals can be shared.
            let type = try? FileManager.default.attributesOfItem(atPath: self.path)[.type] as? FileAttributeType
            guard [nil, .typeRegular, .typeDirectory].contains(type) else { return nil }
        }
    }

    /// Routes whose exporters write into the same file or folder: each would go on behind what the other has written.
    static func outputProblems(_ settings: Settings, _ tree: MarkedYAML?, _ file: String) -> [MappingProblem] {
        var routes: [Output: String] = [:]
        return settings.routes.compactMap { route in
            guard let output = Output(of: route) else { return nil }
            guard let other = routes[output] else {
                routes[output] = route.name
                return nil
            }
            let noun = Output.options[output.program]?.noun ?? "output"
            return problem(
                tree?["routes"]?[route.name]?["exporter"], file,
                "the routes “\(other)” and “\(route.name)” both write into \(output.path), and each would take for its own "
                    + "what the other has written; give one another \(noun)")
        }
    }
}
