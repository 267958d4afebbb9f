import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct BeginningsTests {
    @Test func waitEndsWithTheLast() async {
        let beginnings = Beginnings()
        let waiting = Task { await beginnings.wait(for: ["a", "b"], atMost: .seconds(3600)) }
        beginnings.note("b")
        beginnings.note("of a reload")
        beginnings.note("a")
        #expect(await waiting.value == [])
    }

    @Test func waitHasAnEndAndSaysWhoIsMissing() async {
        let beginnings = Beginnings()
        beginnings.note("b")
        #expect(await beginnings.wait(for: ["c", "b", "a"], atMost: .milliseconds(50)) == ["a", "c"])
        #expect(await Beginnings().wait(for: [], atMost: .seconds(3600)) == [])
    }

    @Test func cancellationEndsTheWait() async {
        let beginnings = Beginnings()
        let waiting = Task { await beginnings.wait(for: ["a"], atMost: .seconds(3600)) }
        waiting.cancel()
        #expect(await waiting.value == ["a"])
    }
}
