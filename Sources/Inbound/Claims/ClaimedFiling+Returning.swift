import Glibc

extension ClaimedFiling {
    /// Puts the file and its sidecars back into the inbound folder, never over a file that is there.
    ///
    /// Idempotent: a second call, or one after a crash between its steps, finishes what the first began.
    func putBack() throws(InboundError) {
        guard !isGone else { return }
        let work = workFolder.work.number
        let inbound = workFolder.inbound.number
        // The signature first, so that its document is not claimed without it; the other sidecars last: a marker that is
        // there before its file would be told of as one without.
        try moveSignature(back: true)
        do throws(Errno) {
            try Kernel.moveWithoutReplacing(file, at: work, to: KernelPath(name), at: inbound)
        } catch {
            try? moveSignature(back: false)
            guard error.number == EEXIST else { throw InboundError(error, path: workFolder.path(of: name)) }
            throw InboundError(
                .nameTaken, path: workFolder.path(of: name), errno: EEXIST, retryHelps: true,
                next: "A newer file has its name. It stays in the work folder until that one is claimed.")
        }
        for suffix in sidecars where !Pairing.isSignature(suffix: suffix) {
            let marker = KernelPath(name.appending(suffix))
            let sidecar = ClaimLayout.sidecar(id, suffix: suffix)
            try? Kernel.moveWithoutReplacing(sidecar, at: work, to: marker, at: inbound)
        }
        clear()
    }

    // Into the inbound folder, or out of it again. What is not there was moved by an earlier call.
    private func moveSignature(back: Bool) throws(InboundError) {
        guard let suffix = signatureSuffix else { return }
        let outside = KernelPath(name.appending(suffix))
        let inside = ClaimLayout.sidecar(id, suffix: suffix)
        let (work, inbound) = (workFolder.work.number, workFolder.inbound.number)
        do throws(Errno) {
            if back {
                try Kernel.moveWithoutReplacing(inside, at: work, to: outside, at: inbound)
            } else {
                try Kernel.moveWithoutReplacing(outside, at: inbound, to: inside, at: work)
            }
        } catch  where error.number == ENOENT {
            return
        } catch {
            let path = workFolder.path(of: name.appending(suffix))
            guard error.number == EEXIST else { throw InboundError(error, path: path) }
            throw InboundError(
                .nameTaken, path: path, errno: EEXIST, retryHelps: true,
                next: "A newer file has its name. It stays in the work folder until that one is claimed.")
        }
    }

    /// Removes what is left of the claim, whose file is elsewhere by now.
    func clear() {
        let work = workFolder.work.number
        for suffix in sidecars { try? Kernel.remove(ClaimLayout.sidecar(id, suffix: suffix), at: work) }
        if ClaimLayout.needsFolder(name) { try? Kernel.remove(ClaimLayout.folder(id), at: work, isFolder: true) }
        try? workFolder.ledger.write(id, .none)
        markGone()
    }
}
