import Glibc
import Synchronization

/// The private folder that claimed files wait in, opened and locked for this process.
///
/// ``ClaimLayout`` says what is in it.
final class WorkFolder: Sendable {
    let folder: InboundFolder
    let inbound: Descriptor
    let work: Descriptor
    let inboundShape: FileShape
    private let workShape: FileShape
    let asksForWriters: Bool
    let ledger: AttemptLedger
    /// The path of the work folder, shown safely.
    let displayedPath: String
    // The claims that this process holds, so that a recovery does not take them for leftovers; and the latest time among
    // them, or before, as long as there are any.
    private let held = Mutex<(ids: Set<ClaimID>, latest: Int64)>(([], .min))
    // From a random number on, so that a clock that was set back does not give an earlier run's id again.
    private let counter = Mutex(UInt32.random(in: 0..<1 << 31))

    /// Opens both folders, makes the work folder where needed, and locks it until the last owner of this object is gone.
    init(_ folder: InboundFolder) throws(InboundError) {
        self.folder = folder
        let path = KernelPath(folder.path)
        do throws(Errno) {
            inbound = try Kernel.open(path, O_RDONLY | O_DIRECTORY)
            inboundShape = try Kernel.shape(of: inbound)
            asksForWriters = WriterProbe.isTrusted(fileSystem: Kernel.fileSystem(of: inbound))
        } catch {
            throw .ofFolder(error, path)
        }
        work = try Self.openWork(folder, in: inbound)
        let workPath = Self.workPath(of: folder)
        displayedPath = workPath.displayed
        workShape = try Self.check(work, beside: inboundShape, path: workPath)
        do throws(Errno) {
            ledger = try AttemptLedger(in: work)
        } catch {
            throw InboundError(error, path: workPath.displayed)
        }
    }

    /// The path of the work folder, for messages.
    static func workPath(of folder: InboundFolder) -> KernelPath {
        folder.workPath.map { KernelPath($0) } ?? KernelPath(folder.path) / ".qiao" / "work"
    }

    private static func openWork(_ folder: InboundFolder, in inbound: Descriptor) throws(InboundError) -> Descriptor {
        let path = workPath(of: folder)
        do throws(Errno) {
            if folder.workPath != nil {
                try Folders.make(path, mode: 0o700)
                return try Kernel.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            }
            // Step by step from the open folder: whoever may write to it could put a link in our way.
            let own = try makeAndOpen(KernelPath(".qiao"), in: inbound)
            return try makeAndOpen(KernelPath("work"), in: own)
        } catch {
            throw error.number == ENOTDIR || error.number == ELOOP ? .notPrivate(path) : .ofFolder(error, path)
        }
    }

    private static func makeAndOpen(_ name: KernelPath, in folder: Descriptor) throws(Errno) -> Descriptor {
        do throws(Errno) {
            try Kernel.makeFolder(name, at: folder.number, mode: 0o700)
        } catch  where error.number != EEXIST {
            throw error
        } catch {}
        return try Kernel.open(name, at: folder.number, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    private static func check(_ work: Descriptor, beside inbound: FileShape, path: KernelPath) throws(InboundError)
        -> FileShape
    {
        do throws(Errno) {
            let shape = try Kernel.shape(of: work)
            guard shape.owner == Kernel.userID, shape.permissions & 0o022 == 0 else { throw Errno(number: ENOTDIR) }
            guard shape.device == inbound.device else { throw Errno(number: EXDEV) }
            try Kernel.lock(work)
            return shape
        } catch {
            switch error.number {
            case ENOTDIR: throw .notPrivate(path)
            case EWOULDBLOCK: throw .inUse(path)
            default: throw InboundError(error, path: path.displayed)
            }
        }
    }

    /// Says which of the two paths no longer leads to the folder that was opened: it was removed or moved, or another was
    /// put or mounted in its place. Nil when both do.
    var loss: InboundError? {
        let inboundPath = KernelPath(folder.path)
        if !Self.leads(inboundPath, to: inboundShape) { return .folderMissing(inboundPath) }
        let workPath = Self.workPath(of: folder)
        return Self.leads(workPath, to: workShape) ? nil : .workFolderMissing(workPath)
    }

    private static func leads(_ path: KernelPath, to opened: FileShape) -> Bool {
        (try? Kernel.shape(of: path, following: true))?.isSameFile(as: opened) == true
    }

    func hold(_ id: ClaimID) {
        held.withLock { held in
            held.ids.insert(id)
            held.latest = max(held.latest, id.microseconds)
        }
    }

    var holdsNothing: Bool { held.withLock { $0.ids.isEmpty } }

    func letGo(_ id: ClaimID) {
        held.withLock { held in
            held.ids.remove(id)
            if held.ids.isEmpty { held.latest = .min }
        }
    }

    func isHeld(_ id: ClaimID) -> Bool { held.withLock { $0.ids.contains(id) } }

    /// An id for a claim at that time that no other claim of this process has.
    ///
    /// It comes behind those that are held, even when the clock was set back since: after a crash, a later filing must not be
    /// taken in before an earlier one.
    func newID(microseconds: Int64) -> ClaimID {
        let microseconds = held.withLock { $0.ids.isEmpty ? microseconds : max(microseconds, $0.latest + 1) }
        let number = counter.withLock { counter in
            counter &+= 1
            return counter
        }
        return ClaimID(microseconds: microseconds, counter: number)
    }
}

extension InboundError {
    /// Why a folder of a source cannot be used.
    static func ofFolder(_ failure: Errno, _ path: KernelPath) -> InboundError {
        switch failure.number {
        case ENOENT: .folderMissing(path)
        case EACCES, EPERM: .folderRefused(failure, path)
        default: InboundError(failure, path: path.displayed)
        }
    }

    private static func folderRefused(_ failure: Errno, _ path: KernelPath) -> InboundError {
        InboundError(
            .permissionDenied, path: path.displayed, errno: failure.number, retryHelps: false,
            next:
                "Give the user of the service the right to read the inbound folder and to write to it; of /home, /root and /run/user a service with ProtectHome= sees nothing."
        )
    }

    static func folderMissing(_ path: KernelPath) -> InboundError {
        InboundError(
            .folderMissing, path: path.displayed, errno: ENOENT, retryHelps: true,
            next: "Make the folder or mount its file system; it is looked for again by itself.")
    }

    static func workFolderMissing(_ path: KernelPath) -> InboundError {
        InboundError(
            .folderMissing, path: path.displayed, errno: ENOENT, retryHelps: true,
            next:
                "It is made anew by itself. If the old one was moved away, stop the gateway, move the files in it into the new one, and start it again."
        )
    }

    static func notPrivate(_ path: KernelPath) -> InboundError {
        InboundError(
            .workFolderNotPrivate, path: path.displayed, retryHelps: false,
            next:
                "It must be a real folder of the service's own user, writable for nobody else. Remove what is there, or set another work folder."
        )
    }

    static func inUse(_ path: KernelPath) -> InboundError {
        InboundError(
            .folderInUse, path: path.displayed, retryHelps: true,
            next: "Another process claims from this folder. Stop it, or give each its own folder.")
    }
}
