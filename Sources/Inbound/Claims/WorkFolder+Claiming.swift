import Glibc

/// What came of trying to claim a file.
enum ClaimOutcome: Sendable {
    case claimed(ClaimedFiling)
    case refused(Settling.Refusal)
    /// The document can be claimed, and its signature cannot; both stay where they are.
    case signatureRefused(Settling.Refusal)
    /// Refused after the move, and it cannot go back at once because its name is taken again.
    case unreturned(ClaimedFiling)
}

extension WorkFolder {
    /// Moves a file into the work folder, if it is a regular file that nobody is writing to.
    ///
    /// The kernel is asked for a writer twice: before the move, so that a file being uploaded is not moved under its writer,
    /// and after it, when nobody can open the file by its old name any more.
    ///
    /// - Throws: What is not the fault of this file: no room, no descriptors, the folder itself.
    func claim(
        _ name: FileName, markers: [FileName], proof: Settling.Proof, microseconds: Int64
    ) throws(InboundError) -> ClaimOutcome {
        let opened: Descriptor
        switch try open(name) {
        case .refused(let why): return .refused(why)
        case .opened(let descriptor): opened = descriptor
        }
        if let why = try refusal(of: opened, name, proof) { return .refused(why) }
        if try hasUnfinishedChecksum(markers) { return .refused(.written) }
        if let why = try refusalIfEmpty(opened, name, markers, proof) { return .refused(why) }
        do throws(Errno) {
            let id = try move(name, microseconds: microseconds)
            return finish(ClaimedFiling(self, id, name, descriptor: opened), markers, proof)
        } catch {
            return .refused(try refusal(for: error, name))
        }
    }

    /// Moves a document and, where it has one, its detached signature into the work folder, both or none.
    func claim(
        _ name: FileName, with signature: FileName?, markers: [FileName], proof: Settling.Proof, microseconds: Int64
    ) throws(InboundError) -> ClaimOutcome {
        guard let signature else {
            return try claim(name, markers: markers, proof: proof, microseconds: microseconds)
        }
        switch try open(signature) {
        case .refused(let why): return .signatureRefused(why)
        case .opened(let descriptor):
            if let why = try refusal(of: descriptor, signature, proof) { return .signatureRefused(why) }
        }
        let outcome = try claim(name, markers: markers, proof: proof, microseconds: microseconds)
        guard case .claimed(let claim) = outcome else { return outcome }
        do throws(InboundError) {
            if let why = try take(signature, into: claim, proof) {
                try claim.putBack()
                return .signatureRefused(why)
            }
            return outcome
        } catch {
            return .unreturned(claim)
        }
    }

