import Dispatch

/// Claims the complete files of one inbound folder, when asked to.
///
/// ```swift
/// let intake = Intake(folder, tell: { notice in log(notice) })
/// while true {
///     for claim in try await intake.claimNext(limit: 64) { … }
/// }
/// ```
/// Nothing is claimed unless ``claimNext(limit:while:)`` is waiting, so a gateway that stops asking leaves the files where they
/// are. A folder that is missing, unmounted or full is told of and tried again. It runs on a queue of its own.
public actor Intake {
    /// The folder that it claims from.
    public nonisolated let folder: InboundFolder
    let clock: InboundClock
    private let say: @Sendable (InboundNotice) -> Void
    private let executor: IntakeExecutor
    private let openWatch: FolderWatch.Opening

    var settling: Settling
    var work: WorkFolder?
    private var watch: FolderWatch?
    var condition = IntakeStatus.Condition.idle
    // Claims of an earlier run that were not handed out yet, the next one last.
    var leftovers: [RecoveredClaim] = []
    // Claims that came another way, and are handed out with the next ones.
    var readmitted: [ClaimedFiling] = []
    // Claims that could not go back yet.
    var returning: [ClaimedFiling] = []
    // Not before this moment is the folder, or a claim, tried again.
    var notBefore = Duration.zero
    // When the work folder is looked through for claims that were left there.
    var revisitsAt: Duration?
    // When a folder that cannot be watched is looked through next.
    var pollsAt = Duration.zero
    private var toldError: InboundError?
    private var hasToldUnseenWriters = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var wakesAt: Duration?
    // How often there was reason to look again. Between looking and waiting the queue may run other work, news among it.
    private var reasons: UInt64 = 0

    /// Makes an intake; nothing is opened before it is asked for claims.
    ///
    /// - Parameters:
    ///   - folder: Where from, and how.
    ///   - clock: The time; the system's unless a test hands in another.
    ///   - tell: Takes what the operator should know. Called on the queue of the intake; it must not block.
    public init(
        _ folder: InboundFolder, clock: InboundClock = .system, tell: @escaping @Sendable (InboundNotice) -> Void
    ) {
        self.init(folder, clock: clock, watching: FolderWatch.open, tell: tell)
    }

    init(
        _ folder: InboundFolder, clock: InboundClock, watching openWatch: @escaping FolderWatch.Opening,
        tell: @escaping @Sendable (InboundNotice) -> Void
    ) {
        self.folder = folder
        self.openWatch = openWatch
        self.clock = clock
        say = tell
        executor = IntakeExecutor(label: "qiao.inbound.\(folder.source)")
        settling = Settling(
            completion: folder.completion, ignoring: folder.ignoring, pacing: folder.pacing, pairing: folder.pairing)
    }

    /// The queue of this intake.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the folder and watches it, if that has not been done: what arrives from now on is seen as it comes. Where that
    /// cannot be done now, it is told, and tried again by ``claimNext(limit:while:)``.
    public func begin() {
        if work == nil { attach(at: clock.now()) }
    }

    /// Waits until files are complete, and claims up to `limit` of them.
    ///
    /// Claims of an earlier run come first. One that is ``ClaimedFiling/Standing/suspect`` or ``ClaimedFiling/Standing/culprit``
    /// comes alone. After a start, files come in the order of their names; later in the order in which they became complete.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - mayClaim: Is asked each time there may be something to claim.
    /// - Returns: At least one claim; none when there may be something and `mayClaim` says no.
    /// - Throws: `CancellationError`, and nothing else: troubles with the folder are told and waited out.
    public func claimNext(
        limit: Int = 64, while mayClaim: @Sendable () -> Bool = { true }
    ) async throws -> [ClaimedFiling] {
        while true {
            try Task.checkCancellation()
            guard mayClaim() else { return [] }
            let known = reasons
            let (claims, moment) = claimReady(limit: max(1, limit))
            if !claims.isEmpty { return claims }
            await wait(until: moment, unlessMoreThan: known)
        }
    }

    /// Puts a claim back into the folder, where it is claimed again once it has held still for a while.
    ///
    /// For files that turn out to change (``InboundError/Code/changed``). Nothing is overwritten: when a newer file has its
    /// name, it goes back as soon as that one is gone.
    public func giveBack(_ claim: ClaimedFiling) {
        returning.append(claim)
        returnClaims()
        if returning.contains(where: { $0 === claim }) { tell(.returnDelayed, file: claim.name) }
        wakeAll()
    }

    /// Claims a file anew that is kept in quarantine or archive, e.g. after its mapping was mended.
    public func reclaim(_ kept: KeptFiling) throws(InboundError) -> ClaimedFiling {
        if work == nil { attach(at: clock.now()) }
        guard let work else { throw toldError ?? .folderMissing(KernelPath(folder.path)) }
        return try work.reclaim(kept, microseconds: clock.microsecondsSince1970())
    }

    /// Hands out a claim, such as one that was ``reclaim(_:)``ed, with the next ones.
    public func handOut(_ claim: ClaimedFiling) {
        readmitted.append(claim)
        wakeAll()
    }

    /// Leaves a claim in the work folder, because it cannot be moved to where it belongs; it is taken up again after a while, as
    /// after a restart.
    public func leave(_ claim: ClaimedFiling) {
        claim.leave()
        if revisitsAt == nil { revisitsAt = clock.now() + folder.pacing.revisit }
        wakeAll()
    }

    /// How it is doing.
    public var status: IntakeStatus {
        let ready = settling.readyCount
        return IntakeStatus(
            condition: condition, ready: ready, settling: settling.candidates.count - ready, recovered: leftovers.count)
    }
}

