import Foundation
import Testing

/// `qiao mapping draft` as IT staff call it: from a sample to a mapping that converts it.
@Suite struct MappingDraftTests {
    @Test(arguments: ConvertTests.samples)
    func draftConvertsItsSampleAtOnce(sample: String) async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "draft.yaml").path
        let drafted = try await qiao("mapping", "draft", sample, "-o", file)
        #expect(drafted.exitCode == 0, "\(drafted.errors)")
        #expect(drafted.output.isEmpty)
        #expect(drafted.errors.contains("drafted \(file)"))
        #expect(drafted.errors.contains("qiao convert \(sample) --mapping \(file)"))

        let converted = try await qiao("convert", sample, "--mapping", file, "-o", folder.url.path + "/r.jsonl")
        let byHand = try await qiao("convert", sample, "-o", folder.url.path + "/h.jsonl")
        #expect(converted.exitCode == byHand.exitCode, "\(converted.errors)")
        let records = /records (\d+): .*/
        #expect(converted.errors.firstMatch(of: records)?.0 == byHand.errors.firstMatch(of: records)?.0)

        let explained = try await qiao(
            "mapping", "explain", sample, "--mappings", folder.url.path, "--row", "1")
        #expect(explained.exitCode == 0, "\(explained.errors)")
        let checked = try await qiao("check", "--mappings", folder.url.path)
        #expect(checked.exitCode == 0, "\(checked.errors)")
        #expect(checked.errors.contains("All good: 1 mapping, 0 warnings"))
    }

    @Test func draftGoesToStdoutAndSaysTheSameEachTime() async throws {
        let first = try await qiao("mapping", "draft", ConvertTests.samples[0])
        let second = try await qiao("mapping", "draft", ConvertTests.samples[0], "-o", "-")
        #expect(first.exitCode == 0)
        #expect(first.output == second.output)
        #expect(first.lines.contains { $0.hasPrefix("mapping: draft.liangzhang-roster") })
    }

    @Test func tablesOfTheFolderThatItGoesToAreUsed() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: Program.repository.appending(path: "mappings/tables"), to: folder.url.appending(path: "tables"))
        let file = try folder.folder("wanglu").appending(path: "cases.yaml").path
        let drafted = try await qiao("mapping", "draft", ConvertTests.samples[1], "-o", file)
        #expect(drafted.exitCode == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("table: appeal-channels"))
        let converted = try await qiao("convert", ConvertTests.samples[1], "--mapping", file)
        #expect(converted.exitCode == 1, "\(converted.errors)")
    }

    @Test func fileThatExistsIsNotReplacedUnlessTold() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("mine", to: "mine.yaml").path
        let refused = try await qiao("mapping", "draft", ConvertTests.samples[0], "-o", file)
        #expect(refused.exitCode == 74)
        #expect(refused.errors.contains("--overwrite"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        let replaced = try await qiao("mapping", "draft", ConvertTests.samples[0], "-o", file, "--overwrite")
        #expect(replaced.exitCode == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("mapping: "))
    }

    @Test func sampleIsNeverOverwritten() async throws {
        let folder = try TemporaryFolder()
        let text = "姓名,性别\n孙玉梅,女\n"
        let file = try folder.write(text, to: "roster.csv").path
        let refused = try await qiao("mapping", "draft", file, "-o", file, "--overwrite")
        #expect(refused.exitCode == 64)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test func whatCannotBeDoneHasItsExitCodeAndSaysWhy() async throws {
        let folder = try TemporaryFolder()
        let mistyped = try await qiao("mapping", "draft", ConvertTests.samples[0], "--record", "Persn")
        #expect(mistyped.exitCode == 64)
        #expect(mistyped.errors.contains("Did you mean Person?"))
        let missing = try await qiao("mapping", "draft", folder.url.path + "/none.csv")
        #expect(missing.exitCode == 74)
        let nowhere = try await qiao(
            "mapping", "draft", ConvertTests.samples[0], "-o", folder.url.path + "/none/draft.yaml")
        #expect(nowhere.exitCode == 74)
        for (name, text, reason) in [
            ("empty.csv", "", "there is nothing in it"), ("data.csv", "孙玉梅,楼长\n马强,楼长\n", "no header was found"),
            ("broken.xml", "<a>\n<b></c></a>", "broken.xml:2:4: "),
        ] {
            let file = try folder.write(text, to: name).path
            let refused = try await qiao("mapping", "draft", file)
            #expect(refused.exitCode == 2)
            #expect(refused.output.isEmpty)
            #expect(refused.errors.contains(reason), "\(refused.errors)")
            #expect(!refused.errors.contains("孙玉梅"))
        }
    }

    /// Two hundred megabytes, of which the beginning is read.
    @Test(.timeLimit(.minutes(3)))
    func largeDocumentIsReadInPart() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "large.csv")
        let row = "孙玉梅,370827190506120243,15400001111\n"
        let block = Data(String(repeating: row, count: (1 << 20) / row.utf8.count).utf8)
        try Data("姓名,身份证号,手机号\n".utf8).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        for _ in 0..<5 { try handle.write(contentsOf: block) }
        // Nobody looks at the rest, so nobody need write it.
        try handle.truncate(atOffset: 200 << 20)
        try handle.close()
        let drafted = try await qiao("mapping", "draft", file.path)
        #expect(drafted.exitCode == 0, "\(drafted.errors)")
        #expect(drafted.errors.contains("only the first 10000 rows were looked at"))
    }
}
