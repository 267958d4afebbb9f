import Synchronization

/// Wakes one waiting task when something has changed.
///
/// A signal that comes while nobody waits is remembered; several are remembered as one. What has changed is kept
/// elsewhere: the woken task looks.
final class Latch: Sendable {
    private enum State {
        case clear
        case signalled
        case waiting(CheckedContinuation<Bool, Never>)
        case closed
    }

    private let state = Mutex(State.clear)

    /// Wakes the waiting task, or the next one to wait.
    func signal() {
        change(to: .signalled)
    }

    /// Ends all waiting, now and later.
    func close() {
        change(to: .closed)
    }

    /// Waits for a signal. Only one task may wait at a time.
    ///
    /// - Returns: False when the latch is closed or the task is cancelled.
    func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    switch state {
                    case .signalled:
                        state = .clear
                        return true
                    case .closed:
                        return false
                    case .clear:
                        // The flag is set before the handler below runs, so one of the two sees the other.
                        if Task.isCancelled { return false }
                        state = .waiting(continuation)
                        return nil
                    case .waiting:
                        preconditionFailure("two tasks wait for one latch")
                    }
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
                guard case .waiting(let continuation) = state else { return nil }
                state = .clear
                return continuation
            }
            waiting?.resume(returning: false)
        }
    }

    private func change(to new: State) {
        let isSignal = if case .signalled = new { true } else { false }
        let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
            switch state {
            case .closed:
                return nil
            case .clear, .signalled:
                state = new
                return nil
            case .waiting(let continuation):
                state = isSignal ? .clear : .closed
                return continuation
            }
        }
        waiting?.resume(returning: isSignal)
    }
}
