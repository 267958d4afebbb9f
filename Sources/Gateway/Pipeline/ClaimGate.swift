import Synchronization

/// Opens and closes claiming for all sources: closed while the disk is too full or the backlog too long.
///
/// What is in the inbound folders is safe there; what we cannot store we do not take.
final class ClaimGate: Sendable {
    /// Why nothing is claimed.
    enum Closure: Sendable, Hashable {
        /// Fewer free bytes than the limit on the file system of the state folder.
        case diskFull(free: Int, limit: Int)
        /// The journal itself could not write for want of room.
        case journalFull
        /// More records wait for a route than the limit.
        case backlog(route: String, records: Int, limit: Int)
        /// The path leads to another file than the journal that is open, or to none.
        case journalAway(path: String)

        /// For logs and the status line: what happened and what to do.
        var explanation: String {
            switch self {
            case .diskFull(let free, let limit):
                "\(free >> 20) MiB are free on the disk of the state folder where \(limit >> 20) MiB are wanted; free some space and claiming resumes by itself"
            case .journalFull:
                "the journal could not be written because the disk is full; free some space and claiming resumes by itself"
            case .journalAway(let path):
                "\(path) is not the journal that is open here: its folder was moved, removed, replaced or mounted over; put it back and claiming resumes by itself, or restart the gateway if it is to work with what is there now"
            case .backlog(let route, let records, let limit):
                "\(records) records wait for the route \(route), the limit is \(limit); see to its exporter and claiming resumes by itself"
            }
        }
    }

    private struct State {
        var closure: Closure?
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())

    /// Why the gate is closed, or nil when it is open.
    var closure: Closure? { state.withLock { $0.closure } }

    /// Sets or clears the reason; tells whether that closed or opened the gate.
    func set(_ closure: Closure?) -> Bool {
        let (changed, waiters) = state.withLock { state in
            let changed = (state.closure == nil) != (closure == nil)
            state.closure = closure
            guard closure == nil else { return (changed, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiters = [:] }
            return (changed, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume() }
        return changed
    }

    /// Returns when the gate is open, or when the task is cancelled.
    func waitUntilOpen() async {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    guard state.closure != nil, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOpen { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
