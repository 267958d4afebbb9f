import Findings
import Foundation
import Inbound
import Mappings
import Testing

@testable import Gateway

@Suite struct SettingsCheckTests {
    private let yaml = """
        state: /s
        sources:
          a:
            mappings: [yutai.roster, yutai.rooster]
        routes:
          r:
            exporter: [no-such-exporter-anywhere, x]
            records: [Person, Persons]
          s:
            exporter: sh
        """

    @Test func whatDoesNotExistIsToldWithPlaceAndSuggestion() async throws {
        let folder = try TemporaryFolder()
        try folder.write(yaml.replacing("/s\n", with: folder.path + "\n"), to: "qiao.yaml")
        let file = folder.path + "/qiao.yaml"
        let settings = try #require(await SettingsLoader(file: file).load().settings)
        let problems = SettingsCheck.problems(settings, mappings: Forms.set(Forms.roster), file: file)
        #expect(
            problems.map { $0.description.replacing(folder.path + "/", with: "") } == [
                "qiao.yaml:4:15: error: source “a” names the mapping “yutai.rooster”, which is not in the mappings "
                    + "folder (did you mean “yutai.roster”?)",
                "qiao.yaml:8:14: error: route “r” selects the record type “Persons”, which does not exist "
                    + "(did you mean “Person”?)",
                "qiao.yaml:7:15: error: the exporter “no-such-exporter-anywhere” of route “r” is not an executable "
                    + "file in PATH or beside qiao",
            ])
    }

    @Test func retentionWithoutRoutesIsAWarning() async throws {
        let folder = try TemporaryFolder()
        try folder.write("state: /s\nretention:\n  archive: 90d\n  quarantine: 90d\n", to: "qiao.yaml")
        let file = folder.path + "/qiao.yaml"
        let settings = try #require(await SettingsLoader(file: file).load().settings)
        #expect(
            SettingsCheck.problems(settings, mappings: .empty, file: file).map {
                $0.description.replacing(folder.path + "/", with: "")
            } == [
                "qiao.yaml:3:12: warning: “retention.archive” has no effect without routes: only what every route has got "
                    + "is removed"
            ])
    }

    /// A receipt in an inbound folder is answered by another one, and so on; the key in it would be quarantined.
    @Test func inboundFoldersThatTheGatewayWritesIntoAreMistakes() async throws {
        let folder = try TemporaryFolder()
        let inbound = folder.path + "/in"
        try FileManager.default.createDirectory(atPath: inbound, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: inbound)
        let yaml = """
            state: /s
            mappings: /m
            sources:
              a: { inbound: \(inbound), receipts: \(inbound)/../in }
              b: { inbound: /in/b, receipts: \(folder.path)/link }
              c: { inbound: /s }
              d: { inbound: /s/archive/d }
              e: { inbound: /m }
              f: { inbound: /s/receipts/f }
              g: { inbound: /in/g, receipts: /in/g/receipts }
              h: { inbound: /s/inbound }
            """
        try folder.write(yaml, to: "qiao.yaml")
        let file = folder.path + "/qiao.yaml"
        var settings = Settings(state: "/s", mappings: "/m")
        settings.sources = [
            ("a", inbound, "\(inbound)/../in"), ("b", "/in/b", folder.path + "/link"), ("c", "/s", "/s/receipts/c"),
            ("d", "/s/archive/d", "/s/receipts/d"), ("e", "/m", "/s/receipts/e"),
            ("f", "/s/receipts/f", "/s/receipts/f"),
            ("g", "/in/g", "/in/g/receipts"), ("h", "/s/inbound", "/s/receipts/h"),
        ].map { SourceSettings(name: $0, inbound: $1, completion: .rename, mappings: [], receipts: $2) }
        let all = SettingsCheck.problems(settings, mappings: .empty, file: file, isStarting: true)
        // Some lie in the state folder, which is one of them.
        let problems = all.filter { !$0.message.hasSuffix("one lies in the other") }
        #expect(problems.allSatisfy { $0.severity == .error })
        #expect(problems.map(\.line) == [4, 5, 6, 7, 8, 9])
        #expect(
            problems.first?.message
                == "the receipts of “a” would be claimed as filings of “a”: both are in \(inbound); name another folder, or "
                + "one below it")
    }

    /// Problems of settings that are good by themselves, as they are shown; `F` stands for the folder of the test.
    private func told(_ yaml: String, in folder: TemporaryFolder, isStarting: Bool = false) async throws -> [String] {
        try folder.write(yaml.replacing("F/", with: folder.path + "/"), to: "qiao.yaml")
        let file = folder.path + "/qiao.yaml"
        let load = await SettingsLoader(file: file).load()
        let problems =
            try load.problems
            + SettingsCheck.problems(
                #require(load.settings), mappings: .empty, file: file, isStarting: isStarting)
        return problems.map { $0.description.replacing(folder.path + "/", with: "F/") }
    }

    /// By whatever way a path leads there.
    @Test(arguments: ["F/in", "F/in/", "F/in/deeper", "F", "F/link", "F/link/deeper", "F/none/../in"])
    func inboundFoldersOfTwoSourcesMustBeApart(_ path: String) async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/in", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: folder.path + "/in")
        let yaml = """
            state: /s
            sources:
              a: { inbound: F/in }
              b: { inbound: \(path == "F" ? folder.path : path) }
              c: { inbound: F/inner }
            """
        let problems = try await told(yaml, in: folder, isStarting: true)
        let words = "are the same, or one lies in the other"
        #expect(problems.first == "F/qiao.yaml:4:17: error: the inbound folders of “b” and “a” \(words)")
        #expect(problems.count == (path == "F" ? 2 : 1))
    }

    /// What is there and is no folder will not become one.
    @Test(arguments: [
        ("F/file", "F/file"), ("F/file/below/it", "F/file"), ("F/nowhere", "F/nowhere"), ("F/nowhere/a", "F/nowhere"),
        ("F/link/a", "F/link"),
    ])
    func foldersOfASourceThatCannotBeMadeAreMistakes(_ path: String, _ inTheWay: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        for (link, target) in [("nowhere", "none"), ("link", "file")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder.path)/\(link)", withDestinationPath: "\(folder.path)/\(target)")
        }
        let yaml = """
            state: F/state
            sources:
              a: { inbound: F/in/a }
              b:
                inbound: \(path)
              c:
                receipts: \(path)/deeper
            """
        let words =
            "cannot be made: \(inTheWay) is there and is no folder; move that away, or name another folder"
        #expect(
            try await told(yaml, in: folder) == [
                "F/qiao.yaml:5:14: error: the inbound folder of “b” \(words)",
                "F/qiao.yaml:7:15: error: the folder for receipts of “c” \(words)",
            ])
        // A gateway that starts says so itself, and takes the folder up when it can be had.
        #expect(try await told(yaml, in: folder, isStarting: true) == [])
    }

    @Test func foldersThatThisUserMayNotWriteToAreWarnings() throws {
        let folder = try TemporaryFolder()
        var settings = Settings(state: folder.path, mappings: folder.path)
        settings.sources = [
            SourceSettings(name: "a", inbound: folder.path, completion: .rename, receipts: folder.path + "/r/a")
        ]
        let problems = SettingsCheck.makingProblems(settings, nil, "qiao.yaml") { $0 != folder.path }
        let words =
            "the user who checks may not write to \(folder.path); give it to the user of the service, and check as that "
            + "user"
        #expect(
            problems.map(\.description) == [
                "qiao.yaml: warning: the inbound folder of “a” cannot be written to: \(words)",
                "qiao.yaml: warning: the folder for receipts of “a” cannot be made: \(words)",
            ])
        #expect(SettingsCheck.makingProblems(settings, nil, "qiao.yaml") { _ in true } == [])
    }

    /// Two exporters in one file or folder take each other's positions for their own.
    @Test func routesThatWriteIntoOneOutputAreMistakes() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: folder.path)
        let yaml = """
            state: F/state
            routes:
              a: { exporter: [qiao-export-files, --folder, F/out] }
              b: { exporter: [qiao-export-files, --size, 1M, --folder=F/link/out/] }
              c: { exporter: [qiao-export-jsonl, --output, F/out] }
              d: { exporter: qiao-export-jsonl, settings: { output: F/x/../out } }
              e: { exporter: [qiao-export-files, --folder, F/other], settings: { folder: F/out } }
              f: { exporter: [/opt/qiao-export-jsonl, --output, F/out], settings: { output: F/f } }
              g: { exporter: [qiao-export-jsonl, --output, /dev/null] }
              h: { exporter: [qiao-export-jsonl, --output, /dev/null] }
              i: { exporter: [sh, -c, x] }
              j: { exporter: [sh, -c, x] }
            """
        let problems = try await told(yaml, in: folder).filter { !$0.contains("not an executable") }
        #expect(
            problems == [
                "F/qiao.yaml:4:18: error: the routes “a” and “b” both write into F/out, and each would take for its own what "
                    + "the other has written; give one another folder",
                "F/qiao.yaml:6:18: error: the routes “c” and “d” both write into F/out, and each would take for its own what "
                    + "the other has written; give one another file",
                "F/qiao.yaml:8:18: error: the routes “c” and “f” both write into F/out, and each would take for its own what "
                    + "the other has written; give one another file",
            ])
    }

    @Test func aPeriodThatNothingWaitsForIsAWarning() async throws {
        let folder = try TemporaryFolder()
        let yaml = """
            state: F/state
            sources:
              a: { completion: stable, stable-for: 2m }
              b: { completion: marker, stable-for: 2m }
              c: { stable-for: 2m }
            """
        #expect(
            try await told(yaml, in: folder) == [
                "F/qiao.yaml:4:40: warning: “stable-for” of source “b” has no effect: its completion is “marker”; it is for "
                    + "“completion: stable”",
                "F/qiao.yaml:5:20: warning: “stable-for” of source “c” has no effect: its completion is “close-write”; it is "
                    + "for “completion: stable”",
            ])
    }

    @Test func withoutAFileTheProblemsNameItAllTheSame() {
        var settings = Settings(state: "/s", mappings: "/m")
        settings.sources = [
            SourceSettings(name: "a", inbound: "/i", completion: .rename, mappings: ["x"], receipts: "/r")
        ]
        let problems = SettingsCheck.problems(settings, mappings: .empty, file: "/none.yaml", isStarting: true)
        #expect(problems.map(\.file) == ["/none.yaml"])
        #expect(problems.map(\.line) == [0])
    }

    @Test(arguments: [
        ("/bin/sh", true), ("sh", true), ("/etc/passwd", false), ("/no/such/program", false), ("./sh", false),
        ("no-such-exporter-anywhere", false),
    ])
    func programsAreFoundAsAShellWould(_ name: String, _ isFound: Bool) {
        #expect((ExporterProgram.path(of: name) != nil) == isFound)
    }
}
