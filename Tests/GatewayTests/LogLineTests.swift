import Foundation
import Logging
import Testing

@testable import Gateway

@Suite struct LogLineTests {
    private func line(
        _ style: LogLine.Style, _ message: Logger.Message, _ metadata: Logger.Metadata = [:],
        level: Logger.Level = .notice, own: Logger.Metadata = [:]
    ) -> String {
        let lines = Guarded<[String]>([])
        var logger = Logger(label: "part") {
            LogLine(label: $0, level: .info, style: style) { line in
                lines.withLock { $0.append(line) }
            }
        }
        for (key, value) in own { logger[metadataKey: key] = value }
        logger.log(level: level, message, metadata: metadata)
        return lines.withLock { $0 }.joined(separator: "\n")
    }

    @Test func journalStyleHasThePriorityOfSystemd() {
        let levels: [(Logger.Level, String)] = [
            (.info, "<6>"), (.notice, "<5>"), (.warning, "<4>"), (.error, "<3>"), (.critical, "<2>"),
        ]
        for (level, prefix) in levels {
            #expect(line(.journal, "Ready", level: level) == prefix + "Ready")
        }
    }

    @Test func whatIsBelowTheLevelIsNotWritten() {
        #expect(line(.journal, "Ready", level: .debug) == "")
    }

    /// Exporters name the fields of what they say; none may forge a line of ours.
    @Test func namesOfMetadataStayOnTheLine() {
        #expect(line(.journal, "Ready", ["a\nb": "1", "c d=e\"": "2"]) == "<5>Ready a\\u{a}b=1 c_d_e_=2")
    }

    @Test func metadataIsSortedAndTheEventsOwnWins() {
        let written = line(
            .journal, "Ready", ["b": "2", "a": "1", "source": "event"], own: ["source": "logger", "c": "3"])
        #expect(written == "<5>Ready a=1 b=2 c=3 source=event")
    }

    @Test(arguments: [
        ("plain", "v=plain"), ("", #"v="""#), ("two words", #"v="two words""#), ("a=b", #"v="a=b""#),
        (#"say "hi""#, #"v="say \"hi\"""#), ("名册.csv", "v=名册.csv"), (#"a b\"#, #"v="a b\\""#),
        ("q\"\u{301}x", "v=\"q\\\"\u{301}x\""), ("a \u{301}b", "v=\"a \u{301}b\""),
    ])
    func valuesAreQuotedWhereTheyMustBe(_ value: String, _ expected: String) {
        #expect(
            Array(line(.journal, "M", ["v": "\(value)"]).unicodeScalars) == Array("<5>M \(expected)".unicodeScalars))
    }

    @Test func textStyleHasTimeLevelMessageAndMetadata() throws {
        let written = line(.text(colour: false), "Ready", ["a": "1"])
        let time = try #require(written.split(separator: " ").first)
        #expect((try? Date(String(time), strategy: .iso8601)) != nil)
        #expect(written.dropFirst(time.count) == " notice   Ready a=1")
    }

    @Test(arguments: [
        (Logger.Level.info, "32"), (.warning, "33"), (.error, "31"), (.critical, "31"),
    ])
    func coloursTellTheLevel(_ level: Logger.Level, _ code: String) {
        let written = line(.text(colour: true), "Ready", level: level)
        #expect(written.contains("\u{1B}[\(code)m\(level.rawValue)"))
        #expect(written.hasSuffix("\u{1B}[0m Ready"))
    }

    @Test func jsonStyleIsOneObjectThatAnyoneCanRead() throws {
        let values = ["plain", "two words", "quote \" and \\ back", "accent \"\u{301} \\\u{301}", "\u{7}\r\n\t", "名册"]
        for value in values {
            let written = line(.json, "Ready", ["v": "\(value)"])
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: String], "\(written)")
            #expect(object["message"] == "Ready")
            #expect(object["level"] == "notice")
            #expect(object["part"] == "part")
            #expect(object["time"] != nil)
            let escaped = value.unicodeScalars.map { $0.value < 0x20 ? "\\u{\(String($0.value, radix: 16))}" : "\($0)" }
            #expect(object["v"].map { Array($0.utf8) } == Array(escaped.joined().utf8))
        }
    }

    /// A file may be called anything; it must not be able to write a line of ours, or to us a terminal's commands.
    @Test(arguments: [
        ("line feed", "a\n<2>Forged"), ("carriage return", "a\rForged"), ("both", "a\r\n<2>Forged"),
        ("escape", "a\u{1B}[2JForged"), ("next line", "a\u{85}Forged"), ("one-byte CSI", "a\u{9B}2JForged"),
        ("line separator", "a\u{2028}Forged"), ("paragraph separator", "a\u{2029}Forged"), ("delete", "a\u{7F}b"),
        ("NUL", "a\u{0}b"), ("form feed", "a\u{C}Forged"),
    ])
    func valuesCannotForgeALine(_ name: String, _ value: String) {
        for style in [LogLine.Style.text(colour: false), .journal, .json] {
            for written in [line(style, "M", ["v": "\(value)"]), line(style, "\(value)")] {
                #expect(
                    !written.unicodeScalars.contains { scalar in
                        scalar.properties.generalCategory == .control || [0x2028, 0x2029].contains(scalar.value)
                    }, "\(name)")
                #expect(written.contains("\\u{"))
            }
        }
    }
}
