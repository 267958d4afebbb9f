import Dispatch

/// Runs an intake on a queue of its own: a slow file server blocks nobody else's work, and events arrive on the same
/// queue without a lock.
final class IntakeExecutor: SerialExecutor {
    let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}

/// Watches one folder and calls when there is news, on the given queue.
final class FolderWatch {
    /// How a watch is opened, so that tests decide whether it can be.
    typealias Opening =
        @Sendable (_ folder: KernelPath, _ queue: DispatchQueue, _ call: @escaping @Sendable () -> Void)
        throws(Errno) -> sending FolderWatch

    private var inotify: Inotify
    private let source: any DispatchSourceRead

    init(_ folder: KernelPath, queue: DispatchQueue, call: @escaping @Sendable () -> Void) throws(Errno) {
        inotify = try Inotify(folder: folder)
        let descriptor = inotify.descriptor
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor.number, queue: queue)
        source.setEventHandler(handler: call)
        // The descriptor must stay open until the source has let go of it.
        source.setCancelHandler { _ = descriptor }
        source.resume()
    }

    deinit { source.cancel() }

    static let open: Opening = { folder, queue, call throws(Errno) in
        try FolderWatch(folder, queue: queue, call: call)
    }

    func read() throws(Errno) -> FolderNews { try inotify.read() }
}
