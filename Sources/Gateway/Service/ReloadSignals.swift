import UnixSignals

/// The signals that ask for settings and mappings to be read anew (SIGHUP).
///
/// Whoever starts a gateway makes this before anything else: from then on the signal does not end the process, and one that comes
/// while the gateway still starts, which takes long on a full disk, is heeded once it runs. A gateway that SIGHUP has ended would
/// stay down: systemd takes that for a clean end (`SuccessExitStatus=` in systemd.service(5)).
public struct ReloadSignals: Sendable {
    private let received: UnixSignalsSequence

    /// Begins to take the signal. A process makes one of these.
    public init() async {
        received = await UnixSignalsSequence(trapping: .sighup)
    }

    /// Does the work for each signal, one after the other, until the task is cancelled.
    func forEach(_ work: () async -> Void) async {
        for await _ in received { await work() }
    }
}
