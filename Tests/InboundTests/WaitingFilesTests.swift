import Foundation
import Testing

@testable import Inbound

@Suite struct WaitingFilesTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func date(_ name: String, _ seconds: TimeInterval) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: scene.inbound + "/" + name)
    }

    @Test func filesThatMayBecomeFilingsWait() throws {
        for name in ["b.csv", "a.csv", "c.csv"] { try scene.drop(name) }
        for (name, seconds) in [("b.csv", 1000.0), ("a.csv", 900), ("c.csv", 1100)] { try date(name, seconds) }
        let waiting = try WaitingFiles(in: scene.inbound)
        #expect(waiting.count == 3)
        #expect(waiting.oldest == 900_000_000_000)
    }

    /// Names come from Windows shares.
    @Test func aNameThatIsNoTextCounts() throws {
        let name: [CChar] = [CChar(bitPattern: 0xC3), CChar(bitPattern: 0xFB), 0]
        let path = scene.inbound.utf8CString.dropLast() + [0x2F] + name
        let file = try #require(fopen(Array(path), "w"))
        fclose(file)
        #expect(try WaitingFiles(in: scene.inbound).count == 1)
    }

    @Test func whatIsNeverClaimedDoesNotWait() throws {
        for name in [".hidden", "x.csv.part", "Thumbs.db", "~$roster.xlsx"] { try scene.drop(name) }
        let manager = FileManager.default
        try manager.createDirectory(atPath: scene.inbound + "/receipts", withIntermediateDirectories: true)
        try manager.createSymbolicLink(atPath: scene.inbound + "/link.csv", withDestinationPath: "/etc/hostname")
        #expect(mkfifo(scene.inbound + "/fifo.csv", 0o600) == 0)
        let waiting = try WaitingFiles(in: scene.inbound)
        #expect(waiting.count == 0)
        #expect(waiting.oldest == nil)
    }

    @Test func aFolderThatIsNotThereIsAnError() {
        #expect(throws: InboundError.self) { try WaitingFiles(in: "/nowhere/at/all") }
    }
}
