import Foundation
import Testing

/// Packages stream: what a large one needs of memory is what a small one needs.
@Suite struct PackageMemoryTests {
    @Test(arguments: ["cms-attached", "cms-detached"])
    func memoryDoesNotGrowWithThePackage(kind: String) async throws {
        let small = try await peaks(kind, megabytes: 4)
        let large = try await peaks(kind, megabytes: 32)
        #expect(large.create - small.create < 8, "creating: \(small.create) and \(large.create) MiB")
        #expect(large.verify - small.verify < 8, "verifying: \(small.verify) and \(large.verify) MiB")
        #expect(large.verify <= 64)
    }

    private func peaks(_ kind: String, megabytes: UInt64) async throws -> (create: Int, verify: Int) {
        let folder = try TemporaryFolder()
        let document = try folder.write("", to: "filing.xml")
        // A hole in the file: the bytes are read all the same.
        let handle = try FileHandle(forWritingTo: document)
        try handle.truncate(atOffset: megabytes << 20)
        try handle.close()
        let package = document.path + (kind == "cms-attached" ? ".p7m" : ".p7s")
        let signing = SamplePackages.signer("yutai-signer") + ["--chain", SamplePackages.certificate("test-ca")]
        let create = try await peak(["package", "create", document.path, "--kind", kind] + signing)
        return (create, try await peak(["package", "verify", package] + SamplePackages.trust))
    }

    // MiB that the kernel counted for the program.
    private func peak(_ arguments: [String]) async throws -> Int {
        let wrapper = """
            import os, subprocess, sys
            _, status, usage = os.wait4(subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL).pid, 0)
            print(usage.ru_maxrss // 1024)
            sys.exit(os.waitstatus_to_exitcode(status))
            """
        let ended = try await run("/usr/bin/env", ["python3", "-c", wrapper, Program.path("qiao")] + arguments)
        #expect(ended.exitCode == 0, "\(ended.errors)")
        return try #require(ended.lines.first.flatMap { Int($0) })
    }
}