// MARK: the folder

extension Intake {
    /// Opens the folder and begins to watch it; tells why not.
    func attach(at now: Duration) {
        let path = KernelPath(folder.path)
        do throws(InboundError) {
            let work = try WorkFolder(folder)
            // The watch before the scan: what arrives in between is met twice rather than never.
            watch = listen(path)
            self.work = work
            settling = Settling(
                completion: folder.completion, ignoring: folder.ignoring, pacing: folder.pacing, pairing: folder.pairing
            )
            try recover(from: work)
            // What lies there was there before what is heard from now on.
            if case .scan(let after, let limit) = settling.next(at: now) {
                try scan(work, after: after, limit: limit)
            }
            condition = watch == nil ? .polling : .watching
            toldError = nil
            if watch != nil { tell(.watching, detail: path.displayed) }
            if isPollingByChoice { tell(.polled, detail: path.displayed) }
        } catch {
            detach()
            suspend(because: error, .unavailable, at: now)
        }
    }

    private func listen(_ path: KernelPath) -> FolderWatch? {
        if isPollingByChoice { return nil }
        do throws(Errno) {
            return try openWatch(on: path)
        } catch {
            // Watches are scarce on a busy machine, and some file systems have none: polling is slower, and safe.
            tell(.polling, detail: InboundError.notWatched(error, path).description)
            return nil
        }
    }

    private func openWatch(on path: KernelPath) throws(Errno) -> FolderWatch {
        try openWatch(path, executor.queue) { [weak self] in
            self?.assumeIsolated { $0.newsArrived() }
        }
    }

    /// Watches a folder that could not be watched before, if that can be done now.
    func watchAgain() {
        let path = KernelPath(folder.path)
        guard let watch = try? openWatch(on: path) else { return }
        self.watch = watch
        condition = .watching
        tell(.watching, detail: path.displayed)
    }

    func recover(from work: WorkFolder) throws(InboundError) {
        let found = try work.recover()
        // In the order in which they arrived: what a later filing says must not be overwritten by an earlier one.
        leftovers = (found.culprits + found.waiting + found.suspects).sorted { $0.id > $1.id }
        for name in found.foreign { tell(.foreignEntry, file: name) }
        if found.count > 0 { tell(.recovered, detail: "\(found.count)") }
    }

    var isPollingByChoice: Bool {
        if case .stable = folder.completion { true } else { false }
    }

    func detach() {
        watch = nil
        work = nil
        leftovers = []
    }

    /// Stops for a while, and says why, once for each reason.
    func suspend(because error: InboundError, _ kind: InboundNotice.Kind, at now: Duration) {
        condition = .unavailable(error)
        notBefore = now + folder.pacing.retry
        if toldError?.code != error.code || toldError?.errno != error.errno { tell(kind, detail: error.description) }
        toldError = error
    }

    /// Goes on after a pause.
    func resumed() {
        guard case .unavailable = condition else { return }
        condition = watch == nil ? .polling : .watching
        toldError = nil
        tell(.resumed)
    }

    private func newsArrived() {
        guard let watch else { return }
        do throws(Errno) {
            take(try watch.read())
        } catch {
            lost(KernelPath(folder.path).displayed)
            wakeAll()
        }
    }

    func take(_ news: FolderNews) {
        let now = clock.now()
        for event in news.events { settling.heard(event, at: now) }
        if news.overflowed {
            tell(.overflow)
            settling.lostTrack(at: now)
        }
        if news.mayBeGone, let loss = work?.loss { lost(loss.path) }
        wakeAll()
    }

    func lost(_ path: String) {
        tell(.gone, detail: path)
        detach()
    }

    func tell(_ kind: InboundNotice.Kind, file: FileName? = nil, detail: String? = nil) {
        say(InboundNotice(kind, source: folder.source, file: file, detail: detail))
    }

    /// Says, once, that a file had to be watched for changes since nobody says whether it has a writer.
    func tellUnseenWriters(_ name: FileName, in work: WorkFolder) {
        guard !hasToldUnseenWriters, !isPollingByChoice else { return }
        hasToldUnseenWriters = true
        tell(
            .writersUnseen, file: name,
            detail: work.asksForWriters
                ? "It belongs to another user. Give the service the capability CAP_LEASE, as its unit does."
                : "The file system cannot say. Set completion: stable for this source, or marker.")
    }

    func pass(on notice: InboundNotice) {
        var notice = notice
        notice.source = folder.source
        say(notice)
    }
}

// MARK: waiting

extension Intake {
    private func wait(until moment: Duration, unlessMoreThan known: UInt64) async {
        let executor = executor
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // What came since we looked, a cancellation too, found nobody waiting.
                guard reasons == known else { return continuation.resume() }
                waiters.append(continuation)
                setAlarm(for: moment)
            }
        } onCancel: {
            executor.queue.async { self.assumeIsolated { $0.wakeAll() } }
        }
    }

    private func setAlarm(for moment: Duration) {
        let now = clock.now()
        if let wakesAt, wakesAt <= moment, wakesAt > now { return }
        wakesAt = moment
        let executor = executor
        clock.wake(max(.zero, moment - now)) { [weak self] in
            guard let self else { return }
            executor.queue.async { self.assumeIsolated { $0.rang(moment) } }
        }
    }

    // Whoever wakes before the moment, by another clock's rounding, sets the alarm again.
    private func rang(_ moment: Duration) {
        if wakesAt == moment { wakesAt = nil }
        wakeAll()
    }

    private func wakeAll() {
        reasons &+= 1
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }
}
