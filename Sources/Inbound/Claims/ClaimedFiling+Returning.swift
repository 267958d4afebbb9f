import Glibc

extension ClaimedFiling {
    /// Puts the file and its sidecars back into the inbound folder, never over a file that is there.
    ///
    /// Idempotent: a second call, or one after a crash between its steps, finishes what the first began.
    func putBack() throws(InboundError) {
        guard !isGone else { return }
        let work = workFolder.work.number
        let inbound = workFolder.inbound.number
        // The sidecars last: a marker that is there before its file would be told of as one without.
        do throws(Errno) {
            try Kernel.moveWithoutReplacing(file, at: work, to: KernelPath(name), at: inbound)
        } catch {
            guard error.number == EEXIST else { throw InboundError(error, path: workFolder.path(of: name)) }
            throw InboundError(
                .nameTaken, path: workFolder.path(of: name), errno: EEXIST, retryHelps: true,
                next: "A newer file has its name. It stays in the work folder until that one is claimed.")
        }
        for suffix in sidecars {
            let marker = KernelPath(name.appending(suffix))
            let sidecar = ClaimLayout.sidecar(id, suffix: suffix)
            try? Kernel.moveWithoutReplacing(sidecar, at: work, to: marker, at: inbound)
        }
        clear()
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
