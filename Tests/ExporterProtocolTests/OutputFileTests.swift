import ExporterProtocol
import Foundation
import Testing

@Suite struct OutputFileTests {
    /// Two exporters on one file; whoever reads the log looks for the other one.
    @Test func whatAnotherOneWritesToIsSaidToBeInUse() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "qiao-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try OutputFile(path: path)
        do {
            _ = try OutputFile(path: path)
            Issue.record("It is open twice.")
        } catch {
            #expect("\(error)" == "lock \(path): another process is writing to it")
        }
        #expect(first.length == 0)
    }

    /// A rotation that copies the file and cuts it (logrotate's `copytruncate`), an editor, a second writer.
    @Test(arguments: [
        ("", "cut it from 4 to 0 bytes"), ("on", "cut it from 4 to 2 bytes"), ("one\ntwo\n", "wrote 4 bytes to it"),
    ]) func whatAnotherProgramChangesIsNotWrittenTo(_ text: String, _ how: String) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "qiao-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var file = try OutputFile(path: path)
        try file.append(Array("one\n".utf8))
        try file.sync()
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        do {
            try file.append(Array("last\n".utf8))
            try file.sync()
            Issue.record("It is written.")
        } catch {
            #expect("\(error)".contains("another program \(how)."), "\(error)")
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
}
