import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct BeginningsTests {
    private func essence(_ number: Int) -> AnyHashableSendable { AnyHashableSendable(number) }

    private func expected(_ names: String...) -> [String: AnyHashableSendable] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, essence(1)) })
    }

    @Test func waitEndsWithTheLast() async {
        let beginnings = Beginnings()
        let waiting = Task { await beginnings.wait(for: expected("a", "b"), atMost: .seconds(3600)) }
        beginnings.note("b", as: essence(1))
        beginnings.note("another", as: essence(1))
        beginnings.note("a", as: essence(1))
        #expect(await waiting.value == [])
    }

    /// A source that a reload has changed begins anew, and one that was there is not waited for.
    @Test func whatIsReplacedIsWaitedFor() async {
        let beginnings = Beginnings()
        for name in ["a", "b"] { beginnings.note(name, as: essence(1)) }
        #expect(await beginnings.wait(for: expected("a", "b"), atMost: .seconds(3600)) == [])
        let changed = ["a": essence(1), "b": essence(2)]
        #expect(await beginnings.wait(for: changed, atMost: .milliseconds(50)) == ["b"])
        let waiting = Task { await beginnings.wait(for: changed, atMost: .seconds(3600)) }
        beginnings.noteEnd("b")
        beginnings.note("b", as: essence(2))
        #expect(await waiting.value == [])
        beginnings.noteEnd("a")
        #expect(await beginnings.wait(for: changed, atMost: .milliseconds(50)) == ["a"])
    }

    @Test func waitHasAnEndAndSaysWhoIsMissing() async {
        let beginnings = Beginnings()
        beginnings.note("b", as: essence(1))
        #expect(await beginnings.wait(for: expected("c", "b", "a"), atMost: .milliseconds(50)) == ["a", "c"])
        #expect(await Beginnings().wait(for: [:], atMost: .seconds(3600)) == [])
    }

    @Test func cancellationEndsTheWait() async {
        let beginnings = Beginnings()
        let waiting = Task { await beginnings.wait(for: expected("a"), atMost: .seconds(3600)) }
        waiting.cancel()
        #expect(await waiting.value == ["a"])
    }
}
