import Foundation
import Testing

/// The command line in the hands of a stranger: what it says when something is wrong, and the exit code that scripts get.
@Suite struct CommandLineTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var code: Int32
        /// What the message must have, besides saying something.
        var words: String
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ line: String, _ code: Int32, _ words: String) {
            // `''` is an argument that is empty.
            arguments = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
            self.code = code
            self.words = words
        }
    }

    static let roster = "samples/yutai/liangzhang-roster.csv"
    static let signer =
        "--key samples/pki/keys/yutai-signer.key --certificate samples/pki/certs/yutai-signer.crt"
        + " --chain samples/pki/certs/test-ca.crt --kind cms-attached"
    static let package = "samples/packages/good/cases.xml.p7m"

    static let mistakes: [Mistake] = [
        Mistake("convert ''", 64, "files"),
        Mistake("convert -", 64, "stdin cannot be read here"),
        Mistake("convert nowhere.csv", 74, "Check the name"),
        Mistake("convert samples", 74, "Name a file rather than a folder"),
        Mistake("convert \(roster) -o ''", 64, "output"),
        Mistake(
            "convert \(roster) -o /nowhere/x", 74, "/nowhere/x cannot be written: No such file or directory. Make"),
        Mistake("convert \(roster) --findings -", 64, "cannot both be written to stdout"),
        Mistake("convert \(roster) --source ''", 64, "The name of the source is empty"),
        Mistake("convert \(roster) --mapping ''", 64, "mapping"),
        Mistake("convert \(roster) --mapping wholly.other", 78, "There are yutai.liangzhang-roster, "),
        Mistake("convert \(roster) --mappings ''", 64, "The name of the folder of mappings is empty"),
        Mistake("convert \(roster) --config ''", 64, "The name of the settings file is empty"),
        Mistake("convert \(package)", 78, "--trust ROOT.pem"),
        Mistake("mapping explain -", 64, "stdin cannot be read here"),
        Mistake("mapping explain nowhere.csv", 74, "Check the name"),
        Mistake("mapping explain \(package)", 2, "这是签名包"),
        Mistake("mapping draft -", 64, "stdin cannot be read here"),
        Mistake("mapping draft \(package)", 2, "这是签名包"),
        Mistake("mapping draft \(roster) -o samples", 74, "is a folder"),
        Mistake("mapping test ''", 64, "is empty"),
        Mistake("mapping test README.md", 64, "README.md is a file; name the folder"),
        Mistake("check --mappings ''", 64, "is empty"),
        Mistake("check --set foo", 64, "USAGE: qiao check".lowercased()),
        Mistake("records nowhere", 74, "nowhere cannot be read"),
        Mistake("records README.md", 2, "--to protobuf"),
        Mistake("package verify -", 64, "stdin cannot be read here"),
        Mistake("package verify \(package) --trust ''", 64, "trust"),
        Mistake("package verify \(package) --config x", 64, "--source"),
        Mistake("package verify --filing ''", 64, "1 to 64 hexadecimal digits"),
        Mistake("package create README.md --kind asic-e", 64, "usage: qiao package create"),
        Mistake(
            "package create README.md --key x --kind asic-e", 64, "--key is given 1 time and --certificate 0 times"),
        Mistake("package create README.md \(signer) -o ./README.md", 64, "would replace README.md"),
        Mistake("package create README.md \(signer) -o samples", 74, "is a folder"),
        Mistake("filings --limit 0", 64, "--limit"),
        Mistake("filings --limit -5", 64, "a number from 1 on, not -5"),
        Mistake("dead-letters --limit 0", 64, "--limit"),
        Mistake("dead-letters --limit -5", 64, "a number from 1 on, not -5"),
        Mistake("dead-letters --route ''", 64, "The name of the route is empty"),
        Mistake("replay --route ''", 64, "The name of the route is empty"),
        Mistake("filing zzz", 64, "1 to 64 hexadecimal digits"),
        Mistake("filings --outcome odd", 64, "usage: qiao filings"),
        Mistake("retry ''", 64, "1 to 64 hexadecimal digits"),
        Mistake("exporter test ''", 64, "is empty"),
        Mistake("demo --folder README.md", 64, "is a file"),
        Mistake("demo --samples nowhere", 64, "nowhere"),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsToldWithItsCode(mistake: Mistake) async throws {
        let ended = try await run(Program.path("qiao"), mistake.arguments)
        #expect(ended.exitCode == mistake.code, "\(ended.errors)")
        #expect(ended.errors.lowercased().contains(mistake.words.lowercased()), "\(ended.errors)")
        #expect(ended.output.isEmpty)
        #expect(!ended.errors.contains("NSCocoaErrorDomain"))
    }

    /// Whoever reads half a table must not believe it to be whole.
    @Test(arguments: [
        "mapping explain \(roster)", "mapping draft \(roster)", "mapping test", "check --mappings nowhere",
        "package inspect \(package)", "package verify \(package)", "trust list --trust samples/pki/certs/test-root.crt",
        "convert \(roster)", "--help",
    ])
    func aFullDiskIsAnErrorOfOutput(command: String) async throws {
        let ended = try await run("/bin/sh", ["-c", "\(Program.path("qiao")) \(command) > /dev/full"])
        #expect(ended.exitCode == 74, "\(ended.errors)")
        #expect(ended.errors.contains("stdout cannot be written: No space left on device"), "\(ended.errors)")
    }

    /// Nothing that the program opens itself is taken for stdout, and nothing of what it says gets into a file.
    @Test(arguments: ["mapping explain \(roster)", "mapping draft \(roster)", "convert \(roster)", "mapping test"])
    func aClosedOutputIsAnErrorOfOutput(command: String) async throws {
        let ended = try await run("/bin/sh", ["-c", "\(Program.path("qiao")) \(command) <&- >&-"])
        #expect(ended.exitCode == 74, "\(ended.errors)")
        #expect(ended.errors.contains("stdout cannot be written: Bad file descriptor"), "\(ended.errors)")
        let stdin = try await run("/bin/sh", ["-c", "\(Program.path("qiao")) records - <&-"])
        #expect(stdin.exitCode == 74)
        #expect(stdin.errors.contains("stdin cannot be read: Bad file descriptor"), "\(stdin.errors)")
    }

    @Test func filesAreWholeWhereNobodyListens() async throws {
        let folder = try TemporaryFolder()
        let output = folder.url.path + "/out.jsonl"
        let convert = "\(Program.path("qiao")) convert \(Self.roster)"
        let ended = try await run(
            "/bin/sh", ["-c", "\(convert) -o \(output) --findings \(output).csv <&- >&- 2>&-; \(convert)"])
        #expect(try Data(contentsOf: URL(filePath: output)) == ended.output)
    }

    @Test func aReaderThatHasEnoughIsNoTrouble() async throws {
        let script = "\(Program.path("qiao")) mapping explain \(Self.roster) | head -1"
        let ended = try await run("/bin/bash", ["-c", script])
        #expect(ended.exitCode == 0)
        #expect(ended.errors.isEmpty, "\(ended.errors)")
    }

    /// One document that is not there costs the others nothing, and it is told in the form of the others.
    @Test(arguments: [false, true])
    func theOthersAreConvertedWhereOneCannotBeRead(isForMachines: Bool) async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let root = setup.root.path
        for number in [1, 2] { try folder.write(Forms.roster([number]), to: "\(number).csv") }
        let files = ["1", "nowhere", "2"].map { "\(root)/\($0).csv" } + [Program.repository.path + "/" + Self.package]
        let ended = try await run(
            Program.path("qiao"),
            ["convert", "--mappings", root + "/mappings", "-o", root + "/out.jsonl", "--findings", root + "/f.csv"]
                + files + (isForMachines ? ["--json"] : []))
        #expect(ended.exitCode == 78, "the graver of both: \(ended.errors)")
        let lines = try String(contentsOfFile: root + "/out.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(folder.url.entries.contains("f.csv"))
        #expect(ended.errors.contains("nowhere.csv (No such file or directory)"))
        guard isForMachines else { return }
        let objects = try ended.errors.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.map { $0["file"] as? String } == files)
        #expect(objects.map { $0["error"] != nil } == [false, true, false, true])
    }

    @Test func whatIsThereStaysWhereNothingCanBeRead() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let output = try folder.write("before", to: "out.jsonl")
        let ended = try await qiao(
            "convert", "nowhere.csv", "elsewhere.csv", "-o", output.path, "--mappings", setup.root.path + "/mappings")
        #expect(ended.exitCode == 74)
        #expect(ended.errors.contains("nowhere.csv") && ended.errors.contains("elsewhere.csv"))
        #expect(try String(contentsOf: output, encoding: .utf8) == "before")
        #expect(folder.url.entries.filter { $0.hasPrefix("out.") } == ["out.jsonl"])
    }

    /// A device is written to, not replaced.
    @Test func aPackageGoesDownAPipe() async throws {
        let folder = try TemporaryFolder()
        let root = folder.url.path
        let create = "\(Program.path("qiao")) package create README.md \(Self.signer)"
        let ended = try await run(
            "/bin/sh",
            [
                "-c",
                "mkfifo \(root)/p && (\(create) -o \(root)/p & cat \(root)/p > \(root)/x.p7m; wait) && test -p \(root)/p",
            ])
        #expect(ended.exitCode == 0, "\(ended.errors)")
        let printed = try await run("/bin/sh", ["-c", "\(create) -o - > \(root)/y.p7m"])
        #expect(printed.errors.contains("stdout: cms-attached, "), "\(printed.errors)")
        for name in ["x", "y"] {
            let verified = try await run(
                Program.path("qiao"), ["package", "verify", "\(root)/\(name).p7m"] + SamplePackages.trust)
            #expect(verified.exitCode == 0, "\(String(decoding: verified.output, as: UTF8.self))")
        }
    }

    @Test func aKeyIsNotOverwritten() async throws {
        let folder = try TemporaryFolder()
        let key = folder.url.appending(path: "my.key")
        try FileManager.default.copyItem(atPath: SamplePackages.key("yutai-signer"), toPath: key.path)
        let before = try Data(contentsOf: key)
        let ended = try await qiao(
            "package", "create", "README.md", "--kind", "cms-attached", "--key", key.path, "--certificate",
            SamplePackages.certificate("yutai-signer"), "-o", key.path)
        #expect(ended.exitCode == 64)
        #expect(try Data(contentsOf: key) == before)
    }
}
