/// Files that must not change for a while before they are claimed.
extension Settling {
    /// Answers ``Action/look(_:)``: what the file looks like now, or nil when it is gone.
    mutating func looked(at name: FileName, shape: FileShape?, at now: Duration) {
        guard let candidate = candidates[name], case .steadying(let known, let since, let period) = candidate.phase
        else {
            return
        }
        guard let shape else {
            candidates[name] = nil
            return
        }
        let unchanged = known.map { $0.isUnchanged(since: shape) && $0.changed == shape.changed } ?? false
        if !unchanged {
            steady(name, candidate, shape, for: unprovenPeriod, at: now)
        } else if now - since >= period {
            makeReady(name, .steady, at: now)
        } else {
            steady(name, candidate, shape, for: period, at: since)
        }
    }

    /// Not looked at yet: its shape is known when it is.
    func firstSteadying(at now: Duration) -> Phase { .steadying(nil, since: now, for: unprovenPeriod) }

    /// Watches a file of that shape for changes.
    mutating func steady(
        _ name: FileName, _ candidate: Candidate, _ shape: FileShape, for period: Duration, at since: Duration
    ) {
        enter(.steadying(shape, since: since, for: period), name, candidate, dueAt: since + period)
    }
}
