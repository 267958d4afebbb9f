/// Looks once a second for what people have asked for, and does it.
///
/// It is no part of ``Maintenance``: a big filing that is tried again, or a big journal that is looked through, takes a while,
/// and the watchdog must be fed meanwhile.
struct RequestDesk: Sendable {
    let state: StateFolder
    /// Takes a request, and whether it has been taken before and is still there.
    let retry: @Sendable (RetryRequest, _ isAgain: Bool) async -> Void
    let settle: @Sendable ([DeadLetterRequest]) async -> Void
    let clock: any Clock<Duration>

    /// Runs until the task is cancelled.
    func run() async {
        var known: Set<RetryRequest> = []
        while !Task.isCancelled {
            let requests = RetryRequest.pending(in: state)
            for request in requests { await retry(request, known.contains(request)) }
            // One that was carried out can be left anew.
            known = Set(requests).intersection(RetryRequest.pending(in: state))
            let letters = DeadLetterRequest.pending(in: state)
            if !letters.isEmpty { await settle(letters) }
            try? await clock.sleep(for: .seconds(1))
        }
    }
}
