import Foundation
import Glibc
import Testing

/// Uploads that take their time, into the folders of a gateway that runs as another account than their servers.
@Suite struct SlowUploadTests {
    /// Without the capability the kernel does not say whether somebody else's file has a writer. An upload that pauses for
    /// some seconds was taken for whole then, while its sender was told that all had gone well.
    @Test(.enabled(if: getuid() == 0, "needs root to give a file away"), .timeLimit(.minutes(4)))
    func aPausingUploadOfAnotherAccountIsNotTakenHalf() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        // Root, so that the program is found wherever it lies, but without any privilege.
        let gateway = try await RunningGateway(
            in: folder, settings: setup.yaml, by: ["/usr/bin/setpriv", "--inh-caps=-all", "--bounding-set=-all"])
        try await gateway.ready()
        let path = setup.root.appending(path: "inbound/roster/slow.csv").path
        let text = Array(Forms.roster(1...10).utf8)
        let upload = open(path, O_WRONLY | O_CREAT, 0o644)
        try #require(upload >= 0 && fchown(upload, 65534, 65534) == 0)
        let half = text.count / 2
        try #require(write(upload, Array(text[..<half]), half) == half)
        let told = try await gateway.waitFor("cannot see whether a file still has a writer")
        #expect(told.contains("slow.csv") && told.contains("CAP_LEASE"), "\(told)")
        try #require(write(upload, Array(text[half...]), text.count - half) == text.count - half)
        close(upload)
        try await eventually("all of it is delivered and answered") {
            setup.exportedLines.count == 10 && setup.receipts("roster").count == 1
        }
        #expect(try await gateway.end() == 0)
    }
}
