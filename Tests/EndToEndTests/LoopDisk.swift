import Foundation
import Testing

/// A small disk of its own: an ext4 in a file, mounted over a folder. What the file holds is what a power cut leaves.
final class LoopDisk: Sendable {
    /// Where it is mounted; gone with the disk.
    let folder: TemporaryFolder
    private let images: TemporaryFolder

    /// Whether this machine lets us mount one.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        guard let disk = try? LoopDisk(size: 8 << 20) else { return false }
        return (try? disk.mount()) != nil
    }()

    /// Sparse; a gateway claims nothing where it finds less than half a gigabyte free.
    init(size: Int = 1 << 30) throws {
        folder = try TemporaryFolder()
        images = try TemporaryFolder()
        guard FileManager.default.createFile(atPath: image.path, contents: nil), truncate(image.path, size) == 0 else {
            throw CommandFailed(command: "truncate")
        }
        try Self.run("mkfs.ext4", "-q", "-F", image.path)
    }

    deinit {
        try? unmount()
    }

    private var image: URL { images.url.appending(path: "disk") }

    func mount() throws {
        try Self.run("mount", "-o", "loop", image.path, folder.url.path)
    }

    private func unmount() throws {
        try Self.run("umount", folder.url.path)
    }

    /// Makes everything durable that is there now.
    func synchronise() throws {
        try Self.run("sync", "-f", folder.url.path)
    }

    /// Takes away what the system holds in its memory alone, as a power cut does, and mounts the disk again.
    ///
    /// Nobody may write to it meanwhile: it is the file as a whole that is copied.
    func cutPower() async throws {
        let left = images.url.appending(path: "left")
        // Before anything is written out, which unmounting does.
        try Self.run("cp", "--sparse=always", image.path, left.path)
        // Exporters end a moment after their gateway.
        try await eventually("nobody uses the disk") { (try? unmount()) != nil }
        guard rename(left.path, image.path) == 0 else { throw CommandFailed(command: "rename") }
        try mount()
    }

    struct CommandFailed: Error {
        var command: String
    }

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailed(command: command.joined(separator: " "))
        }
    }
}
