import Glibc

/// The folder that one gateway owns: journal, archive, quarantine, identity key, lock.
struct StateFolder: Sendable {
    let path: String

    var journal: String { path + "/journal.sqlite" }
    var archive: String { path + "/archive" }
    var quarantine: String { path + "/quarantine" }
    var identityKey: String { path + "/identity.key" }
    var lock: String { path + "/qiao.lock" }

    /// Makes a folder and its parents, readable by the gateway and its group.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    ///   - isShared: Whether the group may write to it too, as sources do to their inbound folders.
    static func make(_ path: String, isShared: Bool = false) throws(GatewayError) {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, isShared ? 0o770 : 0o750) != 0 else { continue }
            // A parent that is there but read-only answers EROFS or EACCES; the last one decides.
            let failure = errno
            // Only a folder has a dot in it.
            if access(made + "/.", F_OK) == 0 { continue }
            throw GatewayError(.folder, "the folder \(made) cannot be made", errno: errno == ENOENT ? failure : errno)
        }
    }

    /// Free bytes for us on the folder's file system.
    func freeSpace() -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }
}

/// Keeps a second gateway out of the same state folder for as long as it lives.
struct StateLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Parameter pause: Waits a little. A child of a gateway that was killed has the lock, too, until it becomes another
    ///   program; for that it is waited.
    /// - Throws: ``GatewayError`` when another process has it, naming its process id.
    init(_ folder: StateFolder, pause: () -> Void = { usleep(10_000) }) throws(GatewayError) {
        let opened = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard opened >= 0 else { throw GatewayError(.folder, "\(folder.lock) cannot be opened", errno: errno) }
        var pauses = 0
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            let owner = Self.read(opened)
            if pauses < 200, let process = Int32(owner), kill(process, 0) != 0, Glibc.errno == ESRCH {
                pauses += 1
                pause()
                continue
            }
            close(opened)
            throw GatewayError(
                .locked,
                "another gateway (process \(owner)) works on \(folder.path); stop it first, or give this one a state folder of its own"
            )
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(opened, 0)
        _ = pwrite(opened, text, text.count, 0)
        descriptor = opened
    }

    deinit {
        // An exporter that was forked just now has the descriptor too, until it becomes another program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// The process id of the gateway that runs on a state folder, or nil when none does.
    static func owner(of folder: String) -> Int32? {
        let descriptor = open(StateFolder(path: folder).lock, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return Int32(read(descriptor))
    }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber)
    }
}
