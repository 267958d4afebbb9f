// Where Foundation is in use, the compiler takes `struct stat` for a part of it.
import CoreFoundation
import Glibc

/// The file systems that folders lie on.
enum FileSystems {
    /// Returns when everything that was written to them until now is safe on the disk: one call for each file system,
    /// however many files that is. It waits for what other programs have written there, too.
    ///
    /// - Parameter folders: Their paths. What is not there any more is left out.
    /// - Throws: ``GatewayError`` with what the disk says; the other file systems have been written out all the same.
    static func synchronise(_ folders: some Sequence<String>) throws(GatewayError) {
        var done: Set<dev_t> = []
        var failure: GatewayError?
        for folder in folders {
            let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard opened >= 0 else { continue }
            defer { close(opened) }
            var status = stat()
            guard fstat(opened, &status) != 0 || done.insert(status.st_dev).inserted else { continue }
            if synchronise(opened) == 0 { continue }
            failure = GatewayError(.folder, "the file system of \(folder) cannot be written out", errno: errno)
        }
        if let failure { throw failure }
    }

    /// The same on a thread of its own, and waited for no longer than `limit`: a file server that does not answer may take
    /// for ever.
    ///
    /// - Throws: ``GatewayError`` with what the disk says, or that it took longer.
    static func synchronise(
        _ folders: Set<String>, atMost limit: Duration, clock: any Clock<Duration> = ContinuousClock(),
        by work: @escaping @Sendable (Set<String>) throws -> Void = { try synchronise($0) }
    ) async throws {
        let (results, teller) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        Task(executorPreference: LaneExecutor("file-systems")) { teller.yield(Result { try work(folders) }) }
        let limiting = Task {
            try await clock.sleep(for: limit)
            teller.finish()
        }
        defer { limiting.cancel() }
        for await result in results { return try result.get() }
        throw GatewayError(
            .folder,
            "the file systems of \(folders.sorted().joined(separator: ", ")) were not written out within \(limit)")
    }

    private static func synchronise(_ descriptor: CInt) -> CInt {
        if let writeOut { return writeOut(descriptor) }
        sync()
        return 0
    }

    // syncfs(2) is for GNU sources, so Swift does not see it. Invariant: its type is int (int).
    private static let writeOut: (@convention(c) (CInt) -> CInt)? = dlsym(nil, "syncfs").map {
        unsafeBitCast($0, to: (@convention(c) (CInt) -> CInt).self)
    }
}
