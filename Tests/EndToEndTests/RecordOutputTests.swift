import Foundation
import Glibc
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
        #expect(!documents.folder.url.entries.contains { $0.hasSuffix(".part") })
    }

    /// An empty file in its place would look like a document without records.
    @Test(arguments: ["cut.xml", "missing.xml", "cut.xml missing.xml cut.xml"])
    func aFileIsAsItWasWhereNothingIsAccepted(names: String) async throws {
        let documents = try await Documents(cases: 10)
        let root = documents.folder.url
        let convert = ["convert", "--mappings", "mappings", "-o", "all.jsonl", "--findings", "f.csv"]
        let arguments = convert + names.split(separator: " ").map(String.init)
        let path = root.appending(path: "all.jsonl")
        let without = try await run(Program.path("qiao"), arguments, in: root)
        #expect(without.exitCode == (names.contains("missing") ? 74 : 2))
        #expect(!FileManager.default.fileExists(atPath: path.path))
        #expect(without.errors.contains("No document was accepted: all.jsonl was not made"), "\(without.errors)")
        try documents.folder.write("before", to: "all.jsonl")
        let with = try await run(Program.path("qiao"), arguments, in: root)
        #expect(try Data(contentsOf: path) == Data("before".utf8))
        #expect(with.errors.contains("No document was accepted: all.jsonl was left as it was"), "\(with.errors)")
        #expect(!root.entries.contains { $0.hasSuffix(".part") })
        #expect(root.entries.contains("f.csv") == names.contains("cut"), "findings are told all the same")
        let json = try await run(Program.path("qiao"), arguments + ["--json"], in: root)
        #expect(!json.errors.contains("was left"), "one object for each document")
    }

    @Test func anAcceptedDocumentWithoutRecordsIsWritten() async throws {
        let documents = try await Documents(cases: 10)
        let root = documents.folder.url
        try documents.folder.write("姓名,身份证号\r\n", to: "none.csv")
        let path = try documents.folder.write("before", to: "all.jsonl")
        let converted = try await run(
            Program.path("qiao"), ["convert", "cut.xml", "none.csv", "--mappings", "mappings", "-o", "all.jsonl"],
            in: root)
        #expect(converted.exitCode == 2)
        #expect(converted.errors.contains("none.csv: converted"), "\(converted.errors)")
        #expect(try Data(contentsOf: path).isEmpty)
    }

    /// Who reads it must not wait for ever.
    @Test(arguments: ["cut.xml", "missing.xml"])
    func aNamedPipeEndsWhereNothingIsAccepted(name: String) async throws {
        let documents = try await Documents(cases: 10)
        let convert = "\(Program.path("qiao")) convert \(name) --mappings mappings -o p"
        let read = try await run(
            "/bin/sh", ["-c", "mkfifo p && (\(convert) & timeout 60 cat p)"], in: documents.folder.url)
        #expect(read.exitCode == 0)
        #expect(read.output.isEmpty)
        #expect(!read.errors.contains("was left"))
    }

    /// Who pipes what is said into `head` wants the records all the same.
    @Test func fileIsWrittenWhoeverReadsWhatIsSaid() async throws {
        let documents = try await Documents(cases: 10)
        let path = documents.folder.url.appending(path: "all.jsonl")
        let shell = "exec 4>&1; { { \(documents.shellCommand) -o \(path.path); echo $? >&4; } 2>&1 | :; }"
        let converted = try await run("/bin/sh", ["-c", shell])
        #expect(String(decoding: converted.output, as: UTF8.self) == "2\n")
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

    /// Killed at whatever moment, it leaves no temporary file behind.
    @Test func theTemporaryFileNeverHasAName() async throws {
        let documents = try await Documents(cases: 6000)
        let temporary = try documents.folder.folder("tmp").path
        let watch = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
        defer { close(watch) }
        try #require(inotify_add_watch(watch, temporary, UInt32(IN_CREATE)) >= 0)
        let converted = try await run(Program.path("qiao"), documents.arguments, environment: ["TMPDIR": temporary])
        #expect(converted.output == documents.expected)
        var event = [UInt8](repeating: 0, count: 4096)
        #expect(read(watch, &event, event.count) < 0)
    }

    /// What a name stands for is written to; it is not replaced by a file of that name.
    @Test func findingsGoDownAPipe() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let root = setup.root.path
        try folder.write("姓名,身份证号\r\n王7,1\r\n", to: "roster.csv")
        let convert = "\(Program.path("qiao")) convert \(root)/roster.csv --mappings \(root)/mappings -o /dev/null"
        let named = try await run(
            "/bin/sh",
            ["-c", "mkfifo \(root)/p && (\(convert) --findings \(root)/p & cat \(root)/p) && test -p \(root)/p"])
        #expect(named.exitCode == 0, "\(named.errors)")
        let printed = try await run("/bin/sh", ["-c", "\(convert) --findings -"])
        #expect(printed.exitCode == 1)
        let file = try await run("/bin/sh", ["-c", "\(convert) --findings \(root)/f.csv; cat \(root)/f.csv"])
        for output in [named.output, printed.output] { #expect(output == file.output) }
        #expect(String(decoding: file.output, as: UTF8.self).contains("identity-number.length"))
    }

    /// A link stays one, and what it leads to is written; also where that is not there yet.
    @Test(arguments: ["there.jsonl", "missing.jsonl"])
    func aLinkIsWrittenThrough(target: String) async throws {
        let documents = try await Documents(cases: 10)
        let root = documents.folder.url
        _ = try documents.folder.folder("far")
        try documents.folder.write("before", to: "far/there.jsonl")
        chmod(root.path + "/far/there.jsonl", 0o640)
        for (link, destination) in [("link", "near"), ("near", "far/\(target)"), ("f", "far/f.csv")] {
            try FileManager.default.createSymbolicLink(
                atPath: root.path + "/" + link, withDestinationPath: destination)
        }
        let converted = try await run(
            Program.path("qiao"),
            documents.arguments + ["-o", root.path + "/link", "--findings", root.path + "/f"])
        #expect(converted.exitCode == 2, "\(converted.errors)")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: root.path + "/link") == "near")
        #expect(try Data(contentsOf: root.appending(path: "far/\(target)")) == documents.expected)
        #expect(root.appending(path: "far").entries == Set(["f.csv", "there.jsonl", target]).sorted())
        let mode = try FileManager.default.attributesOfItem(atPath: root.path + "/far/there.jsonl")[.posixPermissions]
        #expect(mode as? Int == 0o640, "who may read it may do so later, and nobody else")
    }

    @Test func linksThatLeadNowhereAreAnErrorOfOutput() async throws {
        let documents = try await Documents(cases: 10)
        let link = documents.folder.url.path + "/loop"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "loop")
        let converted = try await run(Program.path("qiao"), documents.arguments + ["-o", link])
        #expect(converted.exitCode == 74)
        #expect(converted.errors.contains("loop"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "loop")
    }

    /// Its name is that of what the shell has opened, behind what is there.
    @Test(arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
    func theNameOfStdoutIsStdout(name: String) async throws {
        let documents = try await Documents(cases: 10)
        let path = try documents.folder.write("before\n", to: "all.jsonl")
        let converted = try await run("/bin/sh", ["-c", "\(documents.shellCommand) -o \(name) >> \(path.path)"])
        #expect(converted.exitCode == 2, "\(converted.errors)")
        #expect(try Data(contentsOf: path) == Data("before\n".utf8) + documents.expected)
    }

    @Test func aFolderIsNoOutput() async throws {
        let documents = try await Documents(cases: 10)
        let converted = try await run(
            Program.path("qiao"), documents.arguments + ["-o", documents.folder.url.path])
        #expect(converted.exitCode == 74)
        #expect(converted.errors.contains("is a folder"), "\(converted.errors)")
        #expect(!converted.errors.contains("first.xml: converted"), "it is told before the work is done")
    }

    /// The table of several documents says which of them each finding is about; that of one is as a receipt's.
    @Test func findingsOfSeveralDocumentsNameThem() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let root = setup.root.path
        try folder.write("姓名,身份证号\r\n王7,1\r\n", to: "a.csv")
        try folder.write("姓名,身份证号\r\n王7,2\r\n王8,3\r\n", to: "b.csv")
        let common = ["convert", "--mappings", "\(root)/mappings", "-o", "/dev/null", "--findings", "-"]
        let both = try await run(Program.path("qiao"), common + ["\(root)/a.csv", "\(root)/b.csv"])
        let header =
            "行 Row,列 Column,代码 Code,级别 Severity,值（已脱敏） Value (masked),说明,Message,行号 Line,"
            + "列号 Position,字节位置 Offset"
        let rows = String(decoding: both.output, as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(rows.first == "\u{FEFF}\(header),文件 File")
        let files = rows.dropFirst().map { $0.split(separator: ",").last.map(String.init) }
        let ofFirst = files.prefix { $0 == "\(root)/a.csv" }
        #expect(!ofFirst.isEmpty)
        #expect(files.count == 3 * ofFirst.count)
        #expect(files.dropFirst(ofFirst.count).allSatisfy { $0 == "\(root)/b.csv" })
        let one = try await run(Program.path("qiao"), common + ["\(root)/a.csv"])
        #expect(String(decoding: one.output, as: UTF8.self).hasPrefix("\u{FEFF}\(header)\r\n"))
    }

    @Test(arguments: [
        ["-o", "roster.csv"], ["--findings", "roster.csv"], ["-o", "x.csv", "--findings", "./x.csv"],
        ["-o", "x.csv", "--findings", "link.csv"], ["-o", "mine.yaml", "--mapping", "./mine.yaml"],
    ])
    func nothingIsOverwrittenThatIsNeeded(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let text = Forms.roster([1])
        let roster = try folder.write(text, to: "roster.csv")
        try folder.write(Forms.rosterMapping, to: "mine.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: setup.root.path + "/link.csv", withDestinationPath: "x.csv")
        let converted = try await run(
            Program.path("qiao"), ["convert", "roster.csv", "--mappings", "mappings"] + arguments, in: setup.root)
        #expect(converted.exitCode == 64)
        #expect(try String(contentsOf: roster, encoding: .utf8) == text)
        #expect(try String(contentsOf: folder.url.appending(path: "mine.yaml"), encoding: .utf8) == Forms.rosterMapping)
        #expect(!FileManager.default.fileExists(atPath: setup.root.appending(path: "x.csv").path))
    }

    /// Two runs that write the same file: each writes it whole, and the one that ends last has the last word.
    @Test func twoRunsDoNotShareAHalfFile() async throws {
        let documents = try await Documents(cases: 6000)
        let root = documents.folder.url.path
        let all = String(repeating: " \(root)/first.xml", count: 20)
        let script = """
            long() { \(Program.path("qiao")) convert "$@" --mappings \(root)/mappings -o \(root)/o; }
            long \(all) & first=$!
            while ! ls \(root)/o*.part >/dev/null 2>&1; do sleep 0.01; done
            long \(root)/first.xml || exit 1
            size=$(stat -c %s \(root)/o)
            wait $first || exit 2
            test $(stat -c %s \(root)/o) -eq $((size * 20)) || exit 3
            ! ls \(root)/o*.part 2>/dev/null || exit 4
            """
        let ended = try await run("/bin/bash", ["-c", script])
        #expect(ended.exitCode == 0, "\(ended.errors)")
    }

    /// The document is a pipe's, so to say: it ends when the test says so.
    @Test(arguments: ["INT", "TERM", "HUP"])
    func noHalfFileStaysBehindASignal(signal: String) async throws {
        let documents = try await Documents(cases: 6000)
        let root = documents.folder.url.path
        // By their short names: the script is one argument, which may have 128 KiB.
        let all = String(repeating: " first.xml", count: 2000)
        let script = """
            \(Program.path("qiao")) convert \(all) --mappings \(root)/mappings -o \(root)/o --findings \(root)/f 2>/dev/null &
            while ! test -s \(root)/o.*.part; do sleep 0.05; done
            kill -\(signal) $!
            wait $!
            """
        // An interactive shell, which has its background jobs heed SIGINT.
        let ended = try await run("/bin/bash", ["-c", "set -m; \(script)"], in: documents.folder.url)
        #expect(ended.exitCode == ["INT": 130, "TERM": 143, "HUP": 129][signal])
        #expect(documents.folder.url.entries.filter { $0.hasPrefix("o") || $0.hasPrefix("f.") || $0 == "f" } == ["out"])
    }

    /// As soon as there is anything that could stay behind.
    @Test(arguments: ["INT", "TERM"])
    func noSignalIsTooEarly(signal: String) async throws {
        let documents = try await Documents(cases: 6000)
        let root = documents.folder.url
        let all = String(repeating: " first.xml", count: 100)
        let script = """
            set -m
            for round in {1..20}; do
                \(Program.path("qiao")) convert \(all) --mappings mappings -o o 2>/dev/null &
                until compgen -G "o.*.part" >/dev/null; do :; done
                kill -\(signal) $!
                wait $!
                echo $? $(compgen -G "o.*.part")
                rm -f o.*.part
            done
            """
        let ended = try await run("/bin/bash", ["-c", script], in: root)
        let expected = String(repeating: "\(["INT": 130, "TERM": 143][signal] ?? 0)\n", count: 20)
        #expect(String(decoding: ended.output, as: UTF8.self) == expected)
    }
}
