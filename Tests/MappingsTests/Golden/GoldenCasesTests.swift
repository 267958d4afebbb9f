import Foundation
import Mappings
import Testing

@Suite struct GoldenCasesTests {
    /// A folder with the roster mapping and one golden case, removed afterwards.
    private func withCase(_ body: (_ mappings: String, _ goldenCase: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "qiao-golden-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let goldenCase = folder + "/yutai/roster.cases/plain"
        try FileManager.default.createDirectory(atPath: goldenCase, withIntermediateDirectories: true)
        try write(Forms.roster, folder + "/yutai/roster.yaml")
        try write(
            Forms.rosterDocument.replacing("370827190001010057", with: "370827190001010058"), goldenCase + "/input.csv")
        try body(folder, goldenCase)
    }

    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test func caseThatWasWrittenPassesAndAChangedOneShowsWhatDiffers() throws {
        try withCase { mappings, goldenCase in
            let load = MappingSet.load(folder: mappings)
            #expect(load.problems.isEmpty)
            #expect(GoldenCases.run(load.set, updating: true).map(\.passes) == [true])
            #expect(GoldenCases.run(load.set).map(\.passes) == [true])
            let findings = try String(contentsOfFile: goldenCase + "/findings.csv", encoding: .utf8)
            #expect(findings == "code,row,field\nidentity-number.checksum,2,身份证号\nmapping.control-differs,,\n")

            let records = try String(contentsOfFile: goldenCase + "/records.jsonl", encoding: .utf8)
            try write(records.replacing("张三", with: "张四"), goldenCase + "/records.jsonl")
            let result = try #require(GoldenCases.run(load.set).first)
            #expect(result.differences.count == 2)
            #expect(result.differences.first?.hasPrefix("- record 1: ") == true)
            #expect(result.differences.last?.contains("张三") == true)
        }
    }

    @Test func recordsAreComparedAsRecordsNotAsText() throws {
        try withCase { mappings, goldenCase in
            let set = MappingSet.load(folder: mappings).set
            _ = GoldenCases.run(set, updating: true)
            let records = try String(contentsOfFile: goldenCase + "/records.jsonl", encoding: .utf8)
            try write(records.replacing("\":", with: "\" : "), goldenCase + "/records.jsonl")
            #expect(GoldenCases.run(set).map(\.differences) == [[]])
        }
    }

    @Test func editingTheMappingDoesNotChangeItsGoldenRecords() throws {
        try withCase { mappings, _ in
            _ = GoldenCases.run(MappingSet.load(folder: mappings).set, updating: true)
            try write(Forms.roster + "# a remark\n", mappings + "/yutai/roster.yaml")
            #expect(GoldenCases.run(MappingSet.load(folder: mappings).set).map(\.passes) == [true])
        }
    }

    @Test func missingInputAndBrokenRecordsAreDifferences() throws {
        try withCase { mappings, goldenCase in
            let set = MappingSet.load(folder: mappings).set
            try write("{\n", goldenCase + "/records.jsonl")
            #expect(GoldenCases.run(set).first?.passes == false)
            try FileManager.default.removeItem(atPath: goldenCase + "/input.csv")
            #expect(
                GoldenCases.run(set).first?.differences == ["there is no input.csv in it, the document of the case"])
            try FileManager.default.removeItem(atPath: goldenCase)
            try write(Forms.rosterDocument, goldenCase)
            #expect(
                GoldenCases.run(set).first?.differences == [
                    "it is no folder; each case is one, with a document called input.csv in it"
                ])
        }
    }

    @Test func folderIsLoadedWithItsTablesAndItsProblems() throws {
        try withCase { mappings, _ in
            try FileManager.default.createDirectory(atPath: mappings + "/tables", withIntermediateDirectories: true)
            try write("code,title\n120,楼长\n", mappings + "/tables/roles.csv")
            try write(
                Forms.roster.replacing("role: 职务", with: "role: { from: 职务, table: roles }").replacing(
                    "liangzhang", with: "two"), mappings + "/yutai/b.yaml")
            try write("mapping: [", mappings + "/yutai/c.yaml")
            let load = MappingSet.load(folder: mappings)
            #expect(load.set.mappings.map(\.id) == ["yutai.liangzhang-roster", "yutai.two-roster"])
            #expect(load.problems.map(\.file) == [mappings + "/yutai/c.yaml"])
            #expect(MappingSet.load(folder: mappings + "/nowhere").hasErrors)
        }
    }

    @Test func folderMayBeALink() throws {
        try withCase { mappings, _ in
            let link = mappings + "-link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: mappings)
            defer { try? FileManager.default.removeItem(atPath: link) }
            let load = MappingSet.load(folder: link)
            #expect(load.set.mappings.map(\.file) == [link + "/yutai/roster.yaml"])
            #expect(GoldenCases.run(load.set, updating: true).map(\.passes) == [true])
        }
    }
    @Test func onlyFoldersOfMappingsAreLookedInto() throws {
        try withCase { mappings, _ in
            let broken = "mapping: ["
            for folder in ["/yutai/b.cases", "/.hidden", "/yutai/deep/er"] {
                try FileManager.default.createDirectory(
                    atPath: mappings + folder, withIntermediateDirectories: true)
                try write(broken, mappings + folder + "/x.yaml")
            }
            try write(broken, mappings + "/yutai/.x.yaml")
            try FileManager.default.createSymbolicLink(
                atPath: mappings + "/again", withDestinationPath: mappings + "/yutai/deep")
            let load = MappingSet.load(folder: mappings)
            #expect(load.set.mappings.map(\.file) == [mappings + "/yutai/roster.yaml"])
            #expect(load.problems.map(\.file) == [mappings + "/yutai/deep/er/x.yaml"])
        }
    }
}
