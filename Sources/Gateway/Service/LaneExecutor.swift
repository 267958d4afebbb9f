import Dispatch

/// A thread of its own for work that blocks on files, so that it never takes a thread of the shared pool.
///
/// Used with `withTaskExecutorPreference`: the structure of the tasks stays what it is, only the thread differs.
final class LaneExecutor: TaskExecutor {
    private let queue: DispatchQueue

    init(_ label: String) {
        queue = DispatchQueue(label: "qiao.\(label)")
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
