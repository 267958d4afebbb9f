import Foundation
import Testing

extension Ended {
    fileprivate var text: String { String(decoding: output, as: UTF8.self) }
}

/// A record that an exporter refuses: it is shown, mended, sent again, and arrives once.
@Suite struct DeadLetterTests {
    /// Writes what it accepts to a file, a line each with its position, and refuses records with the word in another file.
    private static let exporter = """
        while IFS= read -r line; do
          case $line in
          *'"start":'*)
            stored=$(sed -n '$s/ .*//p' "$1/accepted")
            echo "{\\"ready\\":{\\"protocol\\":1,\\"name\\":\\"choosy\\",\\"encoding\\":\\"json\\",\\"storedPosition\\":\\"${stored:-0}\\"}}" ;;
          *'"record":'*)
            position=$(printf '%s' "$line" | sed 's/.*"position":"\\([0-9]*\\)".*/\\1/')
            if printf '%s' "$line" | grep -qf "$1/refused"; then
              echo "{\\"reject\\":{\\"position\\":\\"$position\\",\\"reason\\":\\"no such word\\"}}"
            else
              echo "$position $line" >> "$1/accepted"
              echo "{\\"ack\\":{\\"position\\":\\"$position\\"}}"
            fi ;;
          *'"stop":'*) exit 0 ;;
          esac
        done
        """

    private struct Stage {
        let folder: TemporaryFolder
        let setup: Setup

        init() throws {
            folder = try TemporaryFolder()
            try folder.write(DeadLetterTests.exporter, to: "choosy.sh")
            setup = try Setup(folder, exporter: "[/bin/sh, \(folder.url.path)/choosy.sh, \(folder.url.path)]")
            try folder.write("", to: "accepted")
            try refuse("路灯 2")
        }

        func refuse(_ word: String) throws { try folder.write(word + "\n", to: "refused") }

        func start() async throws -> RunningGateway {
            let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
            try await gateway.ready()
            return gateway
        }

        /// The numbers of the cases in the order in which they were accepted, and their positions.
        func accepted() -> [String] {
            folder.url.appending(path: "accepted").endedLines.map { line in
                let number = line.firstMatch(of: /"title":"路灯 ([^"]*)"/)?.1 ?? "?"
                return "\(line.prefix { $0 != " " }): \(number)"
            }
        }

        func run(_ arguments: String...) async throws -> Ended {
            let settings = folder.url.appending(path: "qiao.yaml").path
            return try await EndToEndTests.run(Program.path("qiao"), arguments + ["--config", settings])
        }

