import Configuration
import Findings
public import Mappings
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Settings that were read, and everything that was wrong with them.
public struct SettingsLoad: Sendable {
    /// The settings, or nil where an error keeps them from being used.
    public var settings: Settings?
    /// Every problem with its place, errors and warnings.
    public var problems: [MappingProblem]
}

/// Reads settings: the YAML file, then `QIAO_…` environment variables, then flags; the later has the last word.
///
/// The file is checked as a whole (unknown keys, wrong types, near misses); what a value finally is comes through
/// swift-configuration, so that every setting can be overridden in the same way.
public struct SettingsLoader: Sendable {
    private let file: String
    private let environment: [String: String]
    private let flags: [String: String]

    /// Prepares to read.
    ///
    /// - Parameters:
    ///   - file: The path of the YAML file.
    ///   - environment: Environment variables; those that begin with `QIAO_` count.
    ///   - flags: Dotted keys with values, as `--set limits.filing-size=1GiB` gives them.
    public init(file: String, environment: [String: String] = [:], flags: [String: String] = [:]) {
        self.file = file
        self.environment = environment
        self.flags = flags
    }

    /// Reads and checks; never throws, because every trouble is a problem with a place.
    public func load() async -> SettingsLoad {
        var problems: [MappingProblem] = []
        guard let tree = parse(&problems) else { return SettingsLoad(settings: nil, problems: problems) }
        let outline = SettingsOutline(checking: tree)
        problems += outline.problems
        do {
            let reader = ConfigReader(providers: try await providers())
            var values = SettingsValues(reader: reader, tree: tree, overrides: overrides(outline))
            let settings = values.settings(outline)
            problems += values.problems + unknownVariables(outline) + unknownFlags(outline)
            let isUsable = !problems.contains(where: \.isError)
            return SettingsLoad(settings: isUsable ? settings : nil, problems: problems)
        } catch {
            problems.append(MappingProblem(file: file, message: "the settings cannot be read: \(error)"))
            return SettingsLoad(settings: nil, problems: problems)
        }
    }

    private func parse(_ problems: inout [MappingProblem]) -> MarkedYAML? {
        guard let data = FileManager.default.contents(atPath: file) else {
            problems.append(
                MappingProblem(
                    file: file,
                    message: "the settings file cannot be read; name one with --config, and see that it is readable"))
            return nil
        }
        return MarkedYAML.parse([UInt8](data), file: file, problems: &problems)
    }

    private func providers() async throws -> [any ConfigProvider] {
        let flagValues = flags.map { key, value in
            let key = key.split(separator: ".").map(String.init)
            // As EnvironmentVariablesProvider reads a list.
            let parts = value.split(separator: /\s*,\s*/).map(String.init)
            return (
                AbsoluteConfigKey(key),
                ConfigValue(SettingsOutline.isList(key) ? .stringArray(parts) : .string(value), isSecret: false)
            )
        }
        return [
            InMemoryProvider(name: "flags", values: Dictionary(flagValues) { $1 }),
            EnvironmentVariablesProvider(environmentVariables: ownVariables),
            try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)),
        ]
    }

    private var ownVariables: [String: String] {
        let own = environment.filter { $0.key.hasPrefix("QIAO_") }
        return Dictionary(own.map { (String($0.key.dropFirst("QIAO_".count)), $0.value) }) { $1 }
    }

    // What has the last word in the place of the file, by key, as it is called in messages.
    private func overrides(_ outline: SettingsOutline) -> [String: String] {
        var overrides: [String: String] = [:]
        for key in outline.keys {
            let variable = Self.variable(key)
            if environment[variable] != nil { overrides[key] = "environment \(variable)" }
            if flags[key] != nil { overrides[key] = "--set \(key)" }
        }
        return overrides
    }

    // A variable that nothing reads is a mistyped one; it must not stop a start, but it must be heard of.
    private func unknownVariables(_ outline: SettingsOutline) -> [MappingProblem] {
        let known = outline.keys.map(Self.variable)
        let others: Set<String> = ["QIAO_CONFIG", "QIAO_TEST_CRASH_ON"]
        return environment.keys.sorted().filter { $0.hasPrefix("QIAO_") && !known.contains($0) && !others.contains($0) }
            .map { name in
                MappingProblem(
                    file: "environment", severity: .warning, message: "no setting is called \(name)",
                    suggestion: Suggestion.nearest(to: name, among: known))
            }
    }

    // As EnvironmentVariablesProvider makes it: `batchSize` becomes `BATCH_SIZE`.
    private static func variable(_ key: String) -> String {
        var name = "QIAO_"
        for (index, character) in zip(key.indices, key) {
            let isWord = character.isUppercase && index > key.startIndex && key[key.index(before: index)].isLowercase
            if isWord { name += "_" }
            name += character.isLetter || character.isNumber ? character.uppercased() : "_"
        }
        return name
    }

    private func unknownFlags(_ outline: SettingsOutline) -> [MappingProblem] {
        let known = outline.keys
        return flags.keys.sorted().filter { !known.contains($0) }.map { key in
            MappingProblem(
                file: "--set", severity: .warning, message: "no setting is called \(key)",
                suggestion: Suggestion.nearest(to: key, among: known))
        }
    }
}
