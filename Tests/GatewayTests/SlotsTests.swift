import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct SlotsTests {
    @Test func neverMoreAreTakenThanThereAre() async {
        let slots = Slots(3)
        let busy = Guarded((now: 0, most: 0, total: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await slots.take()
                    busy.withLock { state in
                        state.now += 1
                        state.most = max(state.most, state.now)
                        state.total += 1
                    }
                    for _ in 0..<5 { await Task.yield() }
                    busy.withLock { $0.now -= 1 }
                    slots.giveBack()
                }
            }
        }
        let (now, most, total) = busy.withLock { $0 }
        #expect(now == 0)
        #expect((1...3).contains(most))
        #expect(total == 100)
    }

    @Test func whoWaitsGetsThePlaceThatIsGivenBack() async {
        let slots = Slots(1)
        let trail = Trail()
        await slots.take()
        let waiting = Task {
            await slots.take()
            trail.note("taken")
            slots.giveBack()
        }
        trail.note("given back")
        slots.giveBack()
        await waiting.value
        await slots.take()
        #expect(trail.events == ["given back", "taken"])
    }
}
