import Glibc

/// What an earlier run left in the work folder.
struct RecoveredClaims: Sendable, Equatable {
    /// Claimed, but not being converted: to be treated as if claimed just now.
    var waiting: [RecoveredClaim] = []
    /// Being converted when the process ended: to be tried once more, each alone.
    var suspects: [RecoveredClaim] = []
    /// Being converted alone when the process ended: each is the cause of a crash.
    var culprits: [RecoveredClaim] = []
    /// What is not ours.
    var foreign: [FileName] = []

    var count: Int { waiting.count + suspects.count + culprits.count }
}

/// One claim that was found in the work folder.
struct RecoveredClaim: Sendable, Equatable {
    var id: ClaimID
    var name: FileName
    var attempt: AttemptLedger.Attempt
    /// The suffixes of what came with it.
    var sidecars: [String]
}

extension WorkFolder {
    /// Looks through the work folder for claims that nobody holds, in the order of their ids, and removes what crashes
    /// between two steps have left without a file.
    func recover() throws(InboundError) -> RecoveredClaims {
        var names: [ClaimID: FileName] = [:]
        var folders: [ClaimID] = []
        var sidecars: [ClaimID: [String]] = [:]
        var recovered = RecoveredClaims()
        do throws(Errno) {
            try Kernel.list(KernelPath("."), at: work.number) { entry in
                switch ClaimLayout.parse(entry) {
                case .file(let id, _) where names[id] != nil: recovered.foreign.append(entry)
                case .file(let id, let name): if !isHeld(id) { names[id] = name }
                case .folder(let id): if !isHeld(id) { folders.append(id) }
                case .sidecar(let id, let suffix): if !isHeld(id) { sidecars[id, default: []].append(suffix) }
                case .ledger: break
                case .foreign: recovered.foreign.append(entry)
                }
            }
            for id in folders { try look(into: id, &names, &recovered) }
            try keepLedger(for: names)
        } catch {
            throw InboundError(error, path: Self.workPath(of: folder).displayed)
        }
        for (id, name) in names.sorted(by: { $0.key < $1.key }) {
            recovered.add(
                RecoveredClaim(
                    id: id, name: name, attempt: ledger.found[id] ?? .none, sidecars: sidecars[id]?.sorted() ?? []),
                afterCrash: folder.lastRunCrashed)
        }
        for (id, suffixes) in sidecars where names[id] == nil {
            for suffix in suffixes { try? Kernel.remove(ClaimLayout.sidecar(id, suffix: suffix), at: work.number) }
        }
        return recovered
    }

    private func look(into id: ClaimID, _ names: inout [ClaimID: FileName], _ recovered: inout RecoveredClaims)
        throws(Errno)
    {
        var files: [FileName] = []
        try Kernel.list(ClaimLayout.folder(id), at: work.number) { files.append($0) }
        switch files.count {
        case 0: try? Kernel.remove(ClaimLayout.folder(id), at: work.number, isFolder: true)
        case 1 where ClaimLayout.needsFolder(files[0]): names[id] = files[0]
        default: recovered.foreign.append(FileName(trusted: Array(id.description.utf8)))
        }
    }

    // What the ledger says of claims that are gone is of no interest any more.
    private func keepLedger(for names: [ClaimID: FileName]) throws(Errno) {
        let attempts = ledger.found.filter { names[$0.key] != nil && $0.value != .none }
        if holdsNothing { try ledger.keep(attempts) }
    }

