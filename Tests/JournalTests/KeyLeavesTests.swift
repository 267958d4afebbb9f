import Findings
import Foundation
import GRDB
import Testing

@testable import Journal

/// What the journal remembers of keys, held against a dictionary.
@Suite struct KeyLeavesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func key(_ id: Fingerprint, content: UInt64, differs: Bool = true) -> StatedKey {
        StatedKey(id: id, content: content, bodyNumber: 11, differs: differs)
    }

    // How ids are spread: as hashes are; all with the same first bits; over the ends of what there is.
    static let spreads: [(String, @Sendable (UInt64) -> Fingerprint)] = [
        ("hashes", { ToyRecord.id($0) }), ("one prefix", { Fingerprint(high: 77, low: $0 &* 3) }),
        ("few prefixes", { Fingerprint(high: ($0 % 5) << 24, low: $0) }),
        ("the ends", { Fingerprint(high: $0 % 2 == 0 ? $0 : .max - $0, low: $0 % 3 == 0 ? 0 : .max) }),
    ]

    /// Rounds of additions, changes and deletions; after each, every leaf is what it should be and every key is found.
    @Test(arguments: spreads.indices) func leavesHoldWhatWasAdopted(spread: Int) async throws {
        let id = Self.spreads[spread].1
        let journal = try await folder.open()
        var random = SplitMix64(state: UInt64(spread))
        var model: [Fingerprint: UInt64] = [:]
        for round in 1...12 as ClosedRange<UInt64> {
            let deletes = round % 3 == 0
            let size = Int.random(in: 0...(round % 4 == 0 ? 900 : 60), using: &random)
            var stated: [Fingerprint: UInt64] = [:]
            for _ in 0..<size { stated[id(UInt64.random(in: 0..<1500, using: &random))] = round }
            // Some of what is there is stated as it is.
            if deletes { for (known, content) in model where Bool.random(using: &random) { stated[known] = content } }
            let keys = stated.map { key($0.key, content: $0.value, differs: model[$0.key] != $0.value) }
                .sorted { $0.id < $1.id }
            let gone = deletes ? model.keys.filter { stated[$0] == nil }.sorted() : []
            let (handedOver, differing) = try await journal.write { database in
                var handedOver: [Fingerprint] = []
                var merge = try KeyMerge([KeyRun(keys)])
                var differing: [Fingerprint] = []
                try KeyLeaves(database: database, scope: 3).adopt(&merge, deletingOthers: deletes) { key in
                    switch key {
                    case .removed(let key): handedOver.append(key.id)
                    case .differing(let key): differing.append(key.id)
                    }
                }
                return (handedOver, differing)
            }
            #expect(handedOver == gone)
            #expect(differing == keys.filter(\.differs).map(\.id))
            model = (deletes ? model.filter { stated[$0.key] != nil } : model).merging(stated) { $1 }
            try await check(journal, scope: 3, against: model)
            let asked = (0..<400 as Range<UInt64>).map { _ in id(UInt64.random(in: 0..<3000, using: &random)) }.sorted()
            let found = try await journal.read { try KeyLeaves(database: $0, scope: 3).find(asked) { _ in false } }
            #expect(found.map(\.?.content) == asked.map { model[$0] })
        }
    }

    private func check(_ journal: Journal, scope: Int64, against model: [Fingerprint: UInt64]) async throws {
        let leaves = try await journal.read { database in
            try Row.fetchAll(database, sql: "SELECT number, keys FROM key_leaf ORDER BY number")
                .map { (number: $0[0] as Int64, keys: LeafBytes.decode($0[1] as Data)) }
        }
        var all: [StatedKey] = []
        for (index, leaf) in leaves.enumerated() {
            let numbers = leaf.keys.map { scope << 40 | Int64($0.id.high >> 24) }
            #expect(!leaf.keys.isEmpty)
            #expect(numbers.allSatisfy { $0 >= leaf.number })
            if index + 1 < leaves.count { #expect(numbers.allSatisfy { $0 < leaves[index + 1].number }) }
            #expect(leaf.keys.count <= KeyLeaves.mostCount || Set(numbers).count < 3)
            all += leaf.keys
        }
        #expect(all.map(\.id) == all.map(\.id).sorted())
        #expect(Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.content) }) == model)
    }

    @Test func neighbouringScopesAreNotTouched() async throws {
        let journal = try await folder.open()
        let ids = [Fingerprint(high: 0, low: 0), ToyRecord.id(1), Fingerprint(high: .max, low: .max)].sorted()
        try await journal.write { database in
            for scope in [1, 2, 3] as [Int64] {
                var merge = try KeyMerge([KeyRun(ids.map { key($0, content: UInt64(scope)) })])
                try KeyLeaves(database: database, scope: scope).adopt(&merge, deletingOthers: false) { _ in }
            }
            var nothing = try KeyMerge([])
            try KeyLeaves(database: database, scope: 2).adopt(&nothing, deletingOthers: true) { _ in }
        }
        for (scope, content) in [(1, 1), (2, nil), (3, 3)] as [(Int64, UInt64?)] {
            let found = try await journal.read { try KeyLeaves(database: $0, scope: scope).find(ids) { _ in false } }
            #expect(found.map(\.?.content) == [content, content, content])
        }
    }

    @Test func leafFitsIntoOnePageOfTheStore() async throws {
        let journal = try await folder.open()
        let keys = (0..<50_000 as Range<UInt64>).map { key(ToyRecord.id($0), content: 1) }.sorted { $0.id < $1.id }
        try await journal.write { database in
            var merge = try KeyMerge([KeyRun(keys)])
            try KeyLeaves(database: database, scope: 1).adopt(&merge, deletingOthers: false) { _ in }
        }
        let numbers = try await journal.read { database in
            try (["page_count", "freelist_count", "page_size"]).map {
                try Int.fetchOne(database, sql: "PRAGMA \($0)") ?? 0
            }
        }
        let bytes = (numbers[0] - numbers[1]) * numbers[2]
        #expect(bytes < keys.count * LeafBytes.keySize * 5 / 4 + 400_000)
    }

    @Test func leavesOfVersion5AreShortened() {
        let keys = (0..<100 as Range<UInt64>).map { key(ToyRecord.id($0), content: ~$0) }
        let long = LongLeafBytes.encode(keys[...])
        #expect(long.count == 3600)
        #expect(LongLeafBytes.shortened(long) == LeafBytes.encode(keys[...]))
        #expect(LongLeafBytes.shortened(Data()) == Data())
        #expect(LeafBytes.decode(LongLeafBytes.shortened(long)).map(\.content) == keys.map(\.content))
    }

    /// Few keys and many, spread as hashes are and not at all, and ids that come again.
    @Test(arguments: spreads.indices, [0, 1, 64, 65, 3000]) func mentionsAreInOrder(spread: Int, count: Int) {
        var random = SplitMix64(state: UInt64(count))
        let keys = (0..<count).map { _ in
            RecordKey(
                bodyNumber: 1, id: Self.spreads[spread].1(UInt64.random(in: 0..<2500, using: &random)),
                content: ToyRecord.id(1), range: 0..<0)
        }
        let expected = keys.indices.sorted { (keys[$0].id, $0) < (keys[$1].id, $1) }
        let mentions = KeyMentions(keys).sorted
        #expect(mentions.map(\.rank) == expected)
        #expect(mentions.map(\.id) == expected.map { keys[$0].id })
    }

    /// Runs that have ids in common, in slices and without: in the order of ids, the newest of each.
    @Test(arguments: spreads.indices, [1, 3, 20]) func mergedRunsAreInOrder(spread: Int, runs: Int) throws {
        var random = SplitMix64(state: UInt64(runs))
        var model: [Fingerprint: UInt64] = [:]
        let merged = (0..<runs).map { run in
            let ids = Set(
                (0..<1500).map { _ in Self.spreads[spread].1(UInt64.random(in: 0..<20_000, using: &random)) })
            for id in ids { model[id] = UInt64(run) }
            return KeyRun(ids.sorted().map { key($0, content: UInt64(run)) })
        }
        var merge = try KeyMerge(merged)
        var some: [StatedKey] = []
        while let keys = try merge.nextSome() { some += keys }
        #expect(some.map(\.id) == model.keys.sorted())
        #expect(some.allSatisfy { model[$0.id] == $0.content })
        for isAhead in [false, true] {
            merge = try KeyMerge(merged, isAhead: isAhead)
            for key in some {
                #expect(merge.peek == key)
                #expect(try merge.next() == key)
            }
            #expect(try merge.peek == nil && merge.next() == nil)
        }
    }

    /// A snapshot that says what is known writes no leaf.
    @Test func whatIsKnownIsNotWrittenAgain() async throws {
        let journal = try await folder.open()
        let keys = (0..<1000 as Range<UInt64>).map { key(ToyRecord.id($0), content: 1) }.sorted { $0.id < $1.id }
        let writes = try await journal.write { database in
            let leaves = try KeyLeaves(database: database, scope: 1)
            var merge = try KeyMerge([KeyRun(keys)])
            try leaves.adopt(&merge, deletingOthers: false) { _ in }
            let before = database.totalChangesCount
            for deletes in [false, true] {
                var same = try KeyMerge([
                    KeyRun(keys.map { key($0.id, content: $0.content, differs: deletes) })
                ])
                try leaves.adopt(&same, deletingOthers: deletes) { _ in }
            }
            return database.totalChangesCount - before
        }
        #expect(writes == 0)
    }
}

