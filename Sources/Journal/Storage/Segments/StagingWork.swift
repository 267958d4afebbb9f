import Dispatch
import GRDB
import Glibc
import Synchronization

/// Takes the records of one staging in: compares and cuts them on one queue, compresses and writes them on another, so that
/// one portion is compared while the one before is written. Both keep the order.
///
/// All of it dies with the process, as stagings do. Nothing of it is in the database before the commit.
final class StagingWork: Sendable {
    /// What gathered of the records that were compared.
    struct Compared: Sendable {
        var tally = BatchTally()
        var stated = StatedKeys()
    }

    /// Everything, safe on the disk.
    struct Sealed: Sendable {
        var compared: Compared
        var chunks: [SegmentChunk]
    }

    private struct State {
        // Touched by the queue that compares, and when nothing is under way.
        var compared = Compared()
        // Touched by the queue that writes.
        var chunks: [SegmentChunk] = []
        var isSynced = true
        // How many appends are under way; the failure of one of them, which those behind it share, and what was before it.
        var underWay = 0
        var failure: (error: any Error, before: Compared)?
        // Why nothing can be appended or committed any more.
        var isEnded = false
        var lostError: JournalError?
        var sealed: Sealed?
    }

    private let state = Mutex(State())
    // In the hands of the queue that writes.
    private let output = Mutex<SegmentOutput?>(nil)
    private let batch: Int64
    private let place: String
    private let segments: SegmentFolder
    private let scope: Staging.StagedScope?
    private let find: KnownKeys?
    private let comparing = DispatchQueue(label: "qiao.journal.compare")
    private let writing = DispatchQueue(label: "qiao.journal.write")

    /// - Parameter find: What the scope has of keys; nil when it has none, or there is no scope.
    init(_ staging: Staging, place: String, segments: SegmentFolder, find: KnownKeys?) {
        batch = staging.batch
        scope = staging.scope
        self.place = place
        self.segments = segments
        self.find = find
    }

    /// Appends the chunks that `make` makes. Those of one staging are stored in the order of the calls.
    func append(_ make: @escaping @Sendable () -> [RecordChunk]) -> Appending {
        let appending = Appending()
        state.withLock { $0.underWay += 1 }
        comparing.async { [self] in
            do {
                let before = try current()
                var after = before
                let cut = try compare(make(), &after)
                state.withLock { [after] in $0.compared = after }
                writing.async { [self] in
                    end(appending, Result { try store(cut, before: before) })
                }
            } catch {
                end(appending, .failure(error))
            }
        }
        return appending
    }

    /// Makes everything that was appended safe on the disk, so that it can be committed.
    func seal() async throws(JournalError) {
        let place = place
        let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
            comparing.async { [self] in
                writing.async { [self] in continuation.resume(returning: Result { try sync() }) }
            }
        }
        try result.mapError { JournalError($0, place: place) }.get()
    }

    /// What was sealed last.
    var sealed: Sealed? { state.withLock { $0.sealed } }

    /// Lets nothing more be stored, and waits until nothing is being stored.
    func end() async {
        state.withLock { $0.isEnded = true }
        await withCheckedContinuation { continuation in
            comparing.async { [self] in
                writing.async { continuation.resume() }
            }
        }
    }

    private func end(_ appending: Appending, _ result: Result<Void, any Error>) {
        state.withLock { $0.underWay -= 1 }
        appending.end(result.mapError { JournalError($0, place: place) })
    }
}

// What the queue that compares does.
extension StagingWork {
    // What is appended after a failure builds on what was before it, as soon as everybody has been told.
    private func current() throws -> Compared {
        try state.withLock { state in
            guard !state.isEnded else { throw JournalError.misuse(place, "the staging has ended") }
            if let lost = state.lostError { throw lost }
            guard let failure = state.failure else { return state.compared }
            guard state.underWay == 1 else { throw failure.error }
            state.compared = failure.before
            state.failure = nil
            return failure.before
        }
    }

    private func compare(_ chunks: [RecordChunk], _ compared: inout Compared) throws -> [CutChunk] {
        var cutter = ChunkCutter(
            comparison: scope.map { _ in KeyComparison(stated: compared.stated, find: find) }, tally: compared.tally,
            place: place)
        try cutter.append(chunks)
        cutter.flush()
        compared.tally = cutter.tally
        compared.stated = cutter.stated
        if scope != nil { try compared.stated.settle(in: folder) }
        return cutter.takeChunks()
    }

    // Where the keys of stagings are kept: beside the journal, whose disk is the one with the room.
    private var folder: String {
        let folder = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? "."
        return folder.isEmpty ? "/" : folder
    }
}

// What the queue that writes does.
extension StagingWork {
    private func store(_ cut: [CutChunk], before: Compared) throws {
        do {
            try store(cut)
        } catch {
            state.withLock { state in
                if state.failure == nil { state.failure = (error, before) }
            }
            throw error
        }
    }

    private func store(_ cut: [CutChunk]) throws {
        let (failure, isEnded) = state.withLock { ($0.failure?.error, $0.isEnded) }
        if let failure { throw failure }
        guard !isEnded else { throw JournalError.misuse(place, "the staging has ended") }
        guard !cut.isEmpty else { return }
        let stored = try output.withLock { output in
            let file = try output ?? SegmentOutput(batch: batch, in: segments)
            output = file
            state.withLock { $0.isSynced = false }
            return try file.store(cut)
        }
        state.withLock { $0.chunks += stored }
    }

    // After a failure to sync nobody can tell what is on the disk: the staging is lost, and only its filing can be staged
    // anew.
    private func sync() throws {
        let (isSynced, lost) = state.withLock { state in
            // Nothing is under way: everybody who failed knows, and what failed is left out.
            if let failure = state.failure {
                state.compared = failure.before
                state.failure = nil
            }
            return (state.isSynced, state.lostError)
        }
        if let lost { throw lost }
        if !isSynced {
            do {
                if segments.failsToSync.withLock({ $0 }) { throw StoreFailure.of(EIO) }
                try output.withLock { try $0?.sync() }
                try segments.sync()
            } catch {
                let lost = JournalError(
                    .inputOutput, place: segments.path, message: "staged records could not be made safe on the disk",
                    advice: "Check the disk; the system's log may say more. The filing is staged anew.")
                state.withLock { $0.lostError = lost }
                throw lost
            }
        }
        state.withLock { state in
            state.isSynced = true
            state.sealed = Sealed(compared: state.compared, chunks: state.chunks)
        }
    }
}

/// The stagings that are under way, by batch. They die with the process.
final class StagingShelf: Sendable {
    private let shelf = Mutex<[Int64: StagingWork]>([:])

    subscript(batch: Int64) -> StagingWork? {
        get { shelf.withLock { $0[batch] } }
        set { shelf.withLock { $0[batch] = newValue } }
    }
}
