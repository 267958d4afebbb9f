import Glibc

/// How many files this process may have open.
enum OpenFileLimit {
    /// Enough for hundreds of sources, and as the unit file has it. More costs programs that look through all numbers there are.
    private static let target: rlim_t = 65_536

    /// Raises the limit as far as the system lets us: a shell allows 1024, which a dozen sources have open at once.
    static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < target else { return }
        limit.rlim_cur = min(limit.rlim_max, target)
        setrlimit(resource, &limit)
    }
}
