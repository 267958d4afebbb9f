import Foundation
import Glibc
import Testing

@testable import Gateway

@Suite struct StateFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A unit that may write to few folders makes all others look like this.
    @Test func readOnlyFolderSaysWhatToDo() {
        #expect("\(GatewayError(.folder, "x", errno: EROFS))".contains("ReadWritePaths="))
        #expect(!"\(GatewayError(.folder, "x", errno: ENOSPC))".contains("ReadWritePaths="))
        #expect("\(GatewayError(.folder, "x", errno: EACCES))".contains("ProtectHome="))
    }

    @Test func foldersAreMadeWithTheirParentsForOwnerAndGroupOnly() throws {
        let path = folder.path + "/a/b/c"
        try StateFolder.make(path)
        try StateFolder.make(path)
        for made in ["/a", "/a/b", "/a/b/c"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + made)
            #expect(attributes[.type] as? FileAttributeType == .typeDirectory)
            #expect(try #require(attributes[.posixPermissions] as? Int) & 0o027 == 0)
        }
    }

    @Test func aFileInTheWayIsAnErrorThatNamesIt() throws {
        try folder.write("", to: "file")
        for path in ["/file", "/file/below"] {
            let error = #expect(throws: GatewayError.self) { try StateFolder.make(folder.path + path) }
            #expect(error?.code == .folder)
            #expect(error?.errno == ENOTDIR)
            #expect(error?.message.contains(folder.path + "/file") == true)
        }
    }

    @Test func theReasonIsThatOfMakingNotOfLooking() throws {
        // The kernel's own file system lets nobody make a folder, and has none of that name.
        let error = #expect(throws: GatewayError.self) { try StateFolder.make("/sys/qiao-test") }
        #expect(error?.code == .folder)
        #expect([EPERM, EROFS, EACCES].contains(error?.errno))
    }

    @Test func freeSpaceIsThatOfTheFileSystem() {
        #expect(StateFolder(path: folder.path).freeSpace() ?? 0 > 0)
        #expect(StateFolder(path: folder.path + "/none").freeSpace() == nil)
    }

    @Test func secondGatewayIsRefusedAndToldWhoIsThere() throws {
        let state = StateFolder(path: folder.path)
        #expect(StateLock.owner(of: folder.path) == nil)
        let first = try StateLock(state)
        #expect(StateLock.owner(of: folder.path) == getpid())
        let error = #expect(throws: GatewayError.self) { _ = try StateLock(state) }
        #expect(error?.code == .locked)
        #expect(error?.isWorthRetrying == false)
        #expect(
            error?.description
                == "another gateway (process \(getpid())) works on \(folder.path); stop it first, or give this one a "
                + "state folder of its own")
        _ = consume first
        #expect(StateLock.owner(of: folder.path) == nil)
        let second = try StateLock(state)
        #expect(StateLock.owner(of: folder.path) == getpid())
        _ = consume second
    }

    /// A child of a gateway that was killed has its descriptors until it becomes an exporter.
    @Test func whoIsDeadKeepsNobodyOutForLong() throws {
        // No process has a number this high.
        try folder.write("2147483647\n", to: "qiao.lock")
        let held = open(folder.path + "/qiao.lock", O_RDWR | O_CLOEXEC)
        #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
        var pauses = 0
        let lock = try StateLock(StateFolder(path: folder.path)) {
            pauses += 1
            if pauses == 3 { close(held) }
        }
        #expect(pauses == 3)
        #expect(StateLock.owner(of: folder.path) == getpid())
        _ = consume lock
    }

    @Test func processOfALongerNumberLeavesNoTrace() throws {
        try folder.write("1234567890\n", to: "qiao.lock")
        let lock = try StateLock(StateFolder(path: folder.path))
        #expect(try folder.text("qiao.lock") == "\(getpid())\n")
        _ = consume lock
    }

    @Test func lockWithoutAFolderIsAnError() {
        let error = #expect(throws: GatewayError.self) { _ = try StateLock(StateFolder(path: folder.path + "/none")) }
        #expect(error?.code == .folder)
        #expect(error?.errno == ENOENT)
    }

    @Test(arguments: [(ENOSPC, true), (EIO, true), (EMFILE, true), (ENOENT, false), (EACCES, false), (0, false)])
    func errorsSayWhetherARetryHelps(_ number: Int32, _ isWorthRetrying: Bool) {
        #expect(GatewayError(.folder, "m", errno: number).isWorthRetrying == isWorthRetrying)
    }

    @Test func errorsCarryTheWordsOfTheSystem() {
        #expect(GatewayError(.folder, "m").description == "m")
        #expect(GatewayError(.folder, "m", errno: ENOENT).description == "m: No such file or directory")
    }

    /// Whoever crashed last time left a byte; arming again takes it away.
    @Test func crashOfTheLastProcessIsRememberedOnce() throws {
        let state = StateFolder(path: folder.path)
        let signals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
        var handlers = signals.map { _ in sigaction() }
        for (index, number) in signals.enumerated() { sigaction(number, nil, &handlers[index]) }
        // The test process keeps its own way to end.
        defer { for (index, number) in signals.enumerated() { sigaction(number, &handlers[index], nil) } }
        #expect(try CrashEvidence.arm(in: state) == false)
        #expect(try CrashEvidence.arm(in: state) == false)
        try folder.write("\n", to: "crashed")
        #expect(try CrashEvidence.arm(in: state) == true)
        #expect(try CrashEvidence.arm(in: state) == false)
    }
}
