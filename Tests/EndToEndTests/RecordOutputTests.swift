import Foundation
import Testing

/// Where `qiao convert` writes: whole documents or nothing of them, whatever stdout is.
@Suite struct RecordOutputTests {
    /// Two good documents with a rejected one between them; and what both good ones give.
    private struct Documents {
        let folder: TemporaryFolder
        let arguments: [String]
        let expected: Data

        init(cases count: Int) async throws {
            folder = try TemporaryFolder()
            let setup = try Setup(folder)
            let first = Forms.cases((0..<count).map(String.init))
            try folder.write(first, to: "first.xml")
            try folder.write(String(first.dropLast(20)), to: "cut.xml")
            try folder.write(Forms.cases(["last"]), to: "last.xml")
            let root = setup.root.path
            let common = ["convert", "--mappings", root + "/mappings", "--to", "jsonl"]
            var expected = Data()
            for name in ["first", "last"] {
                let alone = ["\(root)/\(name).xml", "-o", "\(root)/\(name).jsonl"]
                #expect(try await run(Program.path("qiao"), common + alone).exitCode == 0)
                expected += try Data(contentsOf: folder.url.appending(path: "\(name).jsonl"))
            }
            self.expected = expected
            arguments = common + ["first", "cut", "last"].map { "\(root)/\($0).xml" }
        }

        var shellCommand: String { ([Program.path("qiao")] + arguments).joined(separator: " ") }
    }

    // The first fits into memory, the second does not.
    static let counts = [10, 6000]

    @Test(arguments: counts)
    func aPipeGetsAcceptedDocumentsAlone(count: Int) async throws {
        let documents = try await Documents(cases: count)
        let converted = try await run(Program.path("qiao"), documents.arguments)
        #expect(converted.exitCode == 2)
        #expect(converted.output == documents.expected)
    }

    @Test(arguments: counts)
    func aFileGetsAcceptedDocumentsAlone(count: Int) async throws {
        let documents = try await Documents(cases: count)
        let path = documents.folder.url.appending(path: "all.jsonl")
        let converted = try await run(Program.path("qiao"), documents.arguments + ["-o", path.path])
        #expect(converted.exitCode == 2)
        #expect(try Data(contentsOf: path) == documents.expected)
        #expect(!FileManager.default.fileExists(atPath: path.path + ".part"))
    }

    /// Such a file takes nothing that the kernel is told to copy by itself.
    @Test(arguments: counts)
    func stdoutThatAppends(count: Int) async throws {
        let documents = try await Documents(cases: count)
        let path = try documents.folder.write("before\n", to: "all.jsonl")
        let converted = try await run("/bin/sh", ["-c", "\(documents.shellCommand) >> \(path.path)"])
        #expect(converted.exitCode == 2)
        #expect(try Data(contentsOf: path) == Data("before\n".utf8) + documents.expected)
    }

    /// There is no folder for temporary files, and none is needed.
    @Test(arguments: ["-o /dev/null", "> /dev/null"])
    func nothingIsKeptForTheNullDevice(target: String) async throws {
        let documents = try await Documents(cases: 6000)
        let converted = try await run(
            "/bin/sh", ["-c", "\(documents.shellCommand) \(target)"], environment: ["TMPDIR": "/nowhere"])
        #expect(converted.exitCode == 2)
        #expect(converted.output.isEmpty)
        #expect(!converted.errors.contains("/nowhere"))
    }

    @Test func whatFitsIntoMemoryNeedsNoTemporaryFile() async throws {
        let documents = try await Documents(cases: 10)
        let converted = try await run(
            Program.path("qiao"), documents.arguments, environment: ["TMPDIR": "/nowhere"])
        #expect(converted.output == documents.expected)
    }

    @Test func noRoomForATemporaryFileIsAnErrorOfOutput() async throws {
        let documents = try await Documents(cases: 6000)
        let converted = try await run(
            Program.path("qiao"), documents.arguments, environment: ["TMPDIR": "/nowhere"])
        #expect(converted.exitCode == 74)
        #expect(converted.output.isEmpty)
        #expect(converted.errors.contains("/nowhere"))
    }
}
