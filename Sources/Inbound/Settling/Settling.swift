/// Decides when a file of one folder is complete: a value without I/O or clock.
///
/// What is heard and seen is handed in with the moment at which it was; ``next(at:)`` says what to do. Moments are
/// durations since any fixed origin. Memory is bounded: names beyond the capacity stay in the folder for a later scan.
struct Settling: Sendable {
    let completion: Completion
    let ignoring: IgnoredNames
    let pacing: Pacing
    let pairing: Pairing?

    /// The names that something is known or expected of.
    var candidates: [FileName: Candidate] = [:]
    private var ready = NameQueue()
    private var due = DueQueue()
    private var scan = ScanPlan()
    private var notices: [InboundNotice] = []
    // Names that something was told about already, so that each is told once, and with what.
    private var told: [FileName: String] = [:]
    // Markers whose file is not there: by the name of the file.
    private var orphans: [FileName: FileName] = [:]
    private var generation: UInt64 = 0

    struct Candidate: Sendable, Equatable {
        var phase: Phase
        var proof: Proof
        var markers: [FileName] = []
        var generation: UInt64
        /// Since when it is complete and could be claimed, were it not for the other half of its pair.
        var completeSince: Duration?
        /// We put it back ourselves, so its arrival is no news and says nothing of completeness.
        var wasReturned = false
    }

    enum Phase: Sendable, Equatable {
        /// Complete as far as we know; in the queue of what is to be claimed.
        case ready
        /// Complete, and waiting for its signature or its document.
        case waiting
        /// Being claimed.
        case offered
        /// A writer has it; to be tried again at its close, or when due.
        case written
        /// Watched for changes since the moment of the first sighting of this shape; complete after that period without one.
        case steadying(FileShape?, since: Duration, for: Duration)
    }

    /// What speaks for completeness.
    enum Proof: Sendable, Comparable {
        /// Somebody saw the name.
        case sighted
        /// The writer closed it or moved it in, or a marker says so.
        case closed
        /// It did not change for the period that was asked for.
        case steady
    }

    enum Action: Sendable, Equatable {
        /// Try to claim; answer with ``claimed(_:)`` or ``refused(_:_:at:)``.
        case claim(FileName, markers: [FileName], proof: Proof)
        /// Try to claim a document together with its detached signature; answer for the document as with `claim`, or with
        /// ``signatureRefused(_:of:_:at:)``.
        case claimPair(FileName, signature: FileName, markers: [FileName], proof: Proof)
        /// Look at the file; answer with ``looked(at:shape:at:)``.
        case look(FileName)
        /// Look through the folder for at most `limit` names after `after` in order; answer with ``scanned(_:isLast:at:)``.
        case scan(after: FileName?, limit: Int)
        case tell(InboundNotice)
        /// Nothing to do before that moment, unless something is heard.
        case wait(until: Duration)
    }

    /// Why a file was not claimed.
    enum Refusal: Sendable, Equatable {
        case vanished
        /// A writer has it open.
        case written
        /// Nobody can say whether a writer has it open.
        case unproven(FileShape)
        /// It has no byte, and its sender may be about to fill it.
        case empty(FileShape)
        case special(FileShape.Kind)
        case failed(InboundError)
        /// Not the fault of the file: it stays ready.
        case postponed
    }

    init(completion: Completion, ignoring: IgnoredNames, pacing: Pacing, pairing: Pairing? = nil) {
        self.completion = completion
        self.ignoring = ignoring
        self.pacing = pacing
        self.pairing = pairing
    }

    /// How many names are complete and not claimed yet, as far as they are remembered.
    var readyCount: Int { candidates.values.reduce(0) { $0 + ($1.phase == .ready ? 1 : 0) } }
}

// MARK: what is handed in

extension Settling {
    /// Takes an event of the folder.
    mutating func heard(_ event: FolderEvent, at now: Duration) {
        switch classify(event.name) {
        case .ignored: return
        case .filing(let name): heard(event.kind, of: name, at: now)
        case .marker(let name, let marker): heardMarker(event.kind, marker, of: name, at: now)
        }
    }

    /// Events were lost, or the folder is new: everything is looked through.
    mutating func lostTrack(at now: Duration) {
        scan.request(at: now)
    }

