import CanonicalRecords
import Foundation
import SwiftProtobuf
import Testing

/// `qiao convert`, `records`, `mapping` and `check` as their users call them, on the samples.
@Suite struct ConvertTests {
    static let samples = ["samples/yutai/liangzhang-roster.csv", "samples/yutai/yukuaiban-cases.xml"]

    @Test(arguments: samples)
    func someRowsAreBadOnPurpose(sample: String) async throws {
        let converted = try await qiao("convert", sample, "--to", "jsonl")
        #expect(converted.exitCode == 1, "\(converted.errors)")
        #expect(converted.lines.count >= 1000)
        #expect(converted.errors.contains("FINDINGS"))
        #expect(converted.errors.contains("rows read"))
        for line in converted.lines.prefix(20) {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    /// Of hundreds of findings, the few that are shown in full tell as much as they can.
    @Test func whatIsShownIsOneOfEachKindAndTheDocumentsOwnFirst() async throws {
        let folder = try TemporaryFolder()
        let sample = try String(contentsOf: Program.repository.appending(path: Self.samples[1]), encoding: .utf8)
        let file = try folder.write(sample.replacing("a:mobile", with: "a:phone"), to: "cases.xml")
        let shown = try await qiao("convert", file.path).errors.split(separator: "\n")
            .filter { $0.hasPrefix("  \(file.path):") }
        #expect(shown.count == 5)
        #expect(shown[0].contains(": error: number has no value"))
        #expect(shown[1].contains(".xml: warning: a:petitioner/a:mobile is in none of the 1004 rows"))
        #expect(Set(shown.map { $0.split(separator: ": ")[2] }).count == 5)
    }

    @Test(arguments: samples)
    func sameInputSameBytes(sample: String) async throws {
        let first = try await qiao("convert", sample, "--to", "protobuf")
        // The name by which other tools call stdout, too, rather than a file.
        let second = try await qiao("convert", sample, "--to", "protobuf", "-o", "-")
        #expect(first.output == second.output)
        #expect(!first.output.isEmpty)
    }

    /// The stream, read back by `qiao records`, by swift-protobuf and by Python's protobuf, gives the same records.
    @Test(arguments: samples)
    func theStreamReadsBackTheSame(sample: String) async throws {
        let folder = try TemporaryFolder()
        let stream = folder.url.appending(path: "records.binpb")
        let converted = try await qiao("convert", sample, "--to", "protobuf", "-o", stream.path)
        #expect(converted.exitCode == 1)
        let lines = try await qiao("convert", sample, "--to", "jsonl").lines
        let revealed = try await qiao("records", stream.path, "--reveal").lines
        #expect(revealed == lines)
        let bytes = [UInt8](try Data(contentsOf: stream))
        #expect(try decoded(bytes) == lines.map(Self.normalised))
        let python = try await run("/usr/bin/python3", ["Tests/EndToEndTests/read_records.py", stream.path])
        #expect(python.exitCode == 0, "\(python.errors)")
        #expect(python.lines.map(Self.normalised) == lines.map(Self.normalised))
    }

    @Test func recordsMasksUnlessTold() async throws {
        let folder = try TemporaryFolder()
        let stream = folder.url.appending(path: "records.binpb").path
        try await qiao("convert", Self.samples[0], "--to", "protobuf", "-o", stream)
        let masked = try await qiao("records", stream)
        let revealed = try await qiao("records", stream, "--reveal")
        #expect(masked.lines.count == revealed.lines.count)
        let person = try #require(revealed.lines.first { $0.contains("\"identityNumber\"") })
        let number = try #require(person.firstMatch(of: /"identityNumber":"(\d{17}[\dX])"/)).1
        #expect(!String(decoding: masked.output, as: UTF8.self).contains(number))
    }

    @Test func aFindingsTableOpensInExcel() async throws {
        let folder = try TemporaryFolder()
        let table = folder.url.appending(path: "findings.csv")
        try await qiao("convert", Self.samples[0], "--findings", table.path, "-o", "/dev/null")
        let bytes = [UInt8](try Data(contentsOf: table))
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\r\n"))
        #expect(text.split(separator: "\r\n").count > 10)
    }

    @Test func aRejectedDocumentLeavesNoRecord() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let file = try folder.write(String(Forms.cases((0..<5000).map(String.init)).dropLast(20)), to: "cut.xml")
        let converted = try await qiao("convert", file.path, "--mappings", setup.root.path + "/mappings")
        #expect(converted.exitCode == 2)
        #expect(converted.output.isEmpty)
        #expect(converted.errors.contains("rejected"))
    }

    /// A value that was left out is a warning; only a row that was set aside is worth an exit code.
    @Test func warningsAloneAreNoFailure() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let roster = "姓名,身份证号\r\n王7,\(Forms.identityNumber(7))\r\n"
        let file = try folder.write(roster, to: "roster.csv")
        let converted = try await qiao("convert", file.path, "--mappings", setup.root.path + "/mappings")
        #expect(converted.exitCode == 0)
        #expect(converted.errors.contains("warning"))
    }

