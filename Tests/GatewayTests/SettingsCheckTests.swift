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
        try folder.write(yaml, to: "qiao.yaml")
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
        let problems = SettingsCheck.problems(settings, mappings: .empty, file: file)
        #expect(problems.allSatisfy { $0.severity == .error })
        #expect(problems.map(\.line) == [4, 5, 6, 7, 8, 9])
        #expect(
            problems.first?.message
                == "the receipts of “a” would be claimed as filings of “a”: both are in \(inbound); name another folder, or "
                + "one below it")
    }

    @Test func withoutAFileTheProblemsNameItAllTheSame() {
        var settings = Settings(state: "/s", mappings: "/m")
        settings.sources = [
            SourceSettings(name: "a", inbound: "/i", completion: .rename, mappings: ["x"], receipts: "/r")
        ]
        let problems = SettingsCheck.problems(settings, mappings: .empty, file: "/none.yaml")
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
