import Foundation
import Testing

/// Reads the imports of every source file and holds them against the layers: a module may import only from layers below
/// its own, and a third-party package only where it is at home.
@Suite struct LayeringTests {
    /// Own modules by layer, lowest first. A new module must be entered here before it can build this test green.
    static let layers: [[String]] = [
        ["Findings", "CLibarchive", "CLibcrypto", "CLZ4"],
        // Below its like, for manifests of packages are XML.
        ["XMLFilings"],
        ["BulkFiles", "CanonicalRecords", "TextEncodings", "CSVRosters", "SignedPackages"],
        ["Mappings", "Journal", "ExporterProtocol"],
        ["Inbound", "ExporterHost", "Receipts"],
        ["Gateway"],
        ["qiao", "qiao-export-jsonl", "qiao-export-files"],
    ]

    /// The only modules that may import a package's module; what is not listed may be imported by none.
    static let homes: [String: Set<String>] = [
        "ArgumentParser": ["qiao"],
        "Configuration": ["Gateway"],
        "Crypto": ["Inbound", "SignedPackages"],
        "CryptoExtras": ["SignedPackages"],
        "GRDB": ["Journal"],
        "Logging": ["ExporterHost", "Gateway", "qiao"],
        "ServiceLifecycle": ["Gateway"],
        "Subprocess": ["ExporterHost"],
        "SwiftASN1": ["SignedPackages"],
        "SwiftCSV": ["Mappings"],
        "SwiftProtobuf": ["CanonicalRecords", "ExporterProtocol"],
        "SystemPackage": ["ExporterHost", "Gateway"],
        "UnixSignals": ["Gateway", "qiao"],
        "X509": ["SignedPackages"],
        "XMLCoder": ["Receipts", "SignedPackages"],
        "Yams": ["Mappings"],
    ]

    static let toolchain: Set<String> = [
        "Swift", "CoreFoundation", "Foundation", "FoundationEssentials", "FoundationXML", "Glibc", "Dispatch",
        "Synchronization",
    ]

    @Test func everySourceFolderHasALayer() throws {
        let folders = try SourceTree.folders(in: "Sources")
        #expect(Set(folders) == Set(Self.layers.joined()))
    }

    /// C libraries are reached by the one module that wraps them.
    @Test func librariesInCAreAtHomeInOneModule() throws {
        let homes = ["CLibarchive": "SignedPackages", "CLibcrypto": "SignedPackages", "CLZ4": "Journal"]
        for module in Self.layers.joined() {
            for (library, home) in homes where module != home {
                let imports = try SourceTree.imports(of: module).contains { $0.module == library }
                #expect(!imports, "\(module), \(library)")
            }
        }
    }

    @Test(arguments: layers.joined())
    func importsRunStrictlyDownward(module: String) throws {
        let layer = try #require(Self.layers.firstIndex { $0.contains(module) })
        let below = Set(Self.layers[..<layer].joined())
        for (file, imported) in try SourceTree.imports(of: module) where Self.layers.joined().contains(imported) {
            #expect(below.contains(imported), "\(file) of layer \(layer) imports \(imported)")
        }
    }

    @Test(arguments: layers.joined())
    func packagesAreImportedOnlyWhereTheyAreAtHome(module: String) throws {
        let own = Set(Self.layers.joined())
        for (file, imported) in try SourceTree.imports(of: module)
        where !own.contains(imported) && !Self.toolchain.contains(imported) {
            #expect(Self.homes[imported]?.contains(module) == true, "\(file) imports \(imported)")
        }
    }

    /// Exporters are what outsiders write: ours use nothing that theirs could not.
    @Test(arguments: ["qiao-export-jsonl", "qiao-export-files"])
    func exportersUseTheProtocolAndTheRecordsOnly(exporter: String) throws {
        let own = Set(Self.layers.joined())
        let imported = Set(try SourceTree.imports(of: exporter).map(\.module)).intersection(own)
        #expect(imported.isSubset(of: ["ExporterProtocol", "CanonicalRecords"]))
    }

    @Test func importsAreRecognised() {
        let text = "public import Findings\n@testable import struct Foo.Bar\n// import Nothing\nimport B"
        #expect(SourceTree.importedModules(in: text) == ["Findings", "Foo", "B"])
    }
}

enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { !$0.hasPrefix(".") }
    }

    static func imports(of module: String) throws -> [(file: String, module: String)] {
        let folder = root.appending(path: "Sources/\(module)")
        let enumerator = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var found: [(String, String)] = []
        for case let url as URL in enumerator where url.pathExtension == "swift" {
            let text = try String(contentsOf: url, encoding: .utf8)
            found += importedModules(in: text).map { ("\(module)/\(url.lastPathComponent)", $0) }
        }
        return found
    }

    static func importedModules(in text: String) -> [String] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
        let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        return text.split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ")
            while let first = words.first, modifiers.contains(first) || first.hasPrefix("@") { words.removeFirst() }
            guard words.first == "import" else { return nil }
            words.removeFirst()
            if let first = words.first, kinds.contains(first) { words.removeFirst() }
            return words.first.map { String($0.split(separator: ".")[0]) }
        }
    }
}
