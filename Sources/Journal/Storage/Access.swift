import GRDB
import Glibc

/// What a write must survive before its caller is told that it is done.
enum Durability: Sendable {
    /// The loss of power.
    case full
    /// The death of the process only, until the next full write takes it along: for what can be rebuilt or repeated.
    case rebuildable
}

// What the store itself says in this case.
private let closedMessage = "Connection is closed"

// The closures run on the store's own queues and are not tied to the caller's task: a cancelled task must not be left in
// doubt about whether its commit happened.
extension Journal {
    /// - Parameter tell: Is called with what was written as soon as it is safe, on the store's own queue, before the caller
    ///   goes on.
    func write<Value: Sendable>(
        _ durability: Durability = .full, isBig: Bool = false, tell: @escaping @Sendable (Value) -> Void = { _ in },
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        guard access != .reader else {
            throw JournalError(
                .readOnly, place: path, message: "the journal is opened for reading only",
                advice: "Open it as a guest or owner to write.")
        }
        return try await Self.write(to: pool, place: path, durability, isBig: isBig, tell: tell, body)
    }

    static func write<Value: Sendable>(
        to pool: DatabasePool, place: String, _ durability: Durability, isBig: Bool = false,
        tell: @escaping @Sendable (Value) -> Void = { _ in }, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { database in
                // What is big is folded into the file when its caller has been told, not before.
                if isBig { try? StoreOpening.checkpoint(database, afterEachWrite: false) }
                let result = Result { try transact(database, durability, body) }
                if case .success(let value) = result { tell(value) }
                continuation.resume(returning: result.mapError { JournalError($0, place: place) })
                guard isBig, database.sqliteConnection != nil else { return }
                try? StoreOpening.checkpoint(database, afterEachWrite: true)
                // What cannot be folded in now is safe where it is, and is with the next write.
                _ = try? database.checkpoint(.passive)
            }
        }
        return try result.get()
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let place = path
        let pool = pool
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            pool.asyncRead { database in
                let result = Result { try body(database.get()) }
                continuation.resume(returning: result.mapError { JournalError($0, place: place) })
            }
        }
        return try result.get()
    }

    private static func transact<Value>(
        _ database: Database, _ durability: Durability, _ body: (Database) throws -> Value
    ) throws -> Value {
        // Closed while this waited in the queue.
        guard database.sqliteConnection != nil else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: closedMessage)
        }
        var value: Value?
        if durability == .rebuildable { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
        let result = Result {
            try database.inTransaction(.immediate) {
                value = try body(database)
                return .commit
            }
        }
        if durability == .rebuildable { try database.execute(sql: "PRAGMA synchronous = FULL") }
        try result.get()
        guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return value
    }
}

extension JournalError {
    /// Says what an error of the store means to us. Errors that are ours already stay what they are.
    ///
    /// - Parameter probe: Gives the system's error of writing beside the journal.
    init(_ error: any Error, place: String, probe: (String) -> CInt = RoomProbe.failure(beside:)) {
        if let error = error as? JournalError {
            self = error
        } else if let error = error as? DatabaseError {
            self = JournalError.of(error, place: place, probe: probe)
        } else {
            self = JournalError(
                .inputOutput, place: place, message: "the journal cannot be used", retryHelps: true,
                advice: "Check that the path exists and may be written.",
                underlying: String(describing: type(of: error)))
        }
    }

    // Only the result's name and number are shown: a full description holds statements.
    private static func of(_ error: DatabaseError, place: String, probe: (String) -> CInt) -> JournalError {
        let underlying = "\(error.extendedResultCode)"
        switch (error.resultCode, error.extendedResultCode) {
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_SHMSIZE):
            return .full(place, underlying: underlying)
        case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _):
            return .damaged(place, "the journal is damaged", underlying: underlying)
        case (.SQLITE_BUSY, _), (.SQLITE_LOCKED, _):
            return JournalError(
                .busy, place: place, message: "another process is using the journal", retryHelps: true,
                advice: "Try again, or end the other process.", underlying: underlying)
        case (.SQLITE_READONLY, _), (.SQLITE_PERM, _), (.SQLITE_AUTH, _):
            return JournalError(
                .readOnly, place: place, message: "the journal may not be written",
                advice: "Check who owns the file and its folder.", underlying: underlying)
        case (.SQLITE_CANTOPEN, _), (.SQLITE_IOERR, _), (.SQLITE_PROTOCOL, _), (.SQLITE_NOLFS, _):
            if [ENOSPC, EDQUOT].contains(probe(place)) { return .full(place, underlying: underlying) }
            return JournalError(
                .inputOutput, place: place, message: "reading or writing the journal failed", retryHelps: true,
                advice: "Check the folder, its owner and the disk; the system's log may say more.",
                underlying: underlying)
        case (.SQLITE_MISUSE, _) where error.message == closedMessage:
            return JournalError(
                .closed, place: place, message: "the journal was closed", advice: "Open it again.")
        default:
            return JournalError(
                .failed, place: place, message: "the journal failed",
                advice: "Please report this with the code and the log.", underlying: underlying)
        }
    }
}
