import Foundation
import Glibc
import Journal
import Testing

/// What bad input gets, by the real daemon: each kind of trouble with its outcome, as `docs/operations.md` lists them.
@Suite struct BadInputTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var name: String
        var source: String
        var bytes: Data
        var code: String
        var testDescription: String { name }

        init(_ name: String, _ source: String, _ text: String, _ code: String) {
            self.init(name, source, Data(text.utf8), code)
        }

        init(_ name: String, _ source: String, _ bytes: Data, _ code: String) {
            self.name = name
            self.source = source
            self.bytes = bytes
            self.code = code
        }
    }

    static let root = "<a:cases xmlns:a=\"urn:test:cases\">"

    static let rejected: [Bad] = [
        Bad("empty.xml", "cases", "", "filing.empty"),
        Bad("empty.csv", "roster", "", "filing.empty"),
        Bad("malformed.xml", "cases", root + "<a:case></a:cases>", "xml."),
        Bad("doctype.xml", "cases", "<!DOCTYPE a [<!ENTITY b \"c\">]>" + root + "</a:cases>", "xml.doctype"),
        Bad("truncated.xml", "cases", String(Forms.cases(["1", "2"]).dropLast(30)), "xml."),
        Bad(
            "invalid-bytes.xml", "cases", Data(root.utf8) + Data([0xFF, 0xFE, 0xFF]) + Data("</a:cases>".utf8),
            "encoding."),
        Bad(
            "big5.xml", "cases",
            Data("<?xml version=\"1.0\" encoding=\"Big5\"?>".utf8) + Data(root.utf8)
                + Data([0xA4, 0xA4, 0xA4, 0xE5]) + Data("</a:cases>".utf8),
            "xml.encoding-unsupported"),
        Bad("no-mapping.xml", "cases", "<other/>", "mapping.none"),
        Bad("no-mapping.csv", "roster", "a,b\r\n1,2\r\n", "mapping.none"),
        Bad("missing-column.csv", "roster", "姓名,电话\r\n王某,1\r\n", "mapping.none"),
    ]

    @Test(.timeLimit(.minutes(3)))
    func rejectedFilingsAreQuarantinedWithAReceipt() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        for bad in Self.rejected { try setup.drop(bad.bytes, as: bad.name, into: bad.source) }
        for bad in Self.rejected {
            try await eventually("a receipt for \(bad.name)") {
                setup.receipts(bad.source).contains { $0.hasPrefix(bad.name) }
            }
            let receipt = try setup.receiptText(bad.source, named: bad.name)
            #expect(receipt.contains("rejected"), "\(bad.name)")
            #expect(receipt.contains(bad.code), "\(bad.name): \(receipt)")
        }
        try await eventually("everything is in quarantine") {
            let kept =
                FileManager.default.enumerator(atPath: setup.root.path + "/state/quarantine")?
                .compactMap { $0 as? String }.filter { $0.hasSuffix(".xml") || $0.hasSuffix(".csv") } ?? []
            return kept.count >= Set(Self.rejected.map { "\($0.source)\($0.bytes)" }).count
        }
        #expect(setup.exportedLines.isEmpty, "nothing of a rejected filing is forwarded")
        #expect(try await gateway.end() == 0)
    }

    /// The bytes decide, not the label; a label that says something else is told.
    @Test(.timeLimit(.minutes(4)))
    func aWrongEncodingLabelIsToldAndTheBytesDecide() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(
            Forms.cases(["1"]).replacing("UTF-8", with: "KOI8-R"), as: "koi8.xml", into: "cases")
        try await eventually("it is answered and delivered") {
            setup.receipts("cases").count == 1 && setup.exportedLines.count == 1
        }
        let receipt = try setup.receiptText("cases", named: "koi8.xml")
        #expect(receipt.contains("accepted-with-findings"))
        #expect(receipt.contains("xml.encoding-unknown"))
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func limitsAreKept() async throws {
        let folder = try TemporaryFolder()
        var setup = try Setup(folder)
        setup.extra = "limits: { filing-size: 64KiB, record-size: 4KiB }"
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases((0..<2000).map(String.init)), as: "large.xml", into: "cases")
        let long = String(repeating: "长", count: 3000)
        let cases = Forms.cases(["a", "b"]).replacing("路灯 a", with: long)
        try setup.drop(cases, as: "record.xml", into: "cases")
        try await eventually("both are answered") { setup.receipts("cases").count == 2 }
        #expect(try setup.receiptText("cases", named: "large.xml").contains("filing.too-large"))
        let record = try setup.receiptText("cases", named: "record.xml")
        #expect(record.contains("mapping.record-too-large"), "\(record)")
        try await eventually("the good record is forwarded") { setup.exportedLines.count == 1 }
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func twoMappingsThatMatchRejectAndNameBoth() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        try folder.write(
            Forms.caseMapping.replacing("test.cases", with: "test.others"), to: "mappings/test/others.yaml")
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases(["1"]), as: "twice.xml", into: "cases")
        try await eventually("it is answered") { setup.receipts("cases").count == 1 }
        let receipt = try setup.receiptText("cases", named: "twice.xml")
        #expect(receipt.contains("mapping.ambiguous"))
        #expect(receipt.contains("test.cases, test.others"))
        #expect(try await gateway.end() == 0)
    }

    /// Nothing but a regular file is touched, and everything is left where it is with a line in the log.
    @Test(.timeLimit(.minutes(4)))
    func whatIsNoRegularFileIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let inbound = setup.root.appending(path: "inbound/cases")
        let secret = try folder.write("secret", to: "secret.xml")
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try FileManager.default.createSymbolicLink(at: inbound.appending(path: "link.xml"), withDestinationURL: secret)
        #expect(mkfifo(inbound.appending(path: "pipe.xml").path, 0o644) == 0)
        try FileManager.default.createDirectory(
            at: inbound.appending(path: "folder.xml"), withIntermediateDirectories: true)
        try setup.drop(Forms.cases(["1"]), as: "zz-good.xml", into: "cases")
        try await eventually("the good filing is answered") { setup.receipts("cases").count == 1 }
        gateway.send(SIGHUP)
        try await gateway.waitFor("Reloaded")
        // A scan meets what inotify does not tell of a folder or a pipe.
        try await gateway.end()
        let second = try await RunningGateway(in: folder, settings: setup.yaml)
        try await second.waitFor("link.xml")
        try await second.waitFor("pipe.xml")
        #expect(inbound.entries == ["folder.xml", "link.xml", "pipe.xml"])
        #expect(try String(contentsOf: secret, encoding: .utf8) == "secret")
        #expect(try await second.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func anyNameIsTakenAndShownSafely() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let names: [[UInt8]] = [
            [0xC2, 0xA5, 0xB3, 0xA4] + Array(".xml".utf8),
            Array("two\nlines.xml".utf8),
            [0xFF, 0x80] + Array(".xml".utf8),
        ]
        for (index, name) in names.enumerated() {
            let staged = setup.root.appending(path: "drops/staged")
            try Data(Forms.cases(["name-\(index)"]).utf8).write(to: staged)
            let target = Array((setup.root.path + "/inbound/cases/").utf8) + name + [0]
            let moved = target.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { rename(staged.path, $0.baseAddress!) }
            }
            #expect(moved == 0)
        }
        try await eventually("all are answered") { setup.receipts("cases").count == names.count }
        try await eventually("all are forwarded") { setup.exportedLines.count == names.count }
        #expect(gateway.lines.allSatisfy { !$0.hasPrefix("lines.xml") }, "a name cannot forge a line of the log")
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func theSameBytesTwiceGetTheSameReceiptMarkedDuplicate() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases(["1", "2"]), as: "first.xml", into: "cases")
        try await eventually("it is answered") { setup.receipts("cases").count == 1 }
        try setup.drop(Forms.cases(["1", "2"]), as: "again.xml", into: "cases")
        try await eventually("the duplicate is answered") {
            setup.receipts("cases").contains { $0.hasSuffix(".duplicate.receipt.xml") }
        }
        try await eventually("both records are forwarded, once") { setup.exportedLines.count == 2 }
        #expect(try await gateway.end() == 0)
        #expect(setup.exportedLines.count == 2)
    }

    @Test(.timeLimit(.minutes(4)))
    func aFileStillBeingWrittenIsNotTaken() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let path = setup.root.path + "/inbound/cases/slow.xml"
        let text = Array(Forms.cases(["1"]).utf8)
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
        #expect(write(descriptor, Array(text[..<40]), 40) == 40)
        // A restart finds it by its scan; the open writer keeps it from being claimed.
        try setup.drop(Forms.cases(["2"]), as: "other.xml", into: "cases")
        try await eventually("the other one is answered") { setup.receipts("cases").count == 1 }
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(write(descriptor, Array(text[40...]), text.count - 40) == text.count - 40)
        close(descriptor)
        try await eventually("it is answered after its close") { setup.receipts("cases").count == 2 }
        #expect(try setup.receiptText("cases", named: "slow.xml").contains("accepted"))
        #expect(try await gateway.end() == 0)
    }

    /// A conversion that ends the process is tried once more, alone, and then quarantined as the cause.
    @Test(.timeLimit(.minutes(3)))
    func aFilingThatCrashesTheProcessDoesSoTwiceAtMost() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let hook = ["QIAO_TEST_CRASH_ON": "deadly"]
        let first = try await RunningGateway(in: folder, settings: setup.yaml, environment: hook)
        try await first.ready()
        try setup.drop(Forms.cases(["1"]), as: "deadly.xml", into: "cases")
        #expect(try await first.end(0) != 0, "the first attempt ends the process")
        try setup.drop(Forms.cases(["2"]), as: "harmless.xml", into: "cases")
        let second = try await RunningGateway(in: folder, settings: setup.yaml, environment: hook)
        #expect(try await second.end(0) != 0, "the second attempt, alone, ends it again")
        let third = try await RunningGateway(in: folder, settings: setup.yaml, environment: hook)
        try await third.ready()
        try await eventually("both are answered") { setup.receipts("cases").count == 2 }
        #expect(try setup.receiptText("cases", named: "deadly.xml").contains("filing.crashed"))
        #expect(try setup.receiptText("cases", named: "harmless.xml").contains("accepted"))
        #expect(try await third.end() == 0)
    }

    @Test func aDamagedJournalIsNamedAndNothingIsTaken() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        try folder.write(String(repeating: "this is no journal. ", count: 500), to: "state/journal.sqlite")
        try setup.drop(Forms.cases(["1"]), as: "waits.xml", into: "cases")
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        let code = try await gateway.end(0)
        #expect(code == 74 || code == 78)
        #expect(gateway.lines.joined(separator: "\n").contains("journal.sqlite"))
        #expect(setup.root.appending(path: "inbound/cases").entries == ["waits.xml"])
    }
}