    /// Takes the names that a scan found, in order; `isLast` when it saw the end of the folder.
    mutating func scanned(_ names: [FileName], isLast: Bool, at now: Duration) {
        for name in names {
            switch classify(name) {
            case .ignored: break
            case .filing(let name): sighted(name, at: now)
            case .marker(let name, let marker): sightedMarker(marker, of: name, at: now)
            }
        }
        if isLast { forgetWhatWasTold(unlessIn: names) }
        scan.finished(last: isLast ? nil : names.last, at: now, every: rescanPeriod)
    }

    /// Whether a scan need not report `name`, because enough is known of it.
    func passesOver(_ name: FileName) -> Bool {
        // The close of a file that is being written may be among what was lost.
        if let candidate = candidates[name], candidate.phase != .written || isSteadied { return true }
        switch classify(name) {
        case .ignored: return true
        case .marker: return false
        // Where markers decide, a file without one is not even remembered.
        case .filing(let name): return isMarked && !isSignature(name)
        }
    }

    /// The file was claimed.
    mutating func claimed(_ name: FileName) {
        candidates[name] = nil
        told[name] = nil
        orphans[name] = nil
    }

    /// The file was not claimed.
    mutating func refused(_ name: FileName, _ why: Refusal, at now: Duration) {
        guard let candidate = candidates[name] else { return }
        switch why {
        case .vanished: vanished(name, candidate)
        case .written: enter(.written, name, candidate, dueAt: now + pacing.probe)
        case .unproven(let shape): steady(name, candidate, shape, for: unprovenPeriod, at: now)
        case .empty(let shape): steady(name, candidate, shape, for: pacing.empty, at: now)
        case .special(let kind):
            candidates[name] = nil
            tell(.leftAlone, name, detail: kind.rawValue)
        case .failed(let error):
            candidates[name] = nil
            tell(.refused, name, detail: error.description)
        case .postponed:
            enter(.ready, name, candidate, dueAt: nil)
            ready.pushFirst(name)
        }
        if why == .written { tell(.stillWritten, name, detail: nil) }
    }

    /// A claim was given back because it had changed: it must hold still before it is claimed again.
    mutating func gaveBack(_ name: FileName, markers: [FileName], at now: Duration) {
        track(name, firstSteadying(at: now), .sighted, markers: markers, dueAt: now, at: now)
        candidates[name]?.wasReturned = true
    }
}

// MARK: what is handed out

extension Settling {
    /// What to do now. To be called again after every answer, until it says to wait.
    mutating func next(at now: Duration) -> Action {
        if !notices.isEmpty { return .tell(notices.removeFirst()) }
        let room = pacing.capacity - candidates.count
        let hasRoom = room >= pacing.capacity / 2
        if hasRoom, let action = scan.start(limit: room, at: now, onlyIfAsked: !ready.isEmpty) { return action }
        while let (name, generation) = due.pop(at: now) {
            guard let candidate = candidates[name], candidate.generation == generation else { continue }
            switch candidate.phase {
            case .steadying: return .look(name)
            case .written where isSteadied:
                enter(firstSteadying(at: now), name, candidate, dueAt: nil)
                return .look(name)
            case .written: makeReady(name, .sighted, at: now)
            case .waiting: makeReady(name, candidate.proof, at: now)
            case .ready, .offered: break
            }
        }
        while let name = ready.pop() {
            guard let candidate = candidates[name], candidate.phase == .ready else { continue }
            if let action = offer(name, candidate, at: now) { return action }
        }
        let nextScan = hasRoom ? scan.dueAt : nil
        return .wait(until: min(due.first ?? now + rescanPeriod, nextScan ?? now + rescanPeriod))
    }
}

// MARK: the strategies