    // As with the document: what was moved may be another file than the one that was looked at.
    private func take(
        _ signature: FileName, into claim: ClaimedFiling, _ proof: Settling.Proof
    ) throws(InboundError) -> Settling.Refusal? {
        let suffix = String(decoding: signature.bytes.dropFirst(claim.name.bytes.count), as: UTF8.self)
        let target = ClaimLayout.sidecar(claim.id, suffix: suffix)
        let moved: Descriptor
        do throws(Errno) {
            try Kernel.moveWithoutReplacing(
                KernelPath(signature), at: inbound.number, to: target, at: work.number)
            claim.addSidecar(suffix)
            moved = try Kernel.open(target, at: work.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let kind = try Kernel.shape(of: moved).kind
            guard kind == .regular else { return .special(kind) }
        } catch {
            return try refusal(for: error, signature)
        }
        return try refusal(of: moved, signature, max(proof, .closed))
    }

    private enum Opening {
        case opened(Descriptor)
        case refused(Settling.Refusal)
    }

    // Looking before opening: to open a device can have effects, and to open a FIFO lets its writer go on.
    private func open(_ name: FileName) throws(InboundError) -> Opening {
        let path = KernelPath(name)
        do throws(Errno) {
            let shape = try Kernel.shape(of: path, at: inbound.number)
            guard shape.kind == .regular else { return .refused(.special(shape.kind)) }
            let descriptor = try Kernel.open(path, at: inbound.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let opened = try Kernel.shape(of: descriptor)
            guard opened.kind == .regular else { return .refused(.special(opened.kind)) }
            return .opened(descriptor)
        } catch {
            return .refused(try refusal(for: error, name))
        }
    }

    private func refusal(of file: Descriptor, _ name: FileName, _ proof: Settling.Proof) throws(InboundError)
        -> Settling.Refusal?
    {
        switch asksForWriters ? WriterProbe.ask(file) : .unknown {
        case .noWriter: return nil
        case .writer: return .written
        case .unknown:
            guard proof == .sighted else { return nil }
            return .unproven(try shape(of: file, name))
        }
    }

    // Clients of shares make a file, close it, and open it again to fill it. A marker says that nothing follows, and a checksum
    // that is empty says nothing yet.
    private func refusalIfEmpty(
        _ file: Descriptor, _ name: FileName, _ markers: [FileName], _ proof: Settling.Proof
    ) throws(InboundError) -> Settling.Refusal? {
        guard proof != .steady else { return nil }
        let shape = try shape(of: file, name)
        guard !markers.isEmpty else { return shape.size == 0 ? .empty(shape) : nil }
        for marker in markers where marker.hasSuffix(".sha256") {
            guard case .opened(let checksum) = try open(marker) else { continue }
            if try self.shape(of: checksum, marker).size == 0 { return .empty(shape) }
        }
        return nil
    }

    private func shape(of file: Descriptor, _ name: FileName) throws(InboundError) -> FileShape {
        do throws(Errno) {
            return try Kernel.shape(of: file)
        } catch {
            throw InboundError(error, path: path(of: name))
        }
    }

    // What concerns this file alone is an outcome; what would hit the next file as well is an error.
    func refusal(for failure: Errno, _ name: FileName) throws(InboundError) -> Settling.Refusal {
        switch failure.number {
        case ENOENT:
            if let loss { throw loss }
            return .vanished
        // A client of the file server has it open and shares it with nobody; a server here holds a lease on it for a client that
        // writes; or something is mounted on it.
        case EBUSY, ETXTBSY, EAGAIN: return .written
        case ELOOP: return .special(.symbolicLink)
        case ENXIO: return .special(.socket)
        case EACCES, EPERM: return .failed(InboundError(failure, path: path(of: name)))
        default: throw InboundError(failure, path: path(of: name))
        }
    }

    // A scan may meet a checksum whose bytes are still to come; half of one would reject a filing that is whole.
    private func hasUnfinishedChecksum(_ markers: [FileName]) throws(InboundError) -> Bool {
        guard asksForWriters else { return false }
        for marker in markers where marker.hasSuffix(".sha256") {
            switch try open(marker) {
            case .opened(let checksum): if WriterProbe.ask(checksum) == .writer { return true }
            case .refused(let why): if why == .written { return true }
            }
        }
        return false
    }

    private func move(_ name: FileName, microseconds: Int64) throws(Errno) -> ClaimID {
        while true {
            let id = newID(microseconds: microseconds)
            let needsFolder = ClaimLayout.needsFolder(name)
            do throws(Errno) {
                if needsFolder { try Kernel.makeFolder(ClaimLayout.folder(id), at: work.number, mode: 0o700) }
                let target = ClaimLayout.file(id, name)
                try Kernel.moveWithoutReplacing(KernelPath(name), at: inbound.number, to: target, at: work.number)
                return id
            } catch {
                // The clock was set back, and an earlier run used this id.
                if error.number == EEXIST { continue }
                if needsFolder { try? Kernel.remove(ClaimLayout.folder(id), at: work.number, isFolder: true) }
                throw error
            }
        }
    }

    // The file is in our folder. What is there now may be another than the one that was looked at, if somebody
    // replaced it in between; so it is looked at again.
    private func finish(_ claim: ClaimedFiling, _ markers: [FileName], _ proof: Settling.Proof) -> ClaimOutcome {
        do throws(InboundError) {
            try claim.openAgainIfReplaced()
            guard let why = try refusal(of: claim.descriptor, claim.name, max(proof, .closed)) else {
                claim.takeSidecars(markers)
                return .claimed(claim)
            }
            try claim.putBack()
            return .refused(why)
        } catch {
            return .unreturned(claim)
        }
    }

    func path(of name: FileName) -> String { (KernelPath(folder.path) / name).displayed }
}
