import Foundation
import Testing

/// A journal that is put back gives positions anew that its exporters have seen before, for other records.
@Suite struct BackupTests {
    @Test(.timeLimit(.minutes(3)))
    func nothingIsPassedOverWhenAnOlderJournalIsPutBack() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let (state, backup) = (folder.url.appending(path: "state"), folder.url.appending(path: "backup"))
        var gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases(["a1", "a2"]), as: "a.xml", into: "cases")
        try await eventually("two are delivered") { setup.exportedLines.count == 2 }
        #expect(try await gateway.end() == 0)
        try FileManager.default.copyItem(at: state, to: backup)

        gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases(["lost1", "lost2", "lost3"]), as: "lost.xml", into: "cases")
        try await eventually("five are delivered") { setup.exportedLines.count == 5 }
        #expect(try await gateway.end() == 0)

        // The journal grows past what the exporter has before it hears of it again.
        try FileManager.default.removeItem(at: state)
        try FileManager.default.moveItem(at: backup, to: state)
        let away = try Setup(folder, exporter: "[/nowhere/to/be/found]")
        gateway = try await RunningGateway(in: folder, settings: away.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases((1...9).map { "b\($0)" }), as: "b.xml", into: "cases")
        try await eventually("it is answered") { setup.receipts("cases").contains { $0.hasPrefix("b.xml") } }
        #expect(try await gateway.end() == 0)

        gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        let line = try await gateway.waitFor("exporter-ahead")
        #expect(line.contains("stored position 5, but in an epoch that the journal does not know"))
        #expect(line.contains("empty place"))
        #expect(setup.exportedLines.count == 5)
        #expect(try await gateway.end() == 0)

        let output = folder.url.appending(path: "out/records.jsonl")
        try FileManager.default.moveItem(at: output, to: folder.url.appending(path: "out/before.jsonl"))
        gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await eventually("what was journaled since is delivered") { setup.exportedLines.count == 9 }
        for number in 1...9 {
            #expect(setup.exportedLines.contains { $0.contains("\"b\(number)\"") })
        }
        #expect(try await gateway.end() == 0)
    }
}
