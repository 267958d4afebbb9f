import Testing

@testable import Journal

/// A journal and what should be in it.
struct RandomLife {
    private struct Filed {
        var number: UInt64
        var positions: ClosedRange<Int64>?
        var time: Double
        var isPruned = false
    }

    private var random: SplitMix64
    private var folder: TemporaryFolder
    private var journal: Journal
    private var filed: [Filed] = []
    private var records: [Int64: ToyRecord] = [:]
    private var known: [UInt64: UInt64] = [:]
    private var cursors: [String: Int64] = ["a": 0, "b": 0]
    private var open: [Int64: Int64] = [:]
    private var letters: Int64 = 0
    private var last: Int64 = 0
    private var prunedThrough: Int64 = 0
    private var time = 1.0

    init(seed: UInt64, in folder: TemporaryFolder) async throws {
        random = SplitMix64(state: seed)
        self.folder = folder
        journal = try await folder.open()
        for route in cursors.keys { _ = try await journal.openRoute(route, startingAt: .beginning, at: at(0)) }
    }

    mutating func step() async throws {
        time += 1
        switch Int.random(in: 0..<10, using: &random) {
        case 0...2: try await file()
        case 3...5: try await advance()
        case 6: try await settle()
        case 7...8: try await prune(olderThan: Double.random(in: 0...time, using: &random))
        default: try await crash()
        }
    }

    private mutating func file() async throws {
        if let old = filed.randomElement(using: &random), Bool.random(using: &random) {
            let again = try await journal.commit([JournalTests.filing(old.number)], at: at(time))[0]
            #expect(again.word == "duplicate")
            return
        }
        let number = UInt64(filed.count + 1)
        let keys = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt64.random(in: 0..<200, using: &random) }
        let content = UInt64.random(in: 0..<3, using: &random)
        let given = Set(keys).sorted().map { ToyRecord(key: $0, content: content) }
        var filing = JournalTests.filing(number, delivery: .upsert(scope: "s"), records: given)
        if Bool.random(using: &random) {
            let staging = try await journal.beginStaging(identity(number), delivery: filing.delivery, at: at(time))
            try await journal.append([RecordChunk(given)], to: staging)
            filing.records = .staged(staging)
        }
        let summary = try #require(try await journal.commit([filing], at: at(time))[0].summary)
        let changed = given.filter { known[$0.key] != $0.content }
        #expect(summary.changes.journaled == changed.count)
        for record in changed {
            last += 1
            records[last] = record
            known[record.key] = record.content
        }
        filed.append(Filed(number: number, positions: summary.positions, time: time))
    }

    private mutating func advance() async throws {
        guard let route = cursors.keys.sorted().randomElement(using: &random), let from = cursors[route], from < last
        else { return }
        let to = Int64.random(in: (from + 1)...last, using: &random)
        let refused = ((from + 1)...to).filter { _ in Int.random(in: 0..<60, using: &random) == 0 }
        try await journal.advance(
            [
                RouteAdvance(
                    route: route, to: to, selected: Int(to - from), acked: Int(to - from) - refused.count,
                    refused: refused.map { RefusedRecord(position: $0, record: [1], reason: "no") })
            ], at: at(time))
        cursors[route] = to
        for position in refused {
            letters += 1
            open[letters] = position
        }
    }

    private mutating func settle() async throws {
        guard let letter = open.keys.sorted().randomElement(using: &random) else { return }
        let replays = Bool.random(using: &random)
        let record = ToyRecord(key: UInt64(letter), content: 7)
        let deed: DeadLetterSettlement.Deed = replays ? .replay(record.message, isAsOffered: false) : .remove
        try await journal.mustSettle(
            [DeadLetterSettlement(letter, deed)], knowingThrough: last, at: at(time))
        open[letter] = nil
        guard replays else { return }
        last += 1
        records[last] = record
    }

    private mutating func prune(olderThan date: Double) async throws {
        let report = try await journal.prune(olderThan: at(date), deliveredTo: ["a", "b"], at: at(time))
        let limit = min(cursors.values.min() ?? 0, (open.values.min() ?? .max) - 1)
        var count = 0
        for index in filed.indices where !filed[index].isPruned {
            guard let positions = filed[index].positions else { continue }
            guard filed[index].time < date, positions.upperBound <= limit else { break }
            filed[index].isPruned = true
            prunedThrough = positions.upperBound
            count += 1
        }
        #expect(report.filings == count)
    }

    // The files as they are, opened as if the machine had stopped here.
    private mutating func crash() async throws {
        let after = try TemporaryFolder()
        try folder.copy(to: after)
        (folder, journal) = (after, try await after.open())
    }

    func check() async throws {
        #expect(try await journal.status().prunedThrough == prunedThrough)
        let expected = records.filter { $0.key > prunedThrough }.sorted { $0.key < $1.key }.map(\.value)
        #expect(try await journal.stream(after: prunedThrough, limitBytes: 500) == expected)
        let totals = try await journal.totals()
        #expect(totals.reconciles)
    }

    /// What is left when everything is delivered and old.
    mutating func end() async throws {
        for (route, from) in cursors where from < last {
            try await journal.advance(
                [RouteAdvance(route: route, to: last, selected: Int(last - from), acked: Int(last - from))],
                at: at(time))
        }
        for letter in open.keys {
            try await journal.mustSettle([DeadLetterSettlement(letter, .remove)], knowingThrough: last, at: at(time))
        }
        let report = try await journal.prune(olderThan: at(time + 1), deliveredTo: ["a", "b"], at: at(time + 1))
        #expect(report.hold == nil)
        #expect(folder.names.isEmpty)
        #expect(try await journal.deadLetters(state: nil).isEmpty)
        for filing in filed {
            #expect(try await journal.filing(identity(filing.number))?.isPruned == (filing.positions != nil))
        }
    }
}
