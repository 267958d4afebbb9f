import Foundation
import Testing

@testable import Journal

@Suite struct RecordGateTests {
    @Test func whatIsThereIsNotWaitedFor() async throws {
        let gate = RecordGate(lastPosition: 5)
        #expect(try await gate.wait(after: 4) == 5)
    }

    @Test func everyWaiterIsWokenByWhatItWaitsFor() async throws {
        let gate = RecordGate(lastPosition: 0)
        try await withThrowingTaskGroup(of: (Int64, Int64).self) { group in
            for position in [0, 0, 3, 9] as [Int64] {
                group.addTask { (position, try await gate.wait(after: position)) }
            }
            while gate.waiting < 4 { await Task.yield() }
            gate.advance(to: 4)
            while gate.waiting > 1 { await Task.yield() }
            gate.advance(to: 3)
            gate.advance(to: 10)
            for try await (after, last) in group { #expect(last > after) }
        }
        #expect(gate.waiting == 0)
    }

    @Test func cancelledWaiterLeavesAndOthersStay() async throws {
        let gate = RecordGate(lastPosition: 0)
        let stays = Task { try await gate.wait(after: 0) }
        let leaves = Task { try await gate.wait(after: 0) }
        while gate.waiting < 2 { await Task.yield() }
        leaves.cancel()
        await #expect(throws: CancellationError.self) { try await leaves.value }
        #expect(gate.waiting == 1)
        gate.advance(to: 1)
        #expect(try await stays.value == 1)
    }

    @Test func taskThatWasCancelledBeforeDoesNotWait() async throws {
        let gate = RecordGate(lastPosition: 0)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await gate.wait(after: 0)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func closingWakesEverybody() async throws {
        let gate = RecordGate(lastPosition: 0)
        let task = Task { try await gate.wait(after: 0) }
        while gate.waiting < 1 { await Task.yield() }
        #expect(gate.close())
        #expect(!gate.close())
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: CancellationError.self) { try await gate.wait(after: 0) }
    }

    @Test func commitsWakeTheWaiters() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        let waiter = Task { try await journal.waitForRecords(after: 0) }
        try await journal.commit([filing(1)], at: at(1))
        try await journal.commit([filing(2, records: toys(1...3))], at: at(1))
        #expect(try await waiter.value == 3)
    }
}
