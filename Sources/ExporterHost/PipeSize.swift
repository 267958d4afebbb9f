import Glibc

/// Makes the pipe to an exporter wide enough for what is written at once.
enum PipeSize {
    // What the kernel allows everyone.
    private static let size: CInt = 1 << 20
    // F_SETPIPE_SZ of <fcntl.h>, which Swift does not see.
    private static let setSize: CInt = 1031

    /// Widens the pipe that a child reads its standard input from. With the 64 KiB that it has by itself, the two
    /// processes wake each other some ten thousand times for a gigabyte, and on a busy machine wait for their turn each
    /// time. Where it cannot be done, all works as before.
    static func widen(standardInputOf process: pid_t) {
        // The child's descriptor is the one that can be named; ours is not known here.
        let pipe = open("/proc/\(process)/fd/0", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard pipe >= 0 else { return }
        _ = fcntl(pipe, setSize, size)
        close(pipe)
    }
}
