import Foundation
import Glibc
import Testing

@testable import Inbound

@Suite struct ClaimingTests {
    @Test func claimMovesTheFileIntoAPrivateFolder() throws {
        let scene = try Scene()
        let claim = try scene.claim("名单.csv")
        #expect(scene.entries(scene.inbound) == [".qiao"])
        #expect(scene.claimed == ["\(claim.id)-名单.csv"])
        #expect(scene.exists(claim.workPath))
        #expect(claim.standing == .fresh)
        #expect(try claim.size == 8)
        var status = stat()
        #expect(stat(scene.work, &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    /// A Windows client keeps a file of an SMB mount open so; others behind it must not wait for that.
    @Test(arguments: [EBUSY, ETXTBSY, EAGAIN])
    func fileThatIsInUseConcernsNoOther(_ code: CInt) throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        let name = try #require(FileName("x.csv"))
        #expect(try work.refusal(for: Errno(number: code), name) == .written)
        #expect(throws: InboundError.self) { try work.refusal(for: Errno(number: EDQUOT), name) }
    }

    enum Special: String, CaseIterable { case symlink, dangling, fifo, folder, socket, device }

    @Test(arguments: Special.allCases)
    func whatIsNoRegularFileIsLeftAlone(special: Special) throws {
        let scene = try Scene()
        let path = scene.inbound + "/thing"
        var kind: FileShape.Kind
        switch special {
        case .symlink:
            try scene.drop("target")
            try #require(symlink("target", path) == 0)
            kind = .symbolicLink
        case .dangling:
            try #require(symlink("nowhere", path) == 0)
            kind = .symbolicLink
        case .fifo:
            try #require(mkfifo(path, 0o600) == 0)
            kind = .fifo
        case .folder:
            try #require(mkdir(path, 0o700) == 0)
            kind = .folder
        case .socket:
            try #require(mknod(path, S_IFSOCK | 0o600, 0) == 0)
            kind = .socket
        case .device:
            // Needs CAP_MKNOD; without it there can be no device to leave alone.
            guard mknod(path, S_IFCHR | 0o600, 0x103) == 0 else { return }
            kind = .device
        }
        let work = try WorkFolder(scene.folder())
        let outcome = try work.claim(
            FileName(trusted: Array("thing".utf8)), markers: [], proof: .closed, microseconds: 1)
        guard case .refused(.special(let found)) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(found == kind)
        #expect(scene.entries(scene.inbound).contains("thing"))
        #expect(scene.claimed == [])
    }

    @Test(arguments: [
        Array("two\nlines.csv".utf8), [0xC3, 0xFB, 0xB5, 0xA5, 0x2E, 0x63, 0x73, 0x76], [0xFF, 0xFE], Array("-rf".utf8),
        [UInt8](repeating: 0x61, count: 255),
    ])
    func anyBytesAreAName(bytes: [UInt8]) throws {
        let scene = try Scene()
        let name = try #require(FileName(bytes: bytes))
        let created = Glibc.open((KernelPath(scene.inbound) / name).characters, O_WRONLY | O_CREAT, 0o600)
        try #require(Glibc.write(created, "abc", 3) == 3)
        close(created)
        let work = try WorkFolder(scene.folder())
        guard case .claimed(let claim) = try work.claim(name, markers: [], proof: .closed, microseconds: 1) else {
            Issue.record("not claimed")
            return
        }
        #expect(claim.name == name)
        let hash = try claim.inspect().hash
        let kept = try claim.archive(into: scene.archive, hash: hash)
        #expect(try Kernel.shape(of: kept.path).size == 3)
        #expect(scene.claimed == [])
    }

