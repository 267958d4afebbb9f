import Foundation
import Glibc
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct FileSystemsTests {
    @Test func foldersThatAreGoneAreLeftOut() async throws {
        let folder = try TemporaryFolder()
        try FileSystems.synchronise([folder.path, folder.path + "/gone"])
        try await FileSystems.synchronise([folder.path], atMost: .seconds(60))
    }

    @Test func whatTheDiskSaysIsTold() async throws {
        let error = await #expect(throws: GatewayError.self) {
            try await FileSystems.synchronise(["/x"], atMost: .seconds(60)) { _ in
                throw GatewayError(.folder, "it fails", errno: EIO)
            }
        }
        #expect(error?.errno == EIO)
    }

    @Test func serverThatDoesNotAnswerIsNotWaitedFor() async throws {
        let release = DispatchSemaphore(value: 0)
        defer { release.signal() }
        let waits = Guarded<[Duration]>([])
        let clock = HookedClock { delay in waits.withLock { $0.append(delay) } }
        let error = await #expect(throws: GatewayError.self) {
            try await FileSystems.synchronise(["/b", "/a"], atMost: .seconds(10), clock: clock) { _ in release.wait() }
        }
        #expect(error?.message.contains("/a, /b") == true)
        #expect(waits.withLock { $0 } == [.seconds(10)])
    }
}
