import ExporterProtocol
import Testing

@Suite struct ExporterOptionsTests {
    @Test func commandLineWinsOverSettings() throws {
        var options = try ExporterOptions(["--size", "4M", "--folder=/a=b"], known: ["size", "folder", "age"])
        try options.add(settings: ["size": "1", "age": "7"])
        #expect(try options.number("size") == 4 << 20)
        #expect(try options.number("age") == 7)
        #expect(options["folder"] == "/a=b")
        #expect(options["none"] == nil)
    }

    @Test(arguments: [["--colour", "red"], ["red"], ["--size"], ["-s"]])
    func wrongCommandLineIsTold(_ arguments: [String]) {
        #expect(throws: ExporterOptions.UsageError.self) { try ExporterOptions(arguments, known: ["size"]) }
    }

    @Test func unknownSettingIsTold() throws {
        var options = try ExporterOptions([], known: ["size"])
        let error = #expect(throws: ExporterOptions.UsageError.self) { try options.add(settings: ["sise": "1"]) }
        #expect(error?.description.contains("sise") == true)
    }

    @Test(arguments: ["", "0", "-1", "4T", "M", "1.5", "99999999999999"]) func wrongNumberIsTold(_ text: String) throws
    {
        let options = try ExporterOptions(["--size", text], known: ["size"])
        #expect(throws: ExporterOptions.UsageError.self) { try options.number("size") }
    }

    @Test func helpAndVersion() throws {
        #expect(try ExporterOptions(["-h"], known: []).wantsHelp)
        #expect(try ExporterOptions(["--help"], known: []).wantsHelp)
        #expect(try ExporterOptions(["--version"], known: []).wantsVersion)
    }
}