    @Test func fileThatIsGoneIsVanished() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        let outcome = try work.claim(FileName(trusted: [0x61]), markers: [], proof: .closed, microseconds: 1)
        guard case .refused(.vanished) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(scene.claimed == [])
    }

    @Test(arguments: [O_WRONLY, O_RDWR, O_WRONLY | O_APPEND])
    func fileWithAWriterIsNotClaimed(flags: Int32) throws {
        let scene = try Scene()
        try scene.drop("x.csv")
        let work = try WorkFolder(scene.folder())
        let writer = Glibc.open(scene.inbound + "/x.csv", flags)
        let outcome = try work.claim(
            FileName(trusted: Array("x.csv".utf8)), markers: [], proof: .closed, microseconds: 1)
        guard case .refused(.written) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(scene.exists(scene.inbound + "/x.csv"))
        close(writer)
        #expect(throws: Never.self) { try scene.claimed(work, "x.csv") }
    }

    /// A scan may meet the checksum before its bytes are there.
    @Test func fileWhoseChecksumHasAWriterIsNotClaimed() throws {
        let scene = try Scene()
        try scene.deliver("x.csv")
        let writer = Glibc.open(scene.inbound + "/x.csv.sha256", O_WRONLY | O_CREAT, 0o600)
        try #require(writer >= 0)
        let work = try WorkFolder(scene.folder(.marker()))
        let (name, marker) = (try #require(FileName("x.csv")), try #require(FileName("x.csv.sha256")))
        let outcome = try work.claim(name, markers: [marker], proof: .sighted, microseconds: 1)
        if case .refused(.written) = outcome {} else { Issue.record("\(outcome)") }
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv", "x.csv.sha256"])
        _ = Glibc.write(writer, "0", 1)
        close(writer)
        _ = try scene.claimed(work, "x.csv", markers: [marker])
        #expect(scene.entries(scene.inbound) == [".qiao"])
    }

    @Test func readersDoNotHinder() throws {
        let scene = try Scene()
        try scene.drop("x.csv")
        let reader = Glibc.open(scene.inbound + "/x.csv", O_RDONLY)
        defer { close(reader) }
        #expect(throws: Never.self) { try scene.claimed(try WorkFolder(scene.folder()), "x.csv") }
    }

    @Test func openingForWritingWhileWeAskDoesNotEndTheProcess() async throws {
        let scene = try Scene()
        try scene.drop("x.csv")
        let path = scene.inbound + "/x.csv"
        let read = try Kernel.open(KernelPath(path), O_RDONLY)
        // A lease that is broken signals its holder; SIGIO, the default, would end this test run.
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<5000 {
                    let writer = Glibc.open(path, O_WRONLY | O_NONBLOCK)
                    if writer >= 0 { close(writer) }
                }
            }
            group.addTask { for _ in 0..<5000 { _ = WriterProbe.ask(read) } }
        }
        #expect(WriterProbe.ask(read) == .noWriter)
    }

    @Test func secondProcessIsRefused() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        let error = #expect(throws: InboundError.self) { try WorkFolder(scene.folder()) }
        #expect(error?.code == .folderInUse)
        withExtendedLifetime(work) {}
    }

    @Test func plantedLinkIsNoWorkFolder() throws {
        let scene = try Scene()
        try FileManager.default.createDirectory(atPath: scene.root + "/elsewhere", withIntermediateDirectories: true)
        try #require(symlink(scene.root + "/elsewhere", scene.inbound + "/.qiao") == 0)
        let error = #expect(throws: InboundError.self) { try WorkFolder(scene.folder()) }
        #expect(error?.code == .workFolderNotPrivate)
        #expect(scene.entries(scene.root + "/elsewhere") == [])
    }

    @Test func workFolderThatOthersMayWriteToIsRefused() throws {
        let scene = try Scene()
        try FileManager.default.createDirectory(atPath: scene.work, withIntermediateDirectories: true)
        try #require(chmod(scene.work, 0o777) == 0)
        let error = #expect(throws: InboundError.self) { try WorkFolder(scene.folder()) }
        #expect(error?.code == .workFolderNotPrivate)
    }

    @Test func workFolderElsewhereIsUsedOnTheSameFileSystemOnly() throws {
        let scene = try Scene()
        var folder = scene.folder()
        folder.workPath = scene.root + "/deep/work"
        try scene.deliver("x.csv")
        let work = try WorkFolder(folder)
        let claim = try scene.claimed(work, "x.csv")
        #expect(scene.exists("\(scene.root)/deep/work/\(claim.id)-x.csv"))
        guard let other = OtherFileSystem(than: scene.root) else { return }
        folder.workPath = other.path + "/work"
        let error = #expect(throws: InboundError.self) { try WorkFolder(folder) }
        #expect(error?.code == .otherFileSystem)
    }

    @Test func missingFolderSaysWhatToDo() throws {
        let folder = InboundFolder(source: "test", path: "/nonexistent-\(UUID().uuidString)")
        let error = #expect(throws: InboundError.self) { try WorkFolder(folder) }
        #expect(error?.code == .folderMissing)
        #expect(error?.retryHelps == true)
    }

    /// Root is refused nothing, so the system's answer is handed in.
    @Test func folderThatIsRefusedSaysWhatToDo() {
        let refused = InboundError.ofFolder(Errno(number: EACCES), KernelPath("/home/county"))
        #expect(refused.code == .permissionDenied)
        #expect(refused.next.contains("to write to it") && refused.next.contains("ProtectHome="))
        #expect(InboundError.ofFolder(Errno(number: ENOENT), KernelPath("/x")).code == .folderMissing)
        #expect(InboundError.ofFolder(Errno(number: EROFS), KernelPath("/x")).code == .readOnly)
    }

    @Test(arguments: [
        (ENOSPC, InboundError.Code.storageFull, true), (EDQUOT, .storageFull, true), (EMFILE, .tooManyOpenFiles, true),
        (ENFILE, .systemFileTableFull, true), (EACCES, .permissionDenied, false), (EPERM, .permissionDenied, false),
        (EROFS, .readOnly, true), (EXDEV, .otherFileSystem, false), (EIO, .deviceFailed, true),
        (ESTALE, .deviceFailed, true), (ENOENT, .vanished, false), (ENAMETOOLONG, .systemRefused, true),
    ])
    func errorsTellWhatToDo(number: Int32, code: InboundError.Code, retryHelps: Bool) {
        let error = InboundError(Errno(number: number), path: "/x")
        #expect(error.code == code)
        #expect(error.retryHelps == retryHelps)
        #expect(!error.next.isEmpty)
        #expect(error.description.contains(code.rawValue))
    }
}

/// A folder on another file system, where this machine has one.
final class OtherFileSystem {
    let path: String

    init?(than here: String) {
        path = "/dev/shm/qiao-" + UUID().uuidString
        guard mkdir(path, 0o700) == 0 else { return nil }
        var shapes = (stat(), stat())
        guard stat(here, &shapes.0) == 0, stat(path, &shapes.1) == 0, shapes.0.st_dev != shapes.1.st_dev else {
            rmdir(path)
            return nil
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
