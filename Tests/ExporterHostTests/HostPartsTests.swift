import Foundation
import Testing

@testable import ExporterHost

@Suite(.timeLimit(.minutes(3)))
struct HostPartsTests {
    @Test func signalBeforeTheWaitIsRemembered() async {
        let latch = Latch()
        latch.signal()
        latch.signal()
        #expect(await latch.wait())
        latch.close()
        #expect(await !latch.wait())
    }

    @Test func signalWakesTheWaiter() async {
        let latch = Latch()
        async let woken = latch.wait()
        latch.signal()
        #expect(await woken)
    }

    @Test func cancellationEndsTheWait() async {
        let latch = Latch()
        let isWoken = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await latch.wait() }
            group.cancelAll()
            return await group.next()
        }
        #expect(isWoken == false)
        latch.signal()
        #expect(await latch.wait())
    }

    @Test func linesAreCutLimitedAndCounted() {
        var limiter = LineLimiter()
        let long = String(repeating: "长", count: 1000)
        let linesBytes = Array("a\r\n\n\(long)\nb".utf8)
        let lines = limiter.append(linesBytes.span, at: .zero)
        #expect(lines.count == 2 && lines[0] == "a" && lines[1].hasSuffix("…") && lines[1].utf8.count < 1100)
        #expect(limiter.finish(at: .zero) == "b")
        let floodBytes = Array(String(repeating: "x\n", count: 500).utf8)
        let flood = limiter.append(floodBytes.span, at: .seconds(1))
        #expect(flood.count == LineLimiter.linesPerPeriod - 3)
        #expect(limiter.takeSuppressed(at: .seconds(2)) == nil)
        #expect(limiter.takeSuppressed(at: .seconds(10)) == 500 - flood.count)
        let nextBytes = Array("y\n".utf8)
        let next = limiter.append(nextBytes.span, at: .seconds(11))
        #expect(next == ["y"])
    }

    @Test func executablesAreFilesThatCanBeRun() throws {
        let folder = try TestFolder()
        let file = try folder.write("#!/bin/sh\n", to: "tool")
        #expect(ExecutablePath.find("tool", searchPath: "/nowhere:\(folder.path)") == nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        #expect(ExecutablePath.find("tool", searchPath: "/nowhere:\(folder.path)") == file)
        #expect(ExecutablePath.find(file, searchPath: "") == file)
        #expect(ExecutablePath.find(folder.path, searchPath: "") == nil)
        #expect(ExecutablePath.find("", searchPath: folder.path) == nil)
    }

    /// A gateway that is killed takes its exporters with it, even those that ignore the end of their input.
    @Test func childDiesWithItsParent() async throws {
        let folder = try TestFolder()
        let (executable, arguments) = ParentDeath.wrap("/bin/sleep", ["600"], gateway: -1)
        let command = ([executable] + arguments).map { $0 == "-1" ? "str(os.getpid())" : "'\($0)'" }
            .joined(separator: ", ")
        let script = try folder.write(
            """
            import os, subprocess, sys, time
            child = subprocess.Popen([\(command)], start_new_session=True)
            while open(f"/proc/{child.pid}/comm").read().strip() != "sleep": time.sleep(0.01)
            with open(sys.argv[1], "w") as file: file.write(str(child.pid))
            os.kill(os.getpid(), 9)
            """, to: "parent.py")
        let parent = Process()
        parent.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        parent.arguments = ["python3", script, "\(folder.path)/pid"]
        try parent.run()
        parent.waitUntilExit()
        await ProcessTable.waitForEnd(of: try folder.read("pid"))
    }

    /// The signal of a death comes to those alone who asked for it before; a child that asks too late does not begin.
    @Test(arguments: [true, false])
    func childOfAParentThatHasDiedDoesNotBegin(parentLives: Bool) throws {
        let folder = try TestFolder()
        // A number that no process has stands for a gateway that is no longer there.
        let (executable, arguments) = ParentDeath.wrap(
            "/bin/sh", ["-c", "echo begun; exec env"], gateway: parentLives ? getpid() : 1 << 30)
        let child = Process()
        let output = Pipe()
        child.executableURL = URL(fileURLWithPath: executable)
        child.arguments = arguments
        child.environment = ["LANG": "C"]
        child.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        child.standardOutput = output
        try child.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        #expect(text.hasPrefix("begun\nLANG=C\n") == parentLives)
        #expect((child.terminationStatus == 0) == parentLives)
    }

    /// The gateway may have a capability that lets it see who writes to a file; exporters are other people's programs.
    @Test(.enabled(if: getuid() == 0, "needs root to hand a capability on"))
    func childGetsNoCapabilities() throws {
        let (executable, arguments) = ParentDeath.wrap("/bin/grep", ["^Cap[^B]", "/proc/self/status"])
        let child = Process()
        let output = Pipe()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        child.arguments =
            ["--reuid", "65534", "--inh-caps", "-all,+lease", "--ambient-caps", "-all,+lease", "--", executable]
            + arguments
        child.standardOutput = output
        try child.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        let sets = text.split(separator: "\n").map { $0.split(separator: "\t").last.map(String.init) ?? "" }
        #expect(sets == Array(repeating: "0000000000000000", count: 4), "\(text)")
    }
}
