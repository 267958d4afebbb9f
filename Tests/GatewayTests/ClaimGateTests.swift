import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct ClaimGateTests {
    let gate = ClaimGate()
    let trail = Trail()

    @Test func anOpenGateKeepsNobody() async {
        await gate.waitUntilOpen()
        #expect(gate.closure == nil)
    }

    @Test func onlyOpeningAndClosingCountAsChanges() {
        #expect(!gate.set(nil))
        #expect(gate.set(.journalFull))
        #expect(!gate.set(.diskFull(free: 1, limit: 2)))
        #expect(gate.closure == .diskFull(free: 1, limit: 2))
        #expect(gate.set(nil))
        #expect(!gate.set(nil))
    }

    @Test func everyoneWhoWaitsGoesOnWhenTheGateOpens() async {
        _ = gate.set(.journalFull)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask {
                    trail.note("waits \(number)")
                    await gate.waitUntilOpen()
                    trail.note(gate.closure == nil ? "open" : "closed")
                }
            }
            for number in 0..<5 { await trail.until("waits \(number)") }
            _ = gate.set(.backlog(route: "r", records: 2, limit: 1))
            _ = gate.set(nil)
        }
        #expect(trail.events.filter { $0 == "open" }.count == 5)
    }

    @Test func aCancelledTaskDoesNotWait() async {
        _ = gate.set(.journalFull)
        let before = Task {
            await untilCancelled()
            await gate.waitUntilOpen()
        }
        let during = Task {
            trail.note("waits")
            await gate.waitUntilOpen()
        }
        await trail.until("waits")
        before.cancel()
        during.cancel()
        await before.value
        await during.value
        #expect(gate.closure == .journalFull)
    }

    @Test(arguments: [
        (
            ClaimGate.Closure.diskFull(free: 3 << 20, limit: 256 << 20),
            "3 MiB are free on the disk of the state folder where 256 MiB are wanted; free some space and claiming resumes by itself"
        ),
        (
            .journalFull,
            "the journal could not be written because the disk is full; free some space and claiming resumes by itself"
        ),
        (
            .backlog(route: "lake", records: 11, limit: 10),
            "11 records wait for the route lake, the limit is 10; see to its exporter and claiming resumes by itself"
        ),
    ])
    func explanationsSayWhatToDo(_ closure: ClaimGate.Closure, _ text: String) {
        #expect(closure.explanation == text)
    }
}
