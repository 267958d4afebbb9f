import Glibc

/// Makes the C library's allocator give memory back that a big filing needed for a moment, and keep what it needs all the time.
public enum Allocator {
    /// Two arenas instead of eight for each core, and blocks of 1 MiB and more straight from the system and back to it: by
    /// itself the allocator learns to keep blocks of up to 32 MiB. Up to 2 MiB that are free at the end of an arena stay there:
    /// batches of records come and go, and each page that is given back has to be asked for again, which costs more than
    /// filling it. Not there in every C library; then all is as it would be.
    ///
    /// For a program to call before it does anything else.
    public static func prepare() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        // Invariant: mallopt(3) is int (int, int).
        let set = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
        for (parameter, value) in [(maximumArenas, 2), (mappingThreshold, 1 << 20), (trimThreshold, 2 << 20)] {
            _ = set(parameter, CInt(value))
        }
    }

    /// Gives back what is free between blocks that are in use. Takes some milliseconds: for moments when much was freed.
    static func giveBack() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        // Invariant: malloc_trim(3) is int (size_t).
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }

    // M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD of <malloc.h>, which Swift does not see.
    private static let maximumArenas: CInt = -8
    private static let mappingThreshold: CInt = -3
    private static let trimThreshold: CInt = -1
}
