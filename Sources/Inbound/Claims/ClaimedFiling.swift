import Findings
import Glibc
import Synchronization

/// A file that was moved out of its inbound folder and belongs to this process until it is archived, quarantined or given back.
///
/// The file stays open. When the object goes away without any of these, the file stays in the work folder and is found
/// again at the next start.
public final class ClaimedFiling: Sendable, CustomStringConvertible {
    /// Where a claim comes from, which decides how it is to be treated.
    public enum Standing: Sendable, Hashable {
        /// Claimed from the inbound folder just now.
        case fresh
        /// Found in the work folder after a restart; nothing speaks against it. It may be in the journal already.
        case recovered
        /// Was being converted when the process ended: convert it once more, with nothing else going on.
        case suspect
        /// Was being converted **alone** when the process ended: it is the cause. Quarantine it with ``FindingKind/filingCrashed``.
        case culprit
    }

    /// Names the claim. Its time is the time of receipt.
    public let id: ClaimID
    /// The name under which it was filed.
    public let name: FileName
    /// The source that filed it.
    public var source: String { workFolder.folder.source }
    /// Where the claim comes from.
    public let standing: Standing

    let workFolder: WorkFolder
    private let state: Mutex<State>

    struct State {
        var descriptor: Descriptor
        // The suffixes of the markers and sidecars that came with it.
        var sidecars: [String]
        var isGone = false
        var isLeft = false
    }

    init(
        _ workFolder: WorkFolder, _ id: ClaimID, _ name: FileName, descriptor: Descriptor,
        standing: Standing = .fresh, sidecars: [String] = []
    ) {
        self.workFolder = workFolder
        self.id = id
        self.name = name
        self.standing = standing
        state = Mutex(State(descriptor: descriptor, sidecars: sidecars))
        workFolder.hold(id)
    }

    deinit {
        if !state.withLock({ $0.isLeft }) { workFolder.letGo(id) }
    }

    /// Lets go of the file where it is: in the work folder, where it is found again. Nothing may be done with it from now on.
    func leave() {
        state.withLock { $0.isLeft = true }
        workFolder.letGo(id)
    }

    /// The id and the name, shown safely.
    public var description: String { "\(id) \(name.displayed)" }

    /// The size in bytes now.
    public var size: Int {
        get throws(InboundError) { try shape().size }
    }

    /// The path of the file in the work folder, for messages.
    public var workPath: String { "\(workFolder.displayedPath)/\(file.displayed)" }

    /// The names of the markers and sidecars that came with it, as they were filed.
    public var sidecarNames: [FileName] { sidecars.map { name.appending($0) } }

    var descriptor: Descriptor { state.withLock { $0.descriptor } }
    var sidecars: [String] { state.withLock { $0.sidecars } }
    var isGone: Bool { state.withLock { $0.isGone } }

    /// Where the file is, relative to the work folder.
    var file: KernelPath { ClaimLayout.file(id, name) }

    func shape() throws(InboundError) -> FileShape {
        do throws(Errno) {
            return try Kernel.shape(of: descriptor)
        } catch {
            throw InboundError(error, path: workPath)
        }
    }

    func addSidecar(_ suffix: String) { state.withLock { $0.sidecars.append(suffix) } }

    func markGone() { state.withLock { $0.isGone = true } }
}

// MARK: attempts

extension ClaimedFiling {
    /// Records that the conversion begins, before it does, so that it can be blamed if it ends the process.
    ///
    /// The record outlives the process, which is what it is for, though not a power cut: nothing is synchronised.
    public func beginAttempt() throws(InboundError) {
        try record(standing == .suspect ? (workFolder.ledger.found[id] ?? .first).next : .first)
    }

    /// Records that the conversion did not end the process, whatever its outcome.
    public func endAttempt() throws(InboundError) {
        try record(.none)
    }

    private func record(_ attempt: AttemptLedger.Attempt) throws(InboundError) {
        do throws(Errno) {
            try workFolder.ledger.write(id, attempt)
        } catch {
            throw InboundError(error, path: workPath)
        }
    }
}

// MARK: while claiming

extension ClaimedFiling {
    func openAgainIfReplaced() throws(InboundError) {
        let path = file
        do throws(Errno) {
            let here = try Kernel.shape(of: path, at: workFolder.work.number)
            if here.isSameFile(as: try Kernel.shape(of: descriptor)) { return }
            let opened = try Kernel.open(path, at: workFolder.work.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try Kernel.shape(of: opened).kind == .regular else { throw Errno(number: ELOOP) }
            state.withLock { $0.descriptor = opened }
        } catch {
            throw InboundError(error, path: workPath)
        }
    }

    /// Takes the signature that a crash left in the inbound folder between the two moves of a claim.
    func takeForgottenSignature() {
        guard workFolder.folder.pairing != nil, signatureSuffix == nil else { return }
        for signature in Pairing.signatures(ofDocument: name) {
            let suffix = String(decoding: signature.bytes.dropFirst(name.bytes.count), as: UTF8.self)
            let target = ClaimLayout.sidecar(id, suffix: suffix)
            let moved: Void? = try? Kernel.moveWithoutReplacing(
                KernelPath(signature), at: workFolder.inbound.number, to: target, at: workFolder.work.number)
            if moved != nil { return addSidecar(suffix) }
        }
    }

    /// Moves what spoke for the file beside it. A sidecar that cannot be moved stays behind, and is told of as one
    /// without a file.
    func takeSidecars(_ markers: [FileName]) {
        guard case .marker(let suffixes) = workFolder.folder.completion else { return }
        let given = markers.map { String(decoding: $0.bytes.dropFirst(name.bytes.count), as: UTF8.self) }
        for suffix in given + suffixes.filter({ !given.contains($0) }) {
            let marker = KernelPath(name.appending(suffix))
            let target = ClaimLayout.sidecar(id, suffix: suffix)
            let moved: Void? = try? Kernel.rename(
                marker, at: workFolder.inbound.number, to: target, at: workFolder.work.number)
            if moved != nil { state.withLock { $0.sidecars.append(suffix) } }
        }
    }
}