@Suite struct StatedKeysTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Enough batches for runs to be merged twice; the newest mention counts, and no file is left to be seen.
    @Test(arguments: [0, 700]) func newestMentionIsFoundAndMerged(kept: Int) throws {
        var random = SplitMix64(state: 4)
        var stated = StatedKeys()
        var model: [Fingerprint: UInt64] = [:]
        for batch in 0..<75 as Range<UInt64> {
            let ids = Set(
                (0..<UInt64.random(in: 1...300, using: &random)).map { _ in
                    ToyRecord.id(UInt64.random(in: 0..<9000, using: &random))
                }
            ).sorted()
            for id in ids { model[id] = batch }
            stated.append(
                ids.map { StatedKey(id: $0, content: batch, bodyNumber: 1, differs: true) })
            if batch % 5 == 0 {
                let asked = (0..<200 as Range<UInt64>).map { _ in
                    ToyRecord.id(UInt64.random(in: 0..<20_000, using: &random))
                }.sorted()
                let found = try stated.find(asked) ?? asked.map { _ in nil }
                #expect(found.map(\.?.content) == asked.map { model[$0] })
            }
            try stated.settle(in: folder.path, keeping: kept, mergingAt: 8)
        }
        #expect(stated.runs.count < 20)
        #expect(stated.runs.map(\.level).max() == (kept == 0 ? 2 : 1))
        #expect(stated.runs.filter(\.isInMemory).reduce(0) { $0 + $1.count } <= kept)
        var merge = try KeyMerge(stated.runs)
        var merged: [StatedKey] = []
        while let key = try merge.next() { merged.append(key) }
        #expect(merged.map(\.id) == model.keys.sorted())
        #expect(merged.allSatisfy { model[$0.id] == $0.content })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func folderThatIsGoneIsAnError() throws {
        var stated = StatedKeys()
        stated.append([
            StatedKey(id: ToyRecord.id(1), content: 2, bodyNumber: 1, differs: true)
        ])
        #expect(throws: DatabaseError.self) { try stated.settle(in: folder.path + "/nowhere", keeping: 0) }
    }

    @Test func filterPassesAllThatItHasAndFewOthers() {
        var filter = KeyFilter(expecting: 10_000)
        for number in 0..<10_000 as Range<UInt64> { filter.insert(ToyRecord.id(number)) }
        #expect((0..<10_000 as Range<UInt64>).allSatisfy { filter.mayContain(ToyRecord.id($0)) })
        let wrong = (10_000..<60_000 as Range<UInt64>).filter { filter.mayContain(ToyRecord.id($0)) }.count
        #expect(wrong < 1500)
    }
}