    /// Opens a claim that was found; nil when it is gone or is no regular file.
    func open(_ recovered: RecoveredClaim) throws(InboundError) -> ClaimedFiling? {
        let path = ClaimLayout.file(recovered.id, recovered.name)
        do throws(Errno) {
            let opened = try Kernel.open(path, at: work.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try Kernel.shape(of: opened).kind == .regular else { return nil }
            let standing = recovered.attempt.standing(afterCrash: folder.lastRunCrashed)
            let claim = ClaimedFiling(
                self, recovered.id, recovered.name, descriptor: opened, standing: standing,
                sidecars: recovered.sidecars)
            takeForgottenSidecars(of: claim)
            return claim
        } catch {
            if error.number == ENOENT || error.number == ELOOP { return nil }
            throw InboundError(error, path: path.displayed)
        }
    }

    // The crash came between moving the file and its sidecar. A newer file of that name owns the sidecar, if there is one.
    private func takeForgottenSidecars(of claim: ClaimedFiling) {
        guard (try? Kernel.shape(of: KernelPath(claim.name), at: inbound.number)) == nil else { return }
        claim.takeForgottenSignature()
        if claim.sidecars.allSatisfy(Pairing.isSignature) { claim.takeSidecars([]) }
    }

    // It is removed from where it was kept once its document has come after it.
    private func linkSignature(of kept: KeptFiling, to id: ClaimID) -> String? {
        Pairing.signatures(ofDocument: kept.component).lazy
            .map { String(decoding: $0.bytes.dropFirst(kept.component.bytes.count), as: UTF8.self) }
            .first { suffix in
                let path = kept.folder / kept.component.appending(suffix)
                let sidecar = ClaimLayout.sidecar(id, suffix: suffix)
                do throws(Errno) {
                    try Kernel.link(path, at: Kernel.currentFolder, to: sidecar, at: work.number)
                    return true
                } catch  where error.number == EXDEV {
                    let folder = Self.workPath(of: folder)
                    let target = KernelPath(bytes: folder.bytes + [0x2F] + sidecar.bytes)
                    guard let opened = try? Kernel.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else { return false }
                    let copied: Void? = try? FileCopy.write(
                        opened, to: target, in: folder, temporary: "\(id).sidecar.signature.part")
                    return copied != nil
                } catch {
                    return false
                }
            }
    }

    /// Claims a file anew that is kept in quarantine or archive, whatever the folder's way of completion says.
    func reclaim(_ kept: KeptFiling, microseconds: Int64) throws(InboundError) -> ClaimedFiling {
        let id = newID(microseconds: microseconds)
        let needsFolder = ClaimLayout.needsFolder(kept.name)
        do throws(Errno) {
            var opened = try Kernel.open(kept.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try Kernel.shape(of: opened).kind == .regular else { throw Errno(number: ELOOP) }
            if needsFolder { try Kernel.makeFolder(ClaimLayout.folder(id), at: work.number, mode: 0o700) }
            let file = ClaimLayout.file(id, kept.name)
            let signature = linkSignature(of: kept, to: id)
            do throws(Errno) {
                try Kernel.moveWithoutReplacing(kept.path, at: Kernel.currentFolder, to: file, at: work.number)
            } catch  where error.number == EXDEV {
                let folder = Self.workPath(of: folder)
                let target = KernelPath(bytes: folder.bytes + [0x2F] + file.bytes)
                try FileCopy.write(opened, to: target, in: folder, temporary: "\(id).sidecar.part")
                try Kernel.remove(kept.path)
                opened = try Kernel.open(file, at: work.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            }
            if let signature { try? Kernel.remove(kept.folder / kept.component.appending(signature)) }
            return ClaimedFiling(
                self, id, kept.name, descriptor: opened, standing: .recovered, sidecars: signature.map { [$0] } ?? [])
        } catch {
            if needsFolder { try? Kernel.remove(ClaimLayout.folder(id), at: work.number, isFolder: true) }
            throw InboundError(error, path: kept.description)
        }
    }
}

extension RecoveredClaims {
    fileprivate mutating func add(_ claim: RecoveredClaim, afterCrash: Bool) {
        switch claim.attempt.standing(afterCrash: afterCrash) {
        case .fresh, .recovered: waiting.append(claim)
        case .suspect: suspects.append(claim)
        case .culprit: culprits.append(claim)
        }
    }
}
