import Foundation
import Glibc
import Synchronization
import Testing

@testable import Gateway
@testable import Journal

@Suite(.timeLimit(.minutes(3))) struct CommitterTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
    }

    private func filings(_ numbers: ClosedRange<UInt64>) -> [JournaledFiling] {
        numbers.map { Toy.filing($0, [Toy.person(Int($0))]) }
    }

    @Test func everythingThatWaitsIsCommittedAndEachGetsItsOutcomes() async throws {
        let committer = scene.committer(journal)
        let tickets = [filings(1...3), [], filings(4...4), filings(1...1)].map { committer.handIn($0) }
        committer.finish()
        await committer.run()
        let outcomes = try await tickets.asyncMap { try await $0.outcomes() }
        #expect(outcomes.map(\.count) == [3, 0, 1, 1])
        #expect(outcomes[0].map { $0.summary?.identity } == (1...3).map { Toy.identity($0) })
        #expect(outcomes[1].isEmpty)
        #expect(outcomes[2][0].summary?.firstPosition == 4)
        #expect(outcomes[3][0].isDuplicate)
        #expect(journal.lastPosition == 4)
    }

    @Test func whoWaitsForATicketIsWokenByItsCommit() async throws {
        let committer = scene.committer(journal)
        let running = Task { await committer.run() }
        for number in UInt64(1)...5 {
            let outcomes = try await committer.handIn(filings(number...number)).outcomes()
            #expect(outcomes[0].summary?.firstPosition == Int64(number))
        }
        committer.finish()
        await running.value
    }

    @Test func moreThanOneGroupIsCommittedInOrder() async throws {
        let committer = scene.committer(journal)
        let tickets = (UInt64(0)..<9).map { committer.handIn(filings(($0 * 100 + 1)...($0 * 100 + 100))) }
        committer.finish()
        await committer.run()
        for (index, ticket) in tickets.enumerated() {
            let outcomes = try await ticket.outcomes()
            #expect(outcomes.count == 100)
            #expect(outcomes[0].summary?.firstPosition == Int64(index * 100 + 1))
        }
    }

    @Test func handInLargerThanAGroupIsCommittedAllTheSame() async throws {
        let committer = scene.committer(journal)
        let ticket = committer.handIn(filings(1...UInt64(Committer.groupLimit + 1)))
        let other = committer.handIn(filings(9001...9001))
        committer.finish()
        await committer.run()
        #expect(try await ticket.outcomes().count == Committer.groupLimit + 1)
        #expect(try await other.outcomes()[0].summary?.firstPosition == Int64(Committer.groupLimit + 2))
    }

    /// Bytes that are not as many records as they claim to be are a fault of ours, and of one hand-in only.
    @Test func oneBadHandInTakesNoOtherWithIt() async throws {
        let committer = scene.committer(journal)
        var bad = Toy.filing(2, [Toy.person(2)])
        bad.records = .chunks([RecordChunk(bytes: Toy.chunk([Toy.person(2)]).bytes, count: 5)])
        let tickets = [filings(1...1), [bad], filings(3...3)].map { committer.handIn($0) }
        committer.finish()
        await committer.run()
        #expect(try await tickets[0].outcomes().count == 1)
        await #expect(throws: JournalError.self) { try await tickets[1].outcomes() }
        #expect(try await tickets[2].outcomes().count == 1)
        #expect(journal.lastPosition == 2)
    }

    private func upsert(_ number: UInt64, _ people: Range<Int>) -> JournaledFiling {
        var bytes: [UInt8] = []
        var keys: [RecordKey] = []
        for person in people {
            let record = Toy.chunk([Toy.person(person)]).bytes
            let print = Fingerprint(high: UInt64(person) << 40, low: number)
            keys.append(
                RecordKey(
                    bodyNumber: 11, id: Fingerprint(high: UInt64(person) << 40, low: 0), content: print,
                    range: bytes.count..<(bytes.count + record.count)))
            bytes += record
        }
        var filing = Toy.filing(number, people.map { Toy.person($0) })
        filing.delivery = .upsert(scope: "people")
        filing.records = .chunks([RecordChunk(bytes: bytes, count: people.count, keys: keys)])
        return filing
    }

    /// The keys of one scope are damaged: what is compared with them fails, and the rest of the group is committed.
    @Test func damagedScopeIsTheMatterOfItsFilings() async throws {
        journal.segments.leavesInFileFrom.withLock { $0 = 10 }
        var big = upsert(1, 0..<200)
        guard case .chunks(let chunks) = big.records else { return }
        let staging = try await journal.beginStaging(big.identity, delivery: big.delivery, at: Scene.now)
        try await journal.append(chunks, to: staging)
        big.records = .staged(staging)
        try await journal.commit([big], at: Scene.now)
        let folder = scene.state.journal + "-chunks"
        let leaves = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".keys") })
        try Data(repeating: 0xAA, count: 1 << 16).write(to: URL(filePath: "\(folder)/\(leaves)"))
        let committer = scene.committer(journal)
        let tickets = committer.handIn(each: [filings(2...2)[0], upsert(3, 5..<6), filings(4...4)[0]])
        committer.finish()
        await committer.run()
        #expect(try await tickets[0].outcomes().count == 1)
        let error = await #expect(throws: JournalError.self) { try await tickets[1].outcomes() }
        #expect(error?.code == .damaged)
        #expect(try await tickets[2].outcomes().count == 1)
        #expect(try await journal.totals().reconciles)
    }

    /// Whatever keeps the journal from being written is told once, and that it is over.
    @Test func waitingForTheJournalIsTold() async throws {
        var options = JournalOptions()
        options.patience = .milliseconds(1)
        let own = try await Journal.open(path: scene.folder.path + "/own.sqlite", options: options)
        options.access = .guest
        let other = try await Journal.open(path: scene.folder.path + "/own.sqlite", options: options)
        let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let holding: Void = other.write { _ in
            held.signal()
            release.wait()
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                held.wait()
                continuation.resume()
            }
        }
        let waits = Guarded(0)
        let clock = HookedClock { _ in
            let count = waits.withLock { waits in
                waits += 1
                return waits
            }
            if count == 2 { release.signal() }
        }
        let committer = Committer(
            journal: own, gate: ClaimGate(), logger: scene.logger, clock: clock, now: { Scene.now })
        let ticket = committer.handIn(filings(1...1))
        committer.finish()
        await committer.run()
        #expect(try await ticket.outcomes().count == 1)
        try await holding
        #expect(
            scene.trail.events == [
                "error: The journal cannot be written now; what waits for it is tried again until it can",
                "notice: The journal can be written again",
            ])
    }

    @Test func writtenReceiptsAreMarked() async throws {
        let committer = scene.committer(journal)
        let ticket = committer.handIn(filings(1...3))
        let running = Task { await committer.run() }
        let numbers = try await ticket.outcomes().compactMap(\.receiptNumber)
        #expect(try await journal.receiptsDue(limit: 9).map(\.number) == numbers)
        committer.markWritten([], in: [])
        committer.markWritten(Array(numbers.prefix(2)), in: [])
        committer.finish()
        await running.value
        #expect(try await journal.receiptsDue(limit: 9).map(\.number) == [numbers[2]])
    }

    /// A receipt that is marked is not written again, so it must survive a power cut.
    @Test(arguments: [false, true]) func receiptsAreSafeBeforeTheyAreMarked(diskFails: Bool) async throws {
        let asked = Guarded<[Set<String>]>([])
        let (journal, trail) = (journal, scene.trail)
        let committer = Committer(
            journal: journal, gate: ClaimGate(), logger: scene.logger, clock: HookedClock { _ in },
            now: { Scene.now }
        ) { folders in
            asked.withLock { $0.append(folders) }
            trail.note("synchronised")
            if diskFails { throw GatewayError(.folder, "the disk fails", errno: EIO) }
        }
        let ticket = committer.handIn(filings(1...3))
        let running = Task { await committer.run() }
        let numbers = try await ticket.outcomes().compactMap(\.receiptNumber)
        committer.markWritten(Array(numbers.prefix(2)), in: ["/a", "/b"])
        await trail.until("synchronised")
        committer.markWritten([numbers[2]], in: ["/c"])
        committer.finish()
        await running.value
        #expect(asked.withLock { $0 } == [["/a", "/b"], ["/c"]])
        #expect(try await journal.receiptsDue(limit: 9).map(\.number) == (diskFails ? numbers : []))
        let told = trail.events.filter {
            $0 == "error: Receipts may not be safe on the disk; they are written once more at the next start"
        }
        #expect(told.count == (diskFails ? 2 : 0))
    }

    @Test func closedJournalFailsTheTicketAndTheCommitterGoesOn() async throws {
        let committer = scene.committer(journal)
        try journal.close()
        let ticket = committer.handIn(filings(1...1))
        committer.markWritten([ReceiptNumber(rawValue: 1)], in: [])
        committer.finish()
        await committer.run()
        let error = await #expect(throws: JournalError.self) { try await ticket.outcomes() }
        #expect(error?.code == .closed)
        #expect(scene.trail.events.contains("warning: Receipts could not be marked as written"))
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
