import Glibc

/// Folders made on the way.
enum Folders {
    /// Makes a folder and those above it that are missing.
    static func make(_ path: KernelPath, mode: UInt32) throws(Errno) {
        do throws(Errno) {
            try Kernel.makeFolder(path, mode: mode)
        } catch {
            if error.number == EEXIST { return }
            guard error.number == ENOENT, let parent = path.parent else { throw error }
            try make(parent, mode: mode)
            try makeIfMissing(path, mode: mode)
        }
    }

    private static func makeIfMissing(_ path: KernelPath, mode: UInt32) throws(Errno) {
        do throws(Errno) {
            try Kernel.makeFolder(path, mode: mode)
        } catch  where error.number == EEXIST {
            return
        }
    }
}
