import Synchronization

/// An append to a staging that is under way, for whoever has more to do meanwhile.
public final class Appending: Sendable {
    private enum State {
        case underWay([CheckedContinuation<Result<Void, JournalError>, Never>])
        case ended(Result<Void, JournalError>)
    }

    private let state = Mutex(State.underWay([]))

    init() {}

    /// Waits until everything of it is stored. May be called any number of times.
    ///
    /// - Throws: ``JournalError``; then nothing of it was stored.
    public func finished() async throws(JournalError) {
        let result = await withCheckedContinuation { continuation in
            let result: Result<Void, JournalError>? = state.withLock { state in
                switch state {
                case .ended(let result): return result
                case .underWay(let waiting):
                    state = .underWay(waiting + [continuation])
                    return nil
                }
            }
            if let result { continuation.resume(returning: result) }
        }
        try result.get()
    }

    func end(_ result: Result<Void, JournalError>) {
        let waiting: [CheckedContinuation<Result<Void, JournalError>, Never>] = state.withLock { state in
            guard case .underWay(let waiting) = state else { return [] }
            state = .ended(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }
}
