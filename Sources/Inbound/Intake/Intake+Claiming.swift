extension Intake {
    /// Claims what is complete now, up to `limit`, and says until when there is nothing more to do.
    func claimReady(limit: Int) -> (claims: [ClaimedFiling], until: Duration) {
        let now = clock.now()
        guard now >= notBefore else { return ([], notBefore) }
        returnClaims()
        if work == nil { attach(at: now) }
        guard let work else { return ([], notBefore) }
        var claims: [ClaimedFiling] = []
        do throws(InboundError) {
            if let revisitsAt, revisitsAt <= now, leftovers.isEmpty {
                self.revisitsAt = nil
                try recover(from: work)
            }
            try takeLeftovers(from: work, limit: limit, into: &claims)
            // What an earlier run left is done before anything new begins.
            guard claims.isEmpty || (leftovers.isEmpty && !claims[0].isDangerous) else { return (claims, now) }
            let room = min(limit - claims.count, readmitted.count)
            claims += readmitted.prefix(room)
            readmitted.removeFirst(room)
            let nextPoll = poll(at: now)
            let moment = try settle(in: work, limit: limit, into: &claims)
            resumed()
            return (claims, min(moment, nextPoll, revisitsAt ?? moment))
        } catch {
            stop(because: error)
            return (claims, notBefore)
        }
    }

    private func takeLeftovers(from work: WorkFolder, limit: Int, into claims: inout [ClaimedFiling])
        throws(InboundError)
    {
        while claims.count < limit, let next = leftovers.last {
            guard next.attempt == .none || claims.isEmpty else { return }
            let claim = try work.open(next)
            leftovers.removeLast()
            if let claim { claims.append(claim) }
            if next.attempt != .none, claim != nil { return }
        }
    }

    private func settle(in work: WorkFolder, limit: Int, into claims: inout [ClaimedFiling]) throws(InboundError)
        -> Duration
    {
        while claims.count < limit {
            let now = clock.now()
            switch settling.next(at: now) {
            case .claim(let name, let markers, let proof):
                try claim(name, markers, proof, from: work, into: &claims)
            case .claimPair(let name, let signature, let markers, let proof):
                try claim(name, with: signature, markers, proof, from: work, into: &claims)
            case .look(let name):
                let shape = try? Kernel.shape(of: KernelPath(name), at: work.inbound.number)
                settling.looked(at: name, shape: shape, at: now)
            case .scan(let after, let limit):
                try scan(work, after: after, limit: limit)
            case .tell(let notice):
                pass(on: notice)
            case .wait(let until):
                return until
            }
        }
        return clock.now()
    }

    private func claim(
        _ name: FileName, with signature: FileName? = nil, _ markers: [FileName], _ proof: Settling.Proof,
        from work: WorkFolder, into claims: inout [ClaimedFiling]
    ) throws(InboundError) {
        do throws(InboundError) {
            let time = clock.microsecondsSince1970()
            switch try work.claim(name, with: signature, markers: markers, proof: proof, microseconds: time) {
            case .claimed(let claim):
                settling.claimed(name)
                if let signature { settling.claimed(signature) }
                claims.append(claim)
            case .refused(let why):
                if case .unproven = why { tellUnseenWriters(name, in: work) }
                settling.refused(name, why, at: clock.now())
                if let signature { settling.release(signature, at: clock.now()) }
            case .signatureRefused(let why):
                guard let signature else { return }
                settling.signatureRefused(signature, of: name, why, at: clock.now())
            case .unreturned(let claim):
                settling.claimed(name)
                if let signature { settling.claimed(signature) }
                returning.append(claim)
                tell(.returnDelayed, file: name)
            }
        } catch {
            settling.refused(name, .postponed, at: clock.now())
            if let signature { settling.release(signature, at: clock.now()) }
            throw error
        }
    }

    func scan(_ work: WorkFolder, after: FileName?, limit: Int) throws(InboundError) {
        if after == nil, let loss = work.loss { throw loss }
        var selection = NameSelection(after: after, limit: limit)
        do throws(Errno) {
            try Kernel.list(KernelPath("."), at: work.inbound.number) { name in
                if !settling.passesOver(name) { selection.offer(name) }
            }
        } catch {
            settling.lostTrack(at: clock.now())
            throw InboundError(error, path: KernelPath(folder.path).displayed)
        }
        let (names, isLast) = selection.finish()
        settling.scanned(names, isLast: isLast, at: clock.now())
    }

    // Something is wrong that would hit the next file as well.
    private func stop(because error: InboundError) {
        let now = clock.now()
        if let loss = work?.loss {
            lost(loss.path)
            suspend(because: loss, .unavailable, at: now)
        } else {
            suspend(because: error, .paused, at: now)
        }
    }

    // A folder that should be watched and cannot be is looked through at the pace of retries, until it can be.
    private func poll(at now: Duration) -> Duration {
        let calm = returning.isEmpty ? now + folder.pacing.rescan : now + folder.pacing.retry
        guard condition == .polling, !isPollingByChoice else { return calm }
        if now >= pollsAt {
            watchAgain()
            settling.lostTrack(at: now)
            pollsAt = now + folder.pacing.retry
        }
        return min(calm, pollsAt)
    }

    /// Tries to put back what could not go back before.
    func returnClaims() {
        let now = clock.now()
        returning = returning.filter { claim in
            do throws(InboundError) {
                try claim.putBack()
                settling.gaveBack(claim.name, markers: claim.markerNames, at: now)
                return false
            } catch {
                return true
            }
        }
    }
}

extension ClaimedFiling {
    fileprivate var isDangerous: Bool { standing == .suspect || standing == .culprit }
}
