/// Looks once a second for what people have asked for, and does it.
///
/// It is no part of ``Maintenance``: a big filing that is tried again, or a big journal that is looked through, takes a while,
/// and the watchdog must be fed meanwhile.
struct RequestDesk: Sendable {
    let state: StateFolder
    let retry: @Sendable (RetryRequest) async -> Void
    let settle: @Sendable ([DeadLetterRequest]) async -> Void
    let clock: any Clock<Duration>

    /// Runs until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            for request in RetryRequest.pending(in: state) { await retry(request) }
            let letters = DeadLetterRequest.pending(in: state)
            if !letters.isEmpty { await settle(letters) }
            try? await clock.sleep(for: .seconds(1))
        }
    }
}
