import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct SolitudeTests {
    let solitude = Solitude()
    let trail = Trail()

    @Test func manyRunBesideEachOther() async {
        // Each waits for the other: one after another, they would wait for ever.
        async let first: Void = solitude.shared {
            trail.note("first")
            await trail.until("second")
        }
        async let second: Void = solitude.shared {
            trail.note("second")
            await trail.until("first")
        }
        _ = await (first, second)
    }

    @Test func oneAloneWaitsForThoseWhoRun() async {
        let shared = Task {
            await solitude.shared {
                trail.note("shared begins")
                await trail.until("go")
                trail.note("shared ends")
            }
        }
        await trail.until("shared begins")
        let alone = Task { await solitude.alone { trail.note("alone") } }
        let later = Task { await solitude.shared { trail.note("later") } }
        trail.note("go")
        for task in [shared, alone, later] { await task.value }
        let events = trail.events
        #expect(events.firstIndex(of: "shared ends") ?? .max < events.firstIndex(of: "alone") ?? -1)
    }

    @Test func nobodyBeginsBesideOneAlone() async {
        let alone = Task {
            await solitude.alone {
                trail.note("alone begins")
                await trail.until("go")
                trail.note("alone ends")
            }
        }
        await trail.until("alone begins")
        let shared = Task { await solitude.shared { trail.note("shared") } }
        let other = Task { await solitude.alone { trail.note("other") } }
        trail.note("go")
        for task in [alone, shared, other] { await task.value }
        let events = trail.events
        #expect(events.prefix(3) == ["alone begins", "go", "alone ends"])
        #expect(Set(events.suffix(2)) == ["shared", "other"])
    }

    @Test func whatThrowsLeavesThePlaceFree() async {
        struct Trouble: Error {}
        await #expect(throws: Trouble.self) { try await solitude.alone { throw Trouble() } }
        await #expect(throws: Trouble.self) { try await solitude.shared { throw Trouble() } }
        await solitude.alone { trail.note("alone") }
        #expect(trail.events == ["alone"])
    }

    @Test func aloneMeansAloneHoweverManyCome() async {
        let busy = Guarded((shared: 0, alone: 0, faults: 0, done: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number.isMultiple(of: 7) {
                        await solitude.alone { await Self.stay(busy, alone: true) }
                    } else {
                        await solitude.shared { await Self.stay(busy, alone: false) }
                    }
                }
            }
        }
        let result = busy.withLock { $0 }
        #expect(result.faults == 0)
        #expect(result.done == 200)
    }

    private static func stay(
        _ busy: Guarded<(shared: Int, alone: Int, faults: Int, done: Int)>, alone: Bool
    ) async {
        busy.withLock { state in
            if alone { state.alone += 1 } else { state.shared += 1 }
            if state.alone > 1 || state.alone == 1 && state.shared > 0 { state.faults += 1 }
        }
        for _ in 0..<3 { await Task.yield() }
        busy.withLock { state in
            if alone { state.alone -= 1 } else { state.shared -= 1 }
            state.done += 1
        }
    }
}
