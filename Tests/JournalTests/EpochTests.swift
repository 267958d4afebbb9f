import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct EpochTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func openingThatGivesNoPositionAndSendsNothingBeginsNone() async throws {
        try await folder.open().close()
        let journal = try await folder.open()
        _ = try await journal.status()
        #expect(try await journal.epochs() == JournalEpochs(current: journal.epoch, ends: [:]))
    }

    @Test func eachOpeningBeginsOneAndEndsTheOneBefore() async throws {
        let first = try await folder.open()
        try await first.commit([filing(1, records: toys(1...2))], at: at(1))
        try await first.commit([filing(2, records: toys(3...5))], at: at(2))
        #expect(try await first.epochs() == JournalEpochs(current: first.epoch, ends: [:]))
        try first.close()
        // Sends, and journals nothing.
        let second = try await folder.open()
        #expect(try await second.epochs() == JournalEpochs(current: second.epoch, ends: [first.epoch: 5]))
        try second.close()
        let third = try await folder.open()
        try await third.commit([filing(3, records: toys(6...6))], at: at(3))
        #expect(
            try await third.epochs()
                == JournalEpochs(current: third.epoch, ends: [first.epoch: 5, second.epoch: 5]))
        #expect(Set([first.epoch, second.epoch, third.epoch]).count == 3)
    }

    @Test func olderCopyKnowsWhereItEndedAndNotWhatCameBehindIt() async throws {
        let (original, copy) = (try TemporaryFolder(), try TemporaryFolder())
        let first = try await original.open()
        try await first.commit([filing(1, records: toys(1...2))], at: at(1))
        // While it is in use, as with `sqlite3 journal.sqlite ".backup copy.sqlite"`.
        try first.pool.backup(to: DatabaseQueue(path: copy.journal))
        try await first.commit([filing(2, records: toys(3...5))], at: at(2))
        try first.close()
        let later = try await original.open()
        #expect(try await later.epochs().ends == [first.epoch: 5])
        let restored = try await copy.open()
        try await restored.commit([filing(3, records: toys(6...9))], at: at(3))
        #expect(try await restored.epochs() == JournalEpochs(current: restored.epoch, ends: [first.epoch: 2]))
    }

    @Test func recordsThatAreSentAgainBeginOne() async throws {
        let journal = try await folder.open()
        try await journal.write { try EpochStore(database: $0).begin("other") }
        _ = try await journal.settle([], knowingThrough: 0, at: at(1))
        #expect(try await journal.epochs().ends == ["other": 0])
    }
}
