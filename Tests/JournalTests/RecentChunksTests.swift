import Findings
import Foundation
import Testing

@testable import Journal

/// What was just committed is handed on without being read back, and is the same.
@Suite struct RecentChunksTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    // From every position: either nothing, or what reading gives.
    private func check(_ journal: Journal) async throws {
        for position in 0...(journal.lastPosition + 1) {
            for limit in [1, 300, 1 << 20] {
                guard let recent = journal.recentChunks(after: position, limitBytes: limit) else { continue }
                let read = try await journal.chunks(after: position, limitBytes: limit)
                #expect(recent == Array(read.prefix(recent.count)))
                #expect(!recent.isEmpty && position < journal.lastPosition)
            }
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func recentIsWhatIsRead(seed: UInt64) async throws {
        let journal = try await folder.open()
        var random = SplitMix64(state: seed)
        var number: UInt64 = 0
        for _ in 0..<25 {
            var group: [JournaledFiling] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                number += 1
                let start = Int.random(in: 0..<40, using: &random)
                let records = toys(start..<(start + Int.random(in: 0...9, using: &random)), content: number % 3)
                let delivery: Delivery =
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: .event
                    case 1: .upsert(scope: "u")
                    case 2: .toySnapshot("s")
                    default: .toySnapshot("s", guardShare: 0)
                    }
                let outcome: FilingOutcome = Int.random(in: 0..<6, using: &random) == 0 ? .rejected : .accepted
                group.append(filing(number, outcome: outcome, delivery: delivery, records: records))
                if Bool.random(using: &random) { group.append(group[0]) }
            }
            let before = journal.lastPosition
            try await journal.commit(group, at: at(1))
            if journal.lastPosition > before {
                #expect(journal.recentChunks(after: before, limitBytes: 1 << 20) != nil)
            }
            try await check(journal)
        }
        try journal.close()
        #expect(journal.recentChunks(after: 0, limitBytes: 1) == nil)
    }

    @Test func bigFilingsArePassedOver() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, records: toys(1...3))], at: at(1))
        let staging = try await journal.beginStaging(identity(2), delivery: .event, at: at(1))
        try await journal.append([RecordChunk(toys(1...50))], to: staging)
        var staged = filing(2)
        staged.records = .staged(staging)
        try await journal.commit([staged, filing(3, records: toys(1...2))], at: at(2))
        #expect(journal.recentChunks(after: 0, limitBytes: 1 << 20) == nil)
        #expect(journal.recentChunks(after: 53, limitBytes: 1 << 20) == nil)
        try await journal.commit([filing(4, records: toys(1...2))], at: at(3))
        #expect(journal.recentChunks(after: 55, limitBytes: 1 << 20)?.map(\.firstPosition) == [56])
        #expect(journal.recentChunks(after: 54, limitBytes: 1 << 20) == nil)
        try await check(journal)
        _ = try await journal.prune(olderThan: at(9), deliveredTo: [], at: at(9))
        #expect(journal.recentChunks(after: 55, limitBytes: 1 << 20) == nil)
    }

    /// One commit that is larger than what is kept, and many small ones: memory stays bounded.
    @Test func noMoreIsKeptThanTheLimit() async throws {
        let journal = try await folder.open()
        func big(_ number: UInt64, _ size: Int) -> JournaledFiling {
            var big = filing(number)
            let record = ToyRecord.delimit([UInt8](repeating: 7, count: size))
            big.records = .chunks([RecordChunk(bytes: record, count: 1)])
            return big
        }
        for number in 1...5 as ClosedRange<UInt64> { try await journal.commit([big(number, 100_000)], at: at(1)) }
        #expect(journal.recentChunks(after: 2, limitBytes: 1 << 20) == nil)
        #expect(journal.recentChunks(after: 3, limitBytes: 1 << 20)?.count == 2)
        #expect(journal.recentChunks(after: 3, limitBytes: 1)?.count == 1)
        try await journal.commit([big(6, 200_000), big(7, 100_000)], at: at(2))
        #expect(journal.recentChunks(after: 5, limitBytes: 1 << 20) == nil)
        try await check(journal)
    }
}
