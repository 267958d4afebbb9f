import Foundation
import Testing

@testable import Mappings

/// Drafts for tests, and a look into what they say.
enum Drafting {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func file(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: repository.appending(path: path)))
    }

    static func tables() throws -> [MappingFile] {
        let folder = repository.appending(path: "mappings/tables")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }.sorted()
            .map { MappingFile(path: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    static func draft(
        _ text: String, name: String = "sample.csv", record: String? = nil, tables: [MappingFile] = []
    ) throws -> MappingDraft {
        try MappingDraft.of(
            DraftSample(name: name, bytes: Array(text.utf8), isWhole: true), record: record, tables: tables)
    }

    /// The mapping of a draft; it must load without even a warning.
    static func load(_ draft: MappingDraft, tables: [MappingFile] = []) throws -> Mapping {
        let load = MappingSet.load(
            files: [MappingFile(path: "draft.yaml", bytes: Array(draft.text.utf8))], tables: tables)
        try #require(load.problems.filter { $0.file == "draft.yaml" }.map(\.description) == [], "\(draft.text)")
        return try #require(load.set.mappings.first)
    }

    /// `Case.events.stage` with the columns or paths that it is read from.
    static func assignments(_ text: String) throws -> [String: Set<String>] {
        var problems: [MappingProblem] = []
        let root = try #require(MarkedYAML.parse(Array(text.utf8), file: "m.yaml", problems: &problems))
        var found: [String: Set<String>] = [:]
        for entry in root["gives"]?.items ?? [] {
            collect(entry["fields"], below: entry["record"]?.text ?? "", into: &found)
        }
        return found
    }

    /// Each record type with its key.
    static func keys(_ text: String) throws -> [String: [String]] {
        var problems: [MappingProblem] = []
        let root = try #require(MarkedYAML.parse(Array(text.utf8), file: "m.yaml", problems: &problems))
        let pairs = (root["gives"]?.items ?? []).map { entry in
            (entry["record"]?.text ?? "", texts(entry["key"]))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private static func collect(_ fields: MarkedYAML?, below path: String, into found: inout [String: Set<String>]) {
        for pair in fields?.pairs ?? [] {
            let name = "\(path).\(pair.key.text ?? "")"
            if let inner = pair.value["fields"] {
                collect(inner, below: name, into: &found)
            } else {
                found[name] = Set(texts(pair.value["from"] ?? pair.value["join"] ?? pair.value["key-of"] ?? pair.value))
            }
        }
    }

    private static func texts(_ node: MarkedYAML?) -> [String] {
        node?.text.map { [$0] } ?? (node?.items ?? []).flatMap { texts($0) }
    }
}