    /// Pure ASCII is what it is declared to be, and UTF-16 needs no byte order mark.
    @Test func encodingsThatAreDeclaredRightAreNotTold() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let text = Forms.cases(["1", "2"]).replacing("路灯", with: "Lamp")
        let plain = try folder.write(text.replacing("UTF-8", with: "GBK"), to: "gbk.xml")
        let wide = folder.url.appending(path: "wide.xml")
        let words = text.replacing("UTF-8", with: "UTF-16").replacing("Lamp", with: "路灯").utf16
        try Data(words.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }).write(to: wide)
        let converted = try await qiao(
            "convert", plain.path, wide.path, "--mappings", setup.root.path + "/mappings", "--json")
        #expect(converted.exitCode == 0, "\(converted.errors)")
        #expect(converted.lines.count == 4)
        #expect(converted.lines.last?.contains("路灯 2") == true)
        #expect(!converted.errors.contains("xml.encoding"))
    }

    @Test func aMissingFileIsAnErrorOfInput() async throws {
        let converted = try await qiao("convert", "nowhere.csv")
        #expect(converted.exitCode == 74)
        #expect(converted.errors.contains("nowhere.csv"))
    }

    /// Names of files are bytes; what people see of them does nothing to their terminal.
    @Test func namesOfFilesAreBytesAndShownSafely() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        try folder.write(Forms.roster([1]), to: "roster.csv")
        let script = """
            cd \(setup.root.path)
            gbk=$(printf '\\320\\325\\303\\373.csv'); red=$(printf '\\033[31m.csv')
            cp roster.csv "$gbk"; cp roster.csv "$red"
            twin=$(printf '\\320\\326\\303\\373.csv'); cp roster.csv "$twin"
            \(Program.path("qiao")) convert "$gbk" "$twin" "$red" --mappings mappings
            """
        let converted = try await run("/bin/sh", ["-c", script])
        #expect(converted.exitCode == 0, "\(converted.errors)")
        #expect(converted.errors.contains("姓名.csv: converted"))
        #expect(converted.errors.contains("兄名.csv: converted"), "both look alike to who cannot read them")
        #expect(converted.errors.contains("\\u{1B}[31m.csv: converted"))
        #expect(!converted.errors.contains("\u{1B}"))
        #expect(converted.lines.first?.contains("\"document\":\"姓名.csv\"") == true)
    }

    @Test func aPipeIsNoDocument() async throws {
        let converted = try await run("/bin/sh", ["-c", "echo | \(Program.path("qiao")) convert /dev/stdin"])
        #expect(converted.exitCode == 74)
        #expect(converted.errors.contains("inbound.not-ordinary"))
        let folder = try await qiao("convert", "samples")
        #expect(folder.exitCode == 74)
        #expect(folder.errors.contains("Is a directory"))
    }

    @Test func theSummaryForMachinesHasControlTotals() async throws {
        let converted = try await qiao("convert", Self.samples[1], "-o", "/dev/null", "--json")
        let summary = try #require(
            try JSONSerialization.jsonObject(with: Data(converted.errors.utf8)) as? [String: Any])
        let totals = try #require(summary["controlTotals"] as? [[String: Any]])
        #expect(totals.first?["name"] as? String == "诉求总数")
        #expect(totals.first?["found"] as? Int == 1000)
        #expect(totals.first?["agrees"] as? Bool != nil)
    }

    @Test func anUnknownOptionIsAnErrorOfUsage() async throws {
        #expect(try await qiao("convert", "--too", "jsonl").exitCode == 64)
    }

    @Test func aMistypedMappingIsSuggested() async throws {
        let converted = try await qiao("convert", Self.samples[0], "--mapping", "yutai.liangzhang-rooster")
        #expect(converted.exitCode == 78)
        #expect(converted.errors.contains("yutai.liangzhang-roster?"))
    }

    @Test func goldenCasesPass() async throws {
        let tested = try await qiao("mapping", "test")
        #expect(tested.exitCode == 0, "\(String(decoding: tested.output, as: UTF8.self))")
        #expect(tested.errors.contains("0 failed"))
    }

    /// A part of the folder has the code tables of the whole.
    @Test(arguments: ["mappings/yutai", "mappings/yutai/"])
    func goldenCasesOfAFolderPass(folder: String) async throws {
        let tested = try await qiao("mapping", "test", folder)
        #expect(tested.exitCode == 0, "\(tested.errors)")
        #expect(tested.errors.contains(/[1-9]\d* passed, 0 failed/))
        let twice = try await qiao("mapping", "test", folder, "--mappings", "mappings")
        #expect(twice.exitCode == 64)
    }

    @Test func explainShowsWhereEveryFieldCameFrom() async throws {
        let explained = try await qiao("mapping", "explain", Self.samples[0], "--row", "1")
        #expect(explained.exitCode == 0, "\(explained.errors)")
        let text = String(decoding: explained.output, as: UTF8.self)
        #expect(text.contains("identity_number"))
        #expect(text.contains("身份证号"))
    }

    static let wrongRows: [(row: String, code: Int32, words: String)] = [
        ("4", 64, "has rows 1 to 3, and no row 4"), ("0", 64, "from 1 on, not 0"), ("-1", 64, "--row"),
        ("x", 64, "--row"),
    ]

    @Test(arguments: wrongRows)
    func explainSaysWhichRowsThereAre(row: String, code: Int32, words: String) async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let file = try folder.write(Forms.roster([1, 2]) + ",\r\n", to: "roster.csv")
        let mappings = setup.root.path + "/mappings"
        let missing = try await qiao("mapping", "explain", file.path, "--mappings", mappings, "--row=\(row)")
        #expect(missing.exitCode == code)
        #expect(missing.errors.contains(words), "\(missing.errors)")
        #expect(missing.output.isEmpty)
        let blank = try await qiao("mapping", "explain", file.path, "--mappings", mappings, "--row", "3")
        #expect(blank.exitCode == 0)
        #expect(String(decoding: blank.output, as: UTF8.self).contains("row 3: no records; it is blank"))
    }

    /// Where no element is a record, the path of `each` is wrong: what is there instead shows how.
    @Test func explainSaysWhatIsThereInsteadOfRows() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let file = try folder.write(
            "<a:cases xmlns:a=\"urn:test:cases\"><a:village><a:case id=\"1\"/></a:village></a:cases>", to: "deep.xml")
        let mappings = setup.root.path + "/mappings"
        let explained = try await qiao("mapping", "explain", file.path, "--mappings", mappings, "--row", "1")
        #expect(explained.exitCode == 64)
        #expect(explained.errors.contains("deep.xml has no rows"), "\(explained.errors)")
        #expect(explained.errors.contains("not read by the mapping: village"), "\(explained.errors)")
    }

    @Test func explainSaysWhyADocumentIsRejected() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let file = try folder.write(String(Forms.cases(["1", "2"]).dropLast(20)), to: "cut.xml")
        let explained = try await qiao("mapping", "explain", file.path, "--mappings", setup.root.path + "/mappings")
        #expect(explained.exitCode == 2)
        #expect(String(decoding: explained.output, as: UTF8.self).contains("row 1: Case"))
        #expect(explained.errors.contains(#/cut\.xml:\d+:\d+: /#), "\(explained.errors)")
    }

    @Test func explainTakesAMappingFile() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let file = try folder.write(Forms.roster([1]), to: "roster.csv")
        let mapping = setup.root.path + "/mappings/test/roster.yaml"
        let explained = try await qiao("mapping", "explain", file.path, "--mapping", mapping)
        #expect(explained.exitCode == 0, "\(explained.errors)")
        #expect(explained.lines.first?.contains("with test.roster") == true)
    }

    @Test func aPackageIsNotExplained() async throws {
        let explained = try await qiao("mapping", "explain", "samples/packages/good/cases.xml.p7m")
        #expect(explained.exitCode == 2)
        #expect(explained.errors.contains("qiao package inspect"), "\(explained.errors)")
    }

    @Test func checkNamesFileLineColumnAndSuggests() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        try folder.write(setup.yaml.replacing("completion:", with: "completoin:"), to: "qiao.yaml")
        let checked = try await qiao("check", "--config", folder.url.appending(path: "qiao.yaml").path)
        #expect(checked.exitCode == 2)
        let text = String(decoding: checked.output, as: UTF8.self)
        #expect(text.contains(/qiao\.yaml:\d+:\d+: error: unknown key “completoin”.*did you mean “completion”/))
    }

    private func decoded(_ stream: [UInt8]) throws -> [String] {
        var lines: [String] = []
        var position = 0
        while let range = try DelimitedRecords.next(in: stream.span, at: &position) {
            let record = try Qiao_Records_V1_Record(serializedBytes: Array(stream[range]))
            lines.append(Self.normalised(try record.jsonString()))
        }
        return lines
    }

    // Key order and escapes are nobody's business.
    private static func normalised(_ line: String) -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)),
            let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        else { return line }
        return String(decoding: data, as: UTF8.self)
    }
}
