import Foundation
import Glibc
import Journal
import Testing

/// The life of the daemon: reload, restart, reconcile, retry, completion, back-pressure.
@Suite struct ServeTests {
    @Test(.timeLimit(.minutes(4)))
    func countsReconcileInFilingReceiptAndStatus() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let control = "\ncontrol:\n  - { name: 人数, count: Person, at-least: totals }\n"
        try folder.write(Forms.rosterMapping + control, to: "mappings/test/roster.yaml")
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let bad = "姓名,身份证号\r\n王一,\(Forms.identityNumber(1))\r\n王二,370827190101010000\r\n\r\n合计,2\r\n"
        // Receipts may lie below the inbound folder. What is no filing does not wait to become one.
        _ = try folder.folder("inbound/roster/receipts")
        try folder.write("", to: "inbound/roster/Thumbs.db")
        try setup.drop(bad, as: "roster.csv", into: "roster")
        try await eventually("it is answered and delivered") {
            setup.receipts("roster").count == 1 && setup.exportedLines.count == 1
        }
        let config = folder.url.appending(path: "qiao.yaml").path
        // The acknowledgement is kept a moment after the exporter's line is there.
        try await eventually("the status reconciles") {
            let status = try await qiao("status", "--config", config)
            let text = String(decoding: status.output, as: UTF8.self)
            return status.exitCode == 0 && text.contains("rows read 4 = converted 1 + set aside 1 + skipped 2")
                && text.contains("selected 1 = acked 1 + dead letters 0")
        }
        let report = try await qiao("status", "--config", config, "--json")
        let reported = try #require(try JSONSerialization.jsonObject(with: report.output) as? [String: Any])
        let sources = try #require(reported["sources"] as? [[String: Any]])
        #expect(sources.compactMap { $0["waiting"] as? Int } == [0, 0])
        let list = try await qiao("filings", "--config", config, "--json")
        let listed = try #require(try JSONSerialization.jsonObject(with: list.output) as? [String: Any])
        let id = try #require(listed["id"] as? String)
        let shown = try await qiao("filing", String(id.prefix(8)), "--config", config)
        #expect(shown.exitCode == 0)
        let text = String(decoding: shown.output, as: UTF8.self)
        #expect(text.contains("rows read 4 = converted 1 + set aside 1 + skipped 2"))
        #expect(text.contains("counts reconcile"))
        #expect(text.contains("control total 人数: declared at least 2, found 1, DIFFERS"))
        #expect(text.components(separatedBy: "  claimed").count == 2)
        let receipt = try setup.receiptText("roster", named: "roster.csv")
        #expect(receipt.contains("<rows read=\"4\" converted=\"1\" set-aside=\"1\" skipped=\"2\""), "\(receipt)")
        #expect(try await gateway.end() == 0)
        // A route that was taken out stands still for ever, and that is no trouble.
        let other = try folder.write(setup.yaml.replacing("  lines:", with: "  others:"), to: "other.yaml")
        let without = String(decoding: try await qiao("status", "--config", other.path).output, as: UTF8.self)
        let line = without.split(separator: "\n").first { $0.hasPrefix("lines ") }
        #expect(line?.hasSuffix("not in the settings") == true, "\(without)")
    }

    /// A receipt that cannot be written is no count that differs, and yet somebody waits for it.
    @Test(.timeLimit(.minutes(4)))
    func statusTellsOfReceiptsThatAreOwed() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let receipts = folder.url.appending(path: "receipts/roster")
        try? FileManager.default.removeItem(at: receipts)
        try Data().write(to: receipts)
        try setup.drop(Forms.roster(1...2), as: "one.csv", into: "roster")
        try await eventually("two people") { setup.exportedLines.count == 2 }
        let config = folder.url.appending(path: "qiao.yaml").path
        let status = try await qiao("status", "--config", config)
        let text = String(decoding: status.output, as: UTF8.self)
        #expect(text.contains("receipts that are still to be written: 1; if they stay, the log says why\n"))
        let report = try await qiao("status", "--config", config, "--json").output
        #expect(String(decoding: report, as: UTF8.self).contains(#""receiptsDue":1,"#))
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func aSnapshotDeletesWhatIsMissingAndHoldsBackTooMuch() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let config = folder.url.appending(path: "qiao.yaml").path
        try setup.drop(Forms.roster(1...10), as: "one.csv", into: "roster")
        try await eventually("ten people") { setup.exportedLines.count == 10 }
        try setup.drop(Forms.roster(1...9), as: "two.csv", into: "roster")
        try await eventually("one is deleted, nobody else is sent again") { setup.exportedLines.count == 11 }
        #expect(setup.exportedLines.last?.contains("OPERATION_DELETE") == true)
        try setup.drop(Forms.roster(1...3), as: "three.csv", into: "roster")
        try await eventually("the truncated roster is held back") { setup.receipts("roster").count == 3 }
        #expect(try setup.receiptText("roster", named: "three.csv").contains("snapshot.too-many-deletes"))
        #expect(setup.exportedLines.count == 11)
        let rejected = try await qiao("filings", "--config", config, "--outcome", "rejected", "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: rejected.output) as? [String: Any])
        let id = try #require(object["id"] as? String)
        try await eventually("its original is in quarantine") { setup.isQuarantined("three.csv", of: "roster") }
        #expect(try await qiao("retry", id, "--allow-deletes", "--config", config).exitCode == 0)
        try await eventually("six more are deleted") { setup.exportedLines.count == 17 }
        #expect(try await gateway.end() == 0)
    }

    /// A shell allows a thousand files, which a dozen sources have open at once.
    @Test(.timeLimit(.minutes(4)))
    func fewOpenFilesAreRaisedAsFarAsMayBe() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        for number in 0..<100 { try setup.drop(Forms.cases(["\(number)"]), as: "\(number).xml", into: "cases") }
        let gateway = try await RunningGateway(
            in: folder, settings: setup.yaml, by: ["/usr/bin/prlimit", "--nofile=48:"])
        try await eventually("all is answered and delivered") {
            setup.receipts("cases").count == 100 && setup.exportedLines.count == 100
        }
        #expect(try await gateway.end() == 0)
        #expect(!gateway.lines.contains { $0.contains("too-many-open-files") })
    }

    /// A person whose row cannot be used is not a person who has left.
    @Test(.timeLimit(.minutes(4)))
    func aRowSetAsideDeletesNobody() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.roster(1...10), as: "one.csv", into: "roster")
        try await eventually("ten people") { setup.exportedLines.count == 10 }
        let damaged = Forms.roster(1...10).replacing(Forms.identityNumber(7), with: "3.70827E+17")
        try setup.drop(damaged, as: "two.csv", into: "roster")
        try await eventually("it is answered") { setup.receipts("roster").count == 2 }
        #expect(try setup.receiptText("roster", named: "two.csv").contains("snapshot.deletes-withheld"))
        try setup.drop(Forms.roster(1...11), as: "three.csv", into: "roster")
        try await eventually("the eleventh arrives, and nothing before it") { setup.exportedLines.count == 11 }
        let deletions = setup.exportedLines.filter { $0.contains("OPERATION_DELETE") }
        #expect(deletions.isEmpty)
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func aBrokenReloadKeepsTheOldAndSaysWhy() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try folder.write(
            Forms.caseMapping.replacing("number: \"@id\"", with: "numbre: \"@id\""), to: "mappings/test/cases.yaml")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Kept the old settings and mappings")
        let said = try await gateway.waitFor("numbre")
        #expect(said.contains("cases.yaml:") && said.contains("number"))
        try setup.drop(Forms.cases(["1"]), as: "cases.xml", into: "cases")
        try await eventually("the old mapping goes on") { setup.exportedLines.count == 1 }
        try folder.write(
            Forms.caseMapping.replacing("title: a:title", with: "category: a:title"), to: "mappings/test/cases.yaml")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Reloaded settings and mappings")
        try setup.drop(Forms.cases(["2"]), as: "more.xml", into: "cases")
        try await eventually("the new mapping is used") { setup.exportedLines.count == 2 }
        #expect(setup.exportedLines.last?.contains("\"category\"") == true)
        #expect(try await gateway.end() == 0)
    }

    /// Who changes settings need not know whether the gateway still starts. (systemd does not start again what SIGHUP has ended.)
    @Test(.timeLimit(.minutes(4)))
    func aReloadThatIsAskedForWhileTheGatewayStartsIsDoneOnceItRuns() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        // The first line of all: a warning about a variable, from before the journal is opened.
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml, environment: ["QIAO_NO_SUCH": "1"])
        try await gateway.waitFor("no setting is called")
        gateway.send(SIGHUP)
        try await gateway.ready()
        try await gateway.waitFor("Reloaded settings and mappings")
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func aReloadDoesNotWaitBehindAFailingDelivery() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder, exporter: "[/bin/sh, -c, 'trap \"\" TERM; sleep 600']")
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let changed = setup.yaml.replacing(
            "[/bin/sh, -c, 'trap \"\" TERM; sleep 600']",
            with: "[qiao-export-jsonl, --output, \(folder.url.path)/out/records.jsonl]")
        try folder.write(changed, to: "qiao.yaml")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Reloaded settings and mappings")
        try setup.drop(Forms.cases(["1"]), as: "cases.xml", into: "cases")
        try await eventually("sources go on") { setup.receipts("cases").count == 1 }
        try await eventually("the new exporter gets the record") { setup.exportedLines.count == 1 }
        let lines = gateway.lines
        let reloaded = try #require(lines.firstIndex { $0.contains("Reloaded settings and mappings") })
        let ended = lines.firstIndex { $0.contains("Exporter had to be ended") } ?? lines.endIndex
        #expect(reloaded < ended, "the reload waited for the old exporter:\n\(lines.joined(separator: "\n"))")
        #expect(try await gateway.end() == 0)
    }

    /// Whoever is told that a reload is done may deliver to the new source at once.
    @Test(.timeLimit(.minutes(4)))
    func aReloadIsDoneWhenNewFoldersAreWatched() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let more = (1...8).map { "  more-\($0):\n    inbound: \(folder.url.path)/inbound/more-\($0)\n" }.joined()
        try folder.write(setup.yaml.replacing("routes:", with: more + "routes:"), to: "qiao.yaml")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Reloaded settings and mappings")
        let lines = gateway.lines
        let reloaded = try #require(lines.firstIndex { $0.contains("Reloaded settings and mappings") })
        let watched = lines[..<reloaded].filter { $0.contains("folder is watched") && $0.contains("more-") }
        #expect(watched.count == 8, "\(lines.joined(separator: "\n"))")
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func aRejectedFilingIsRetriedAfterItsMappingWasMended() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop("<b:new xmlns:b=\"urn:new\"><b:case id=\"1\"/></b:new>", as: "new.xml", into: "cases")
        try await eventually("it is rejected") { setup.receipts("cases").count == 1 }
        let config = folder.url.appending(path: "qiao.yaml").path
        try folder.write(
            """
            mapping: test.new
            reads: { format: xml, namespaces: { b: "urn:new" }, root: b:new }
            gives:
              - record: Case
                each: b:case
                key: number
                fields: { number: "@id" }
            delivery: event
            """, to: "mappings/test/new.yaml")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Reloaded settings and mappings")
        try await eventually("its original is in quarantine") { setup.isQuarantined("new.xml", of: "cases") }
        let list = try await qiao("filings", "--config", config, "--json")
        let id = try #require((try JSONSerialization.jsonObject(with: list.output) as? [String: Any])?["id"] as? String)
        #expect(try await qiao("retry", String(id.prefix(10)), "--config", config).exitCode == 0)
        try await eventually("it is accepted now") { setup.exportedLines.count == 1 }
        try await eventually("the receipt says so") {
            try setup.receiptText("cases", named: "new.xml").contains("code=\"accepted")
        }
        #expect(try await gateway.end() == 0)
    }

    /// Whoever asks must not be told that something is tried again that is not there any more.
    @Test(.timeLimit(.minutes(4)))
    func aFilingWhoseOriginalIsGoneCannotBeRetried() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop("<b:new xmlns:b=\"urn:new\"/>", as: "new.xml", into: "cases")
        try await eventually("it is rejected") { setup.receipts("cases").count == 1 }
        #expect(try await gateway.end() == 0)
        let config = folder.url.appending(path: "qiao.yaml").path
        let list = try await qiao("filings", "--config", config, "--json")
        let id = try #require((try JSONSerialization.jsonObject(with: list.output) as? [String: Any])?["id"] as? String)
        try FileManager.default.removeItem(at: folder.url.appending(path: "state/quarantine"))
        let retried = try await qiao("retry", id, "--config", config)
        #expect(retried.exitCode == 2)
        #expect(retried.errors.contains("cannot be tried again now: its original is not in "), "\(retried.errors)")
        #expect(retried.errors.contains("/cases/.qiao/work"), "\(retried.errors)")
        #expect(folder.url.appending(path: "state/requests").entries.isEmpty)
    }

    struct Way: Sendable, CustomTestStringConvertible {
        var completion: String
        var drop: @Sendable (URL) throws -> Void
        var testDescription: String { completion }
    }

    static let ways: [Way] = [
        Way(completion: "close-write") { folder in
            try Data(Forms.cases(["1"]).utf8).write(to: folder.appending(path: "cases.xml"))
        },
        Way(completion: "rename") { folder in
            try Data(Forms.cases(["1"]).utf8).write(to: folder.appending(path: "cases.xml.part"))
            try FileManager.default.moveItem(
                at: folder.appending(path: "cases.xml.part"), to: folder.appending(path: "cases.xml"))
        },
        Way(completion: "marker") { folder in
            try Data(Forms.cases(["1"]).utf8).write(to: folder.appending(path: "cases.xml"))
            try Data().write(to: folder.appending(path: "cases.xml.done"))
        },
        Way(completion: "stable") { folder in
            try Data(Forms.cases(["1"]).utf8).write(to: folder.appending(path: "cases.xml"))
        },
    ]

    @Test(.timeLimit(.minutes(4)), arguments: ways)
    func everyWayOfCompletionWorks(way: Way) async throws {
        let folder = try TemporaryFolder()
        var setup = try Setup(folder)
        setup.completion = way.completion
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try way.drop(setup.root.appending(path: "inbound/cases"))
        try await eventually("it is answered") { setup.receipts("cases").count == 1 }
        try await eventually("it is delivered") { setup.exportedLines.count == 1 }
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func aChecksumSidecarIsHeldAgainstTheFile() async throws {
        let folder = try TemporaryFolder()
        var setup = try Setup(folder)
        setup.completion = "marker"
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases(["1"]), as: "cases.xml", into: "cases")
        try setup.drop(String(repeating: "0", count: 64) + "  cases.xml\n", as: "cases.xml.sha256", into: "cases")
        try await eventually("it is answered") { setup.receipts("cases").count == 1 }
        #expect(try setup.receiptText("cases", named: "cases.xml").contains("filing.checksum-mismatch"))
        #expect(try await gateway.end() == 0)
    }

    /// What arrives behind "Ready" is seen as it comes, and a folder that is none keeps nobody from starting.
    @Test(.timeLimit(.minutes(4)))
    func readyIsToldWhenTheFoldersAreWatched() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        try folder.write("no folder", to: "broken")
        let names = (1...40).map { "source-\($0)" }
        let more =
            names.map { "  \($0): { inbound: \(setup.root.path)/inbound/\($0) }\n" }.joined()
            + "  broken: { inbound: \(setup.root.path)/broken/inbound }\n"
        let gateway = try await RunningGateway(
            in: folder, settings: setup.yaml.replacing("sources:\n", with: "sources:\n" + more))
        try await gateway.ready()
        let before = gateway.lines.prefix { !$0.contains("Ready") }
        #expect(before.filter { $0.contains("folder is watched") }.count == names.count + 2)
        #expect(before.contains { $0.contains("inbound.unavailable") && $0.contains("broken") })
        #expect(!before.contains { $0.contains("Folders do not answer") })
        #expect(try await gateway.end() == 0)
    }

    @Test func aSecondGatewayOnTheSameStateIsRefused() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        let second = try await qiao("serve", "--config", folder.url.appending(path: "qiao.yaml").path)
        #expect(second.exitCode != 0)
        #expect(second.errors.contains("\(gateway.identifier)"))
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func theEnvironmentOverridesTheFile() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(
            in: folder, settings: setup.yaml, environment: ["QIAO_LIMITS_FILING_SIZE": "100B"])
        try await gateway.ready()
        try setup.drop(Forms.cases(["1"]), as: "cases.xml", into: "cases")
        try await eventually("it is answered") { setup.receipts("cases").count == 1 }
        #expect(try setup.receiptText("cases", named: "cases.xml").contains("filing.too-large"))
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func whileTheDiskIsTooFullNothingIsClaimedAndItResumes() async throws {
        let folder = try TemporaryFolder()
        var setup = try Setup(folder)
        setup.extra = "limits: { free-space: 4096TiB }"
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.waitFor("Claiming is paused")
        try setup.drop(Forms.cases(["1"]), as: "cases.xml", into: "cases")
        setup.extra = "limits: { free-space: 1MiB }"
        try folder.write(setup.yaml, to: "qiao.yaml")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Claiming resumes")
        try await eventually("it is answered") { setup.receipts("cases").count == 1 }
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(3)))
    func theDemonstrationEndsWithASummary() async throws {
        let folder = try TemporaryFolder()
        let demo = try await qiao("demo", "--folder", folder.url.appending(path: "demo").path)
        #expect(demo.exitCode == 0, "\(demo.errors)")
        let text = String(decoding: demo.output, as: UTF8.self)
        for part in ["FILING", "RECORDS", "FINDINGS", "ROUTE", "WHERE", "liangzhang-roster.csv", "yukuaiban-cases.xml"]
        {
            #expect(text.contains(part))
        }
    }
}
