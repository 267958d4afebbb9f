import ArgumentParser
import Foundation
import Gateway
import Journal
import Mappings

/// Where the settings are, and what the command line says over them.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: "The settings file.")
    var config: String?

    @Option(name: .long, help: ArgumentHelp("Overrides one setting; can be repeated.", valueName: "key=value"))
    var set: [String] = []

    func validate() throws {
        try RawArguments.demandText(config, for: "The name of the settings file")
        for assignment in set {
            try RawArguments.demandText(assignment, for: "A setting of --set")
            guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
                throw ValidationError(
                    "--set needs KEY=VALUE, such as --set limits.filing-size=1GiB, not “\(assignment)”.")
            }
        }
    }

    /// The settings file that was named, by flag or by `QIAO_CONFIG`, or the usual place.
    var file: String {
        config ?? Self.environment("QIAO_CONFIG") ?? "/etc/qiao/qiao.yaml"
    }

    // A variable that is set to nothing is as good as none.
    static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads the settings, with every problem.
    func load() async throws -> SettingsLoad {
        var flags: [String: String] = [:]
        for assignment in set {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            // validate() has seen that there are two.
            flags[String(parts[0])] = String(parts[parts.count - 1])
        }
        return await SettingsLoader(file: file, environment: ProcessInfo.processInfo.environment, flags: flags).load()
    }

    /// Reads settings that must be good; every problem is printed.
    func settings() async throws -> Settings {
        let load = try await load()
        for problem in load.problems { Terminal.say("\(problem)") }
        guard let settings = load.settings else {
            throw CommandFailure(.configuration, "The settings cannot be used; mend what is listed above.")
        }
        return settings
    }

    /// Opens the journal of the settings beside a gateway that may be running.
    func journal(_ settings: Settings, access: JournalOptions.Access = .reader) async throws -> Journal {
        try await Journal.open(
            path: settings.journalPath, options: JournalOptions(access: access))
    }
}

extension Settings {
    /// A source by its name; a name that is not there ends the command.
    func source(named name: String) throws -> SourceSettings {
        if let source = sources.first(where: { $0.name == name }) { return source }
        let hint = Suggestion.nearest(to: name, among: sources.map(\.name)).map { " Did you mean \($0)?" } ?? ""
        throw CommandFailure(.configuration, "There is no source \(name) in the settings.\(hint)")
    }
}

/// Where the mappings are.
///
/// Their names are parts of messages, paths of tables and golden cases: they are text.
struct MappingOptions: ParsableArguments {
    @Option(name: .long, help: "The folder of the mappings. Default: ./mappings, then /etc/qiao/mappings.")
    var mappings: String?

    func validate() throws { try RawArguments.demandText(mappings, for: "The name of the folder of mappings") }

    /// The folder that was named, or the first usual one that exists.
    var folder: String {
        if let named = mappings ?? ConfigurationOptions.environment("QIAO_MAPPINGS") { return named }
        let usual = ["mappings", Installation.folder("mappings"), "/etc/qiao/mappings"].compactMap { $0 }
        return usual.first { FileManager.default.fileExists(atPath: $0) } ?? "mappings"
    }

    /// Loads the mappings; every problem is printed, and an error among them ends the command.
    ///
    /// - Parameter withTablesAbove: Whether a part of a folder of mappings uses the code tables of the whole.
    func load(withTablesAbove: Bool = false) throws -> MappingSet {
        guard FileManager.default.fileExists(atPath: folder) else {
            throw CommandFailure(
                .configuration, "There is no folder \(folder); name the folder of the mappings with --mappings.")
        }
        let load = MappingSet.load(folder: folder, withTablesAbove: withTablesAbove)
        for problem in load.problems { Terminal.say("\(problem)") }
        guard !load.hasErrors else {
            throw CommandFailure(.configuration, "The mappings cannot be used; mend what is listed above.")
        }
        return load.set
    }
}

/// What lies where relative to the running program, in a source tree and in a package.
enum Installation {
    /// A folder of the source tree that the program was built in, if it is still there.
    static func folder(_ name: String) -> String? {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        var folder = URL(filePath: own).deletingLastPathComponent()
        for _ in 0..<5 {
            let candidate = folder.appending(path: name)
            let isTree = FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
            if isTree, FileManager.default.fileExists(atPath: candidate.path) { return candidate.path }
            let shared = folder.appending(path: "share/qiao/\(name)")
            if FileManager.default.fileExists(atPath: shared.path) { return shared.path }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