extension Settling {
    private mutating func heard(_ kind: FolderEvent.Kind, of name: FileName, at now: Duration) {
        switch (isSignature(name) ? unmarkedCompletion : completion, kind) {
        case (.stable, _):
            sighted(name, at: now)
        case (.marker, _):
            if let marker = orphans.removeValue(forKey: name) { makeReady(name, .closed, marker: marker, at: now) }
        case (.closeWrite, .created), (.rename, .created):
            guard candidates[name] == nil else { return }
            track(name, .written, .sighted, markers: [], dueAt: now + pacing.probe, at: now)
        case (.rename, .closed):
            // A name that was never renamed: its writer may yet open it again. The scan decides with the lease.
            return
        case (.closeWrite, .closed), (.closeWrite, .arrived), (.rename, .arrived):
            if kind == .arrived, candidates[name]?.wasReturned == true { return }
            makeReady(name, .closed, at: now)
        }
    }

    private mutating func heardMarker(_ kind: FolderEvent.Kind, _ marker: FileName, of name: FileName, at now: Duration)
    {
        if isWeak(marker) { return tell(.weakChecksum, marker, detail: nil) }
        // A marker that is being created will be closed; one that was linked is found by the next scan.
        guard kind != .created else { return }
        makeReady(name, .closed, marker: marker, at: now)
    }

    private mutating func sighted(_ name: FileName, at now: Duration) {
        if let candidate = candidates[name], candidate.phase != .written || isSteadied { return }
        switch isSignature(name) ? unmarkedCompletion : completion {
        case .marker: return
        case .stable: track(name, firstSteadying(at: now), .sighted, markers: [], dueAt: now, at: now)
        case .closeWrite, .rename: makeReady(name, .sighted, at: now)
        }
    }

    private mutating func sightedMarker(_ marker: FileName, of name: FileName, at now: Duration) {
        if isWeak(marker) { return tell(.weakChecksum, marker, detail: nil) }
        if let candidate = candidates[name], candidate.markers.contains(marker) { return }
        makeReady(name, .sighted, marker: marker, at: now)
    }

    mutating func makeReady(_ name: FileName, _ proof: Proof, marker: FileName? = nil, at now: Duration) {
        guard var candidate = candidates[name] else {
            track(name, .ready, proof, markers: marker.map { [$0] } ?? [], dueAt: nil, at: now)
            return
        }
        if let marker, !candidate.markers.contains(marker) { candidate.markers.append(marker) }
        let wasReady = candidate.phase == .ready
        candidate.proof = wasReady ? max(proof, candidate.proof) : proof
        enter(.ready, name, candidate, dueAt: nil)
        if !wasReady { ready.push(name) }
    }

    private mutating func track(
        _ name: FileName, _ phase: Phase, _ proof: Proof, markers: [FileName], dueAt moment: Duration?, at now: Duration
    ) {
        guard candidates[name] != nil || candidates.count < pacing.capacity else {
            // No room: it stays in the folder, and a scan finds it when there is.
            return scan.request(at: now)
        }
        enter(phase, name, Candidate(phase: phase, proof: proof, markers: markers, generation: 0), dueAt: moment)
        if phase == .ready { ready.push(name) }
    }

    mutating func enter(_ phase: Phase, _ name: FileName, _ candidate: Candidate, dueAt moment: Duration?) {
        generation += 1
        var candidate = candidate
        candidate.phase = phase
        candidate.generation = generation
        candidates[name] = candidate
        if let moment { due.push(name, generation, at: moment) }
    }

    mutating func vanished(_ name: FileName, _ candidate: Candidate) {
        candidates[name] = nil
        if let marker = candidate.markers.first {
            if orphans.count < pacing.capacity { orphans[name] = marker }
            tell(.markerWithoutFile, marker, detail: nil)
        } else if candidate.proof != .sighted {
            tell(.vanished, name, detail: nil)
        }
    }

    private mutating func tell(_ kind: InboundNotice.Kind, _ name: FileName, detail: String?) {
        guard told[name] != kind.code else { return }
        if told.count < pacing.capacity { told[name] = kind.code }
        notices.append(InboundNotice(kind, file: name, detail: detail))
    }

    // Names that a whole scan did not meet are gone; a file that comes back by that name is told anew.
    private mutating func forgetWhatWasTold(unlessIn names: [FileName]) {
        guard scan.startedAtFirst, !told.isEmpty else { return }
        let present = Set(names)
        told = told.filter { present.contains($0.key) || candidates[$0.key] != nil }
        orphans = orphans.filter { present.contains($0.value) }
    }
}
