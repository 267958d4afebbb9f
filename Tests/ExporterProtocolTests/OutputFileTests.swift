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
}