        func letters() async throws -> [String] {
            try await run("dead-letters", "--all", "--json").lines.map { line in
                let letter = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                return "\(letter["number"] ?? "") \(letter["state"] ?? "")"
            }
        }
    }

    @Test(.timeLimit(.minutes(4))) func itIsSentAgainOnceTheExporterTakesIt() async throws {
        let stage = try Stage()
        let gateway = try await stage.start()
        try stage.setup.drop(Forms.cases(["1", "2", "3"]), as: "cases.xml", into: "cases")
        try await eventually("the others are accepted") { stage.accepted() == ["1: 1", "3: 3"] }
        try await eventually("one is refused") { try await stage.letters() == ["1 open"] }
        #expect(try await stage.run("dead-letter", "1").text.contains("no such word"))
        #expect(try await stage.run("status").text.contains("1, 1 open"))
        let mistyped = try await stage.run("dead-letters", "--route", "line")
        #expect(mistyped.exitCode == 78)
        #expect(mistyped.errors.contains("Did you mean lines?"))
        // Refused again: another dead letter.
        #expect(try await stage.run("replay", "1").exitCode == 0)
        try await eventually("it is refused again") { try await stage.letters() == ["1 replayed", "2 open"] }
        try stage.refuse("no such thing")
        #expect(try await stage.run("replay", "--route", "lines").exitCode == 0)
        try await eventually("it is accepted") { stage.accepted() == ["1: 1", "3: 3", "5: 2"] }
        #expect(try await stage.letters() == ["1 replayed", "2 replayed"])
        try await eventually("all counts reconcile") {
            let status = try await stage.run("status")
            return status.exitCode == 0 && status.text.contains("selected 5 = acked 3 + dead letters 2")
        }
        #expect(try await stage.run("replay", "2").exitCode == 2)
        #expect(try await stage.run("replay", "9").exitCode == 2)
        #expect(try await stage.run("replay").exitCode == 64)
        #expect(try await gateway.end() == 0)
    }

    /// The request is left while the gateway is stopped, and it is killed while it works: the record arrives once.
    @Test(.timeLimit(.minutes(4))) func aMendedRecordArrivesOnceWhateverHappens() async throws {
        let stage = try Stage()
        let first = try await stage.start()
        try stage.setup.drop(Forms.cases(["1", "2"]), as: "cases.xml", into: "cases")
        try await eventually("one is refused") { try await stage.letters() == ["1 open"] }
        try await first.end(SIGKILL)
        let record = try await stage.run("dead-letter", "1", "--record", "--reveal").text
        #expect(record.contains("路灯 2"))
        let mended = stage.folder.url.appending(path: "mended.json")
        try record.replacing("路灯 2", with: "路灯 two").write(
            to: mended, atomically: true, encoding: .utf8)
        // Whoever forgets --reveal would send what is masked as if it were so.
        let masked = stage.folder.url.appending(path: "masked.json")
        try await stage.run("dead-letter", "1", "--record").text.replacing("路灯 2", with: "路灯 two").write(
            to: masked, atomically: true, encoding: .utf8)
        let refused = try await stage.run("replay", "1", "--with", masked.path)
        #expect(refused.exitCode == 2)
        #expect(refused.errors.contains("ask for it with --reveal"), "\(refused.errors)")
        #expect(try await stage.letters() == ["1 open"])
        let asked = try await stage.run("replay", "1", "--with", mended.path)
        #expect(asked.exitCode == 0)
        #expect(asked.errors.contains("when the gateway is started"))
        for _ in 0..<3 {
            let gateway = try await stage.start()
            try await eventually("it was sent again") { try await stage.letters() == ["1 replayed"] }
            try await gateway.end(SIGKILL)
        }
        let last = try await stage.start()
        try await eventually("it is accepted") { stage.accepted() == ["1: 1", "3: two"] }
        #expect(try await last.end() == 0)
        #expect(stage.accepted() == ["1: 1", "3: two"])
    }

    @Test(.timeLimit(.minutes(4))) func whatIsLetGoOrReplacedIsNotSent() async throws {
        let stage = try Stage()
        let gateway = try await stage.start()
        try stage.setup.drop(Forms.cases(["1", "2"]), as: "cases.xml", into: "cases")
        try await eventually("one is refused") { try await stage.letters() == ["1 open"] }
        try stage.setup.drop(Forms.cases(["2", "3"]), as: "again.xml", into: "cases")
        try await eventually("the same is refused again") { try await stage.letters() == ["1 open", "2 open"] }
        // The exporter comes to it behind the one that it refuses.
        try await eventually("the other is accepted") { stage.accepted() == ["1: 1", "4: 3"] }
        try stage.refuse("no such thing")
        #expect(try await stage.run("replay", "1").exitCode == 0)
        try await eventually("the newer one stands") { try await stage.letters() == ["1 superseded", "2 open"] }
        #expect(try await stage.run("dismiss", "2").exitCode == 0)
        try await eventually("it is let go") { try await stage.letters() == ["1 superseded", "2 removed"] }
        #expect(try await stage.run("replay", "--all").errors.contains("There are no open dead letters."))
        #expect(stage.accepted() == ["1: 1", "4: 3"])
        #expect(try await gateway.end() == 0)
    }
}
