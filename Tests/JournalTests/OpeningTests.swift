import Dispatch
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

@Suite struct OpeningTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func code(_ options: JournalOptions = JournalOptions()) async -> JournalError.Code? {
        let error = await #expect(throws: JournalError.self) { _ = try await folder.open(options) }
        return error?.code
    }

    @Test func newJournalIsMadeAndOpenedAgain() async throws {
        let first = try await folder.open()
        #expect(first.openingReport.isNew)
        #expect(first.openingReport.previousVersion == 0)
        #expect(first.openingReport.version == Journal.currentVersion)
        try await first.commit([filing(1, records: toys(1...2))], at: at(1))
        try first.close()
        try first.close()
        let second = try await folder.open()
        #expect(!second.openingReport.isNew)
        #expect(!second.openingReport.wasInterrupted)
        #expect(second.openingReport.check == .whole)
        #expect(second.openingReport.lastPosition == 2)
        #expect(second.lastPosition == 2)
        #expect(second.openingReport.size > 0)
    }

    @Test func closedJournalSaysSo() async throws {
        let journal = try await folder.open()
        _ = try await journal.status()
        try journal.close()
        for _ in 0..<2 {
            let write = await #expect(throws: JournalError.self) { try await journal.commit([filing(1)], at: at(1)) }
            #expect(write?.code == .closed)
            let read = await #expect(throws: JournalError.self) { _ = try await journal.status() }
            #expect(read?.code == .closed)
        }
    }

    @Test func commitsAreFlushedToTheDisk() async throws {
        let journal = try await folder.open()
        func mode() async throws -> [String] {
            try await journal.write { database in
                try ["synchronous", "journal_mode"].map {
                    try #require(try String.fetchOne(database, sql: "PRAGMA \($0)"))
                }
            }
        }
        #expect(try await mode() == ["2", "wal"])
        try await journal.markReceiptsWritten([], at: at(1))
        await #expect(throws: JournalError.self) { try await journal.setState(RouteState(.idle), of: "x", at: at(1)) }
        #expect(try await mode() == ["2", "wal"])
    }

    @Test func newerJournalIsRefusedAndNotTouched() async throws {
        try await folder.open().close()
        let newer = Journal.currentVersion + 1
        try alter("PRAGMA user_version = \(newer)")
        let before = try Data(contentsOf: URL(filePath: folder.journal))
        for access in [JournalOptions.Access.owner, .guest, .reader] {
            let error = await #expect(throws: JournalError.self) {
                _ = try await folder.open(JournalOptions(access: access))
            }
            #expect(error?.code == .newer)
            #expect(error?.message.contains("\(newer)") == true)
            #expect(error?.message.contains("\(Journal.currentVersion)") == true)
            #expect(error?.retryHelps == false)
        }
        #expect(try Data(contentsOf: URL(filePath: folder.journal)) == before)
    }

    @Test func otherDatabaseIsForeign() async throws {
        try alter("CREATE TABLE guestbook (name TEXT)")
        #expect(await code() == .foreign)
        #expect(await code(JournalOptions(access: .reader)) == .foreign)
    }

    @Test func folderInPlaceOfTheFileIsForeign() async throws {
        try FileManager.default.createDirectory(atPath: folder.journal, withIntermediateDirectories: false)
        #expect(await code() == .foreign)
    }

    @Test func textFileIsRefusedAndKept() async throws {
        let text = Data("姓名,职务\n".utf8)
        try text.write(to: URL(filePath: folder.journal))
        #expect(await code() == .damaged)
        #expect(try Data(contentsOf: URL(filePath: folder.journal)) == text)
    }

    @Test(arguments: [JournalOptions.Access.guest, .reader])
    func onlyTheOwnerMakesAJournal(access: JournalOptions.Access) async throws {
        #expect(await code(JournalOptions(access: access)) == .missing)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func missingFolderIsAnErrorOfInputOutput() async throws {
        let error = await #expect(throws: JournalError.self) {
            _ = try await Journal.open(path: folder.path + "/none/journal.db")
        }
        #expect(error?.code == .inputOutput)
    }

    @Test func secondOwnerIsKeptOutUntilTheFirstLeaves() async throws {
        let first = try await folder.open()
        #expect(await code() == .owned)
        try first.close()
        try await folder.open().close()
    }

    @Test func guestsAndReadersWorkBesideTheOwner() async throws {
        let owner = try await folder.open()
        try await owner.commit([filing(1, records: toys(1...2))], at: at(1))
        let staging = try await owner.beginStaging(identity(5), delivery: .event, at: at(1))
        try await owner.append([RecordChunk(toys(5...6))], to: staging)
        let guest = try await folder.open(JournalOptions(access: .guest))
        let reader = try await folder.open(JournalOptions(access: .reader))
        #expect(reader.openingReport.lastPosition == 2)
        #expect(try await reader.filings().count == 1)
        try await guest.approve(identity(7), at: at(2))
        let readOnly = await #expect(throws: JournalError.self) { try await reader.approve(identity(7), at: at(2)) }
        #expect(readOnly?.code == .readOnly)
        let misuse = await #expect(throws: JournalError.self) {
            _ = try await guest.beginStaging(identity(8), delivery: .event, at: at(2))
        }
        #expect(misuse?.code == .misuse)
        // What a guest commits goes on from what the owner did, and the owner from that; the owner's staging is untouched.
        #expect(try await guest.commit([filing(2, records: toys(3...3))], at: at(3))[0].summary?.positions == 3...3)
        var staged = filing(5)
        staged.records = .staged(staging)
        #expect(try await owner.commit([staged], at: at(4))[0].summary?.positions == 4...5)
        #expect(try await reader.stream() == toys(1...3) + toys(5...6))
    }

    @Test func readingGoesOnWhileAnotherWrites() async throws {
        let owner = try await folder.open()
        try await owner.commit([filing(100, records: toys(0...0))], at: at(1))
        let reader = try await folder.open(JournalOptions(access: .reader))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...60 as ClosedRange<UInt64> {
                    try await owner.commit([filing(number, records: toys(1...3))], at: at(1))
                }
            }
            group.addTask {
                var last = 0
                while last < 181 {
                    // Each look is at one instant: records, rows and totals agree with each other.
                    let count = try await reader.stream(limitBytes: 1 << 20).count
                    #expect(count >= last)
                    #expect(try await reader.totals().reconciles)
                    last = count
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func writerThatDoesNotFinishMakesOthersBusy() async throws {
        let owner = try await folder.open()
        let guest = try await folder.open(JournalOptions(access: .guest, patience: .milliseconds(1)))
        try await owner.write { _ in
            // The owner is inside a transaction for as long as the guest tries.
            let tried = DispatchSemaphore(value: 0)
            let box = ErrorBox()
            Task {
                do { try await guest.approve(identity(1), at: at(1)) } catch { box.set(error) }
                tried.signal()
            }
            tried.wait()
            #expect(box.error?.code == .busy)
            #expect(box.error?.retryHelps == true)
        }
        try await guest.approve(identity(1), at: at(1))
    }

    private func alter(_ sql: String) throws {
        let queue = try DatabaseQueue(path: folder.journal)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}

/// Carries an error out of a task that a test waits for.
final class ErrorBox: Sendable {
    private let stored = Mutex<JournalError?>(nil)

    var error: JournalError? { stored.withLock { $0 } }

    func set(_ error: any Error) {
        stored.withLock { $0 = error as? JournalError }
    }
}
