import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct CrewTests {
    let crew = Crew()
    let trail = Trail()

    /// A member that notes its begin and end; where it is `slow`, it ends only after `name may end`.
    private func member(_ name: String, _ essence: Int = 1, slow: Bool = false) -> Crew.Member {
        Crew.Member(name: name, essence: AnyHashableSendable(essence)) { [trail] in
            trail.note("\(name)\(essence) begins")
            await untilCancelled()
            trail.note("\(name)\(essence) stops")
            // Not tied to the task, which has been cancelled.
            if slow { await trail.until("\(name)\(essence) may end") }
            trail.note("\(name)\(essence) ends")
        }
    }

    @Test func membersRunBesideEachOtherUntilCancelled() async {
        let running = Task { await crew.run() }
        crew.set([member("a"), member("b")])
        await trail.until("a1 begins")
        await trail.until("b1 begins")
        running.cancel()
        await running.value
        #expect(trail.events.suffix(4).filter { $0.hasSuffix("ends") }.count == 2)
    }

    @Test func cancellationWaitsForAMemberThatIsSlowToStop() async {
        let running = Task {
            await crew.run()
            trail.note("crew ends")
        }
        crew.set([member("a", slow: true)])
        await trail.until("a1 begins")
        running.cancel()
        await trail.until("a1 stops")
        trail.note("a1 may end")
        await running.value
        #expect(trail.events == ["a1 begins", "a1 stops", "a1 may end", "a1 ends", "crew ends"])
    }

    @Test func aReplacedMemberEndsBeforeItsSuccessorBegins() async {
        let running = Task { await crew.run() }
        crew.set([member("a", slow: true)])
        await trail.until("a1 begins")
        crew.set([member("a", 2), member("b")])
        await trail.until("a1 stops")
        // Nobody else waits for the one that is slow to stop.
        await trail.until("b1 begins")
        #expect(!trail.events.contains("a2 begins"))
        trail.note("a1 may end")
        await trail.until("a2 begins")
        let events = trail.events.filter { $0.hasPrefix("a") }
        #expect(events == ["a1 begins", "a1 stops", "a1 may end", "a1 ends", "a2 begins"])
        running.cancel()
        await running.value
    }

    @Test func anUnchangedMemberIsNotDisturbed() async {
        let running = Task { await crew.run() }
        crew.set([member("a"), member("b")])
        await trail.until("a1 begins")
        await trail.until("b1 begins")
        crew.set([member("a"), member("b", 2), member("c")])
        await trail.until("b2 begins")
        await trail.until("c1 begins")
        #expect(trail.events.filter { $0.hasPrefix("a") } == ["a1 begins"])
        running.cancel()
        await running.value
        #expect(trail.events.filter { $0.hasPrefix("a") } == ["a1 begins", "a1 stops", "a1 ends"])
    }

    @Test func aRemovedMemberEndsAndTheOthersGoOn() async {
        let running = Task { await crew.run() }
        crew.set([member("a"), member("b")])
        await trail.until("a1 begins")
        await trail.until("b1 begins")
        crew.set([member("b")])
        await trail.until("a1 ends")
        #expect(!trail.events.contains("b1 stops"))
        running.cancel()
        await running.value
    }

    @Test func aMemberThatIsRemovedAndComesBackWaitsForItself() async {
        let running = Task { await crew.run() }
        crew.set([member("a", slow: true)])
        await trail.until("a1 begins")
        crew.set([])
        await trail.until("a1 stops")
        crew.set([member("a", 2), member("b")])
        await trail.until("b1 begins")
        trail.note("a1 may end")
        await trail.until("a2 begins")
        let events = trail.events.filter { $0.hasPrefix("a") }
        #expect(events == ["a1 begins", "a1 stops", "a1 may end", "a1 ends", "a2 begins"])
        running.cancel()
        await running.value
    }

    @Test func aMemberThatEndsByItselfTakesNobodyWithIt() async {
        let running = Task { await crew.run() }
        crew.set([
            member("a"),
            Crew.Member(name: "b", essence: AnyHashableSendable(1)) { [trail] in trail.note("b ends") },
        ])
        await trail.until("b ends")
        await trail.until("a1 begins")
        crew.set([member("a"), member("c")])
        await trail.until("c1 begins")
        #expect(!trail.events.contains("a1 stops"))
        running.cancel()
        await running.value
    }

    @Test func essencesOfDifferentTypesDiffer() {
        #expect(AnyHashableSendable(1) == AnyHashableSendable(1))
        #expect(AnyHashableSendable(1) != AnyHashableSendable(2))
        #expect(AnyHashableSendable(1) != AnyHashableSendable("1"))
    }
}
