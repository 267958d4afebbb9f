import BulkFiles
import Findings
import FoundationEssentials
import GRDB
import Glibc

// How our values lie in columns.

extension Date {
    /// Microseconds since 1970, rounded: what the journal keeps of a time.
    var microseconds: Int64 { Int64((timeIntervalSince1970 * 1_000_000).rounded()) }

    init(microseconds: Int64) {
        self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}

extension Fingerprint {
    /// The halves as integers that sort like the unsigned halves.
    var columns: (high: Int64, low: Int64) { (Self.column(high), Self.column(low)) }

    init(columns high: Int64, _ low: Int64) {
        self.init(high: Self.half(high), low: Self.half(low))
    }

    private static func column(_ half: UInt64) -> Int64 { Int64(bitPattern: half ^ (1 << 63)) }
    private static func half(_ column: Int64) -> UInt64 { UInt64(bitPattern: column) ^ (1 << 63) }
}

extension FilingOutcome {
    var column: Int64 {
        switch self {
        case .accepted: 1
        case .acceptedWithFindings: 2
        case .rejected: 3
        }
    }

    init(column: Int64) throws {
        switch column {
        case 1: self = .accepted
        case 2: self = .acceptedWithFindings
        case 3: self = .rejected
        // No release has written another; only damage can.
        default: throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
    }
}

extension FilingDigest {
    init(column: Data) throws {
        guard let digest = FilingDigest(bytes: [UInt8](column)) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        self = digest
    }
}

extension Database {
    /// Runs a statement that is compiled once per connection.
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first row of a statement that is compiled once per connection.
    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// All rows of a statement that is compiled once per connection.
    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The first column of the first row, as a number.
    func number(_ sql: String, _ arguments: StatementArguments = []) throws -> Int64? {
        try Int64.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }
}

enum StoreFailure {
    /// What the system said of a file of ours, in the store's words.
    static func of(_ code: CInt) -> DatabaseError {
        code == ENOSPC || code == EDQUOT ? full : DatabaseError(resultCode: .SQLITE_IOERR)
    }

    /// What reading and writing a file of ours gives, or the failure in the store's words.
    static func told<Result>(_ body: () throws(BulkFileError) -> Result) throws -> Result {
        do { return try body() } catch { throw of(error.code) }
    }

    static var full: DatabaseError { DatabaseError(resultCode: .SQLITE_FULL) }
}
