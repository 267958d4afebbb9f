import Glibc

extension ClaimedFiling {
    /// Moves the filing to its place in the archive.
    ///
    /// On the same file system this is a rename without fsync, which a restart repeats from the journal; on another the bytes
    /// are copied, made durable, and only then removed here. What lies there already is never overwritten: the same content
    /// counts as done, different content gets a longer name. Calling it again does no harm.
    ///
    /// - Returns: Where it is now.
    @discardableResult
    public func archive(into folder: KeepFolder, hash: FilingHash) throws(InboundError) -> KeptFiling {
        try keep(in: folder, hash: hash, reason: nil)
    }

    /// Moves a rejected filing to its place in the quarantine, with a `.reason.txt` beside it.
    ///
    /// - Parameters:
    ///   - hash: Its identity; nil when it could not be read, and then the claim's id names it.
    ///   - reason: Why, for the operator; without personal data.
    /// - Returns: Where it is now.
    @discardableResult
    public func quarantine(into folder: KeepFolder, hash: FilingHash?, reason: String) throws(InboundError)
        -> KeptFiling
    {
        try keep(in: folder, hash: hash, reason: reason)
    }

    private func keep(in folder: KeepFolder, hash: FilingHash?, reason: String?) throws(InboundError) -> KeptFiling {
        // The later places serve when a damaged or different file has the earlier one.
        let prefixes = hash.map { [$0.short, $0.hexadecimal, "\($0.hexadecimal)-\(id)"] } ?? [id.description]
        var place = folder.place(of: self, prefix: prefixes[0])
        do throws(Errno) {
            for prefix in prefixes {
                place = folder.place(of: self, prefix: prefix)
                if try !isTaken(place.path) { break }
                if try holdsSameBytes(place.path) {
                    try finish(at: place, reason: reason, isThere: true)
                    return place
                }
            }
            try finish(at: place, reason: reason, isThere: false)
            return place
        } catch {
            throw InboundError(error, path: place.description)
        }
    }

    // The reason first, so that nothing lies in quarantine without one; our own folder last, so that a crash between
    // two steps leaves something for the next start to finish.
    private func finish(at place: KeptFiling, reason: String?, isThere: Bool) throws(Errno) {
        if let reason { try write(reason, for: place) }
        // The signature is in both places until the end, so that the claim is whole wherever a crash leaves it.
        if let suffix = signatureSuffix { try keepSignature(suffix, at: place) }
        if !isThere {
            try move(file, to: place.path, in: place.folder)
        } else if !isGone, try isHere {
            try Kernel.remove(file, at: workFolder.work.number)
        }
        for suffix in sidecars where suffix.lowercased() == ".sha256" {
            let kept = place.folder / place.component.appending(".sha256")
            if try !isTaken(kept) { try? move(ClaimLayout.sidecar(id, suffix: suffix), to: kept, in: place.folder) }
        }
        clear()
    }

    private func keepSignature(_ suffix: String, at place: KeptFiling) throws(Errno) {
        let kept = place.folder / place.component.appending(suffix)
        let sidecar = ClaimLayout.sidecar(id, suffix: suffix)
        let work = workFolder.work.number
        if try isTaken(kept) { return }
        do throws(Errno) {
            do throws(Errno) {
                try Kernel.link(sidecar, at: work, to: kept, at: Kernel.currentFolder)
            } catch  where error.number == ENOENT {
                try Folders.make(place.folder, mode: 0o750)
                try Kernel.link(sidecar, at: work, to: kept, at: Kernel.currentFolder)
            }
        } catch  where [EXDEV, EPERM, EOPNOTSUPP].contains(error.number) {
            let source = try Kernel.open(sidecar, at: work, O_RDONLY | O_NOFOLLOW)
            try Folders.make(place.folder, mode: 0o750)
            try FileCopy.write(source, to: kept, in: place.folder, temporary: ".qiao-\(id).signature.part")
        }
    }

    // Not so when an earlier call has moved it, and it is our open file that lies in its place.
    private var isHere: Bool {
        get throws(Errno) {
            do throws(Errno) {
                _ = try Kernel.shape(of: file, at: workFolder.work.number)
                return true
            } catch  where error.number == ENOENT {
                return false
            }
        }
    }

    private func isTaken(_ path: KernelPath) throws(Errno) -> Bool {
        do throws(Errno) {
            _ = try Kernel.shape(of: path)
            return true
        } catch  where error.number == ENOENT {
            return false
        }
    }

    private func move(_ file: KernelPath, to target: KernelPath, in folder: KernelPath) throws(Errno) {
        let work = workFolder.work.number
        do throws(Errno) {
            do throws(Errno) {
                try Kernel.rename(file, at: work, to: target)
            } catch  where error.number == ENOENT {
                try Folders.make(folder, mode: 0o750)
                try Kernel.rename(file, at: work, to: target)
            }
        } catch  where error.number == EXDEV {
            let source = try Kernel.open(file, at: work, O_RDONLY | O_NOFOLLOW)
            try FileCopy.write(source, to: target, in: folder, temporary: ".qiao-\(id).part")
            try Kernel.remove(file, at: work)
        }
    }

    private func write(_ reason: String, for place: KeptFiling) throws(Errno) {
        let path = place.folder / place.component.appending(".reason.txt")
        let text = "\(reason)\nsource: \(source)\nclaim: \(id)\nname: \(name.displayed)\n"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
        var opened: Descriptor
        do throws(Errno) {
            opened = try Kernel.open(path, flags, mode: 0o640)
        } catch  where error.number == ENOENT {
            try Folders.make(place.folder, mode: 0o750)
            opened = try Kernel.open(path, flags, mode: 0o640)
        }
        try Kernel.write(opened, Array(text.utf8)[...])
    }

    private func holdsSameBytes(_ path: KernelPath) throws(Errno) -> Bool {
        let other = try Kernel.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        return try FileCopy.areEqual(descriptor, other)
    }
}
