import Foundation
import Testing

@testable import Gateway

/// What the system says of memory, with `/proc` and `/sys` of our own.
struct MemoryLimitTests {
    struct System: CustomTestStringConvertible {
        var testDescription: String
        var groups: String
        var files: [String: String] = [:]
        var limit: Int
    }

    private static let physical = 1_000_000

    static let systems = [
        System(testDescription: "no control groups", groups: "", limit: physical),
        System(
            testDescription: "v2 without a limit", groups: "0::/system.slice/qiao.service\n",
            files: ["/system.slice/qiao.service/memory.max": "max\n"], limit: physical),
        System(
            testDescription: "v2, the service's own limit", groups: "0::/system.slice/qiao.service\n",
            files: [
                "/system.slice/qiao.service/memory.max": "5000\n", "/system.slice/memory.max": "max\n",
                "/system.slice/qiao.service/memory.high": "max\n",
            ], limit: 5000),
        System(
            testDescription: "v2, a limit of what is around it", groups: "0::/a/b/c\n",
            files: ["/a/b/c/memory.max": "5000", "/a/memory.max": "4000", "/a/b/memory.max": "max"], limit: 4000),
        System(
            testDescription: "v2, slowed down before the limit", groups: "0::/a\n",
            files: ["/a/memory.max": "5000", "/a/memory.high": "3000"], limit: 3000),
        System(
            testDescription: "v2 in a container", groups: "0::/\n", files: ["/memory.max": "5000"], limit: 5000),
        System(
            testDescription: "v1", groups: "12:pids:/a\n5:cpu,memory:/a/b\n1:name=systemd:/a\n0::/a\n",
            files: [
                "/memory/a/b/memory.limit_in_bytes": "5000", "/memory/memory.limit_in_bytes": "9223372036854771712",
            ], limit: 5000),
        System(
            testDescription: "v1 in a container that sees the path of the host", groups: "5:memory:/docker/0123\n",
            files: ["/memory/memory.limit_in_bytes": "5000"], limit: 5000),
        System(
            testDescription: "v1 without a limit", groups: "5:memory:/\n",
            files: ["/memory/memory.limit_in_bytes": "9223372036854771712"], limit: physical),
        System(
            testDescription: "more than the machine has", groups: "0::/a\n", files: ["/a/memory.max": "2000000"],
            limit: physical),
        System(testDescription: "nonsense", groups: "0::\n:::\nx\n\n", files: ["/memory.max": "-1"], limit: physical),
    ]

    @Test(arguments: systems) func limitIsTheLeast(_ system: System) throws {
        let folder = try TemporaryFolder()
        try write(system.groups, to: "\(folder.path)/proc/self/cgroup")
        for (name, text) in system.files { try write(text, to: "\(folder.path)/sys/fs/cgroup\(name)") }
        #expect(MemoryLimit.bytes(root: folder.path, physical: Self.physical) == system.limit)
    }

    private func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test func thisMachineHasMemory() {
        #expect(MemoryLimit.bytes() > 64 << 20)
    }

    @Test(arguments: [(64 << 20, 8 << 20), (512 << 20, 64 << 20), (24 << 30, 128 << 20), (1, 4 << 20)])
    func roomFitsIntoTheMemory(_ memory: Int, _ size: Int) {
        #expect(WaitingRoom.size(in: memory) == size)
    }
}
