import ExporterHost
import ExporterProtocol
import Glibc
import Logging
import Testing

@Suite(.timeLimit(.minutes(4)))
struct ExporterSupervisorTests {
    /// Runs a supervisor until `body` returns, then cancels it and waits for its end.
    private func supervise(
        _ route: ExporterRoute, _ feed: MemoryFeed, log: CollectedLog = CollectedLog(), frameLimit: Int = 1 << 20,
        _ body: (ExporterSupervisor) async throws -> Void
    ) async throws {
        let supervisor = ExporterSupervisor(
            route: route, feed: feed, gateway: "qiao-test 1", logger: log.logger, frameLimit: frameLimit)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await supervisor.run() }
            try await body(supervisor)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(feed.state.states.last == .stopped)
    }

    @Test func recordsAreDeliveredAndStopIsGraceful() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 500)
        let route = try folder.route(
            """
            begin()
            serve()
            open(mark + ".end", "w").write("stopped")
            """)
        try await supervise(route, feed) { _ in
            await feed.wait { $0.acknowledged == 500 }
            feed.append(3)
            await feed.wait { $0.acknowledged == 503 }
        }
        #expect(try folder.read("mark.end") == "stopped")
        #expect(
            feed.state.states == [.starting, .running(name: "test", version: "0"), .stopping, .stopped])
        #expect(feed.state.acknowledgements == feed.state.acknowledgements.sorted())
    }

    @Test func positionsAreKeptAtAPaceAndTheLastAtOnce() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 5000)
        try await supervise(try folder.route("begin()\nserve()"), feed) { _ in
            await feed.wait { $0.acknowledged == 5000 }
        }
        let kept = feed.state.acknowledgements
        #expect(kept.count < 1000 && kept == kept.sorted() && kept.last == 5000)
    }

    @Test func startTellsRouteSettingsAndPosition() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 9, acknowledged: 7)
        let route = try folder.route(
            """
            begin()
            open(mark + ".start", "w").write(json.dumps(start, sort_keys=True))
            serve()
            """
        ) { $0.settings = ["colour": "红"] }
        try await supervise(route, feed) { _ in await feed.wait { $0.acknowledged == 9 } }
        let start = try folder.read("mark.start")
        #expect(start.contains("\"acknowledgedPosition\": \"7\""))
        #expect(start.contains("\"gateway\": \"qiao-test 1\""))
        #expect(start.contains("\"protocol\": 1"))
        #expect(start.contains("\\u7ea2"))
        #expect(feed.state.fetches.first == 7)
    }

    @Test(arguments: Mishap.all) func mishapIsToldAndRecoveredFrom(_ mishap: Mishap) async throws {
        let folder = try TestFolder()
        // More than the pipes hold, so that an exporter that does not read blocks the writer.
        let feed = MemoryFeed(records: 2000, size: 200)
        let route = try folder.route(mishap.body) { route in
            if mishap.code == "silent" { route.rules.silenceTimeout = .milliseconds(1500) }
            if mishap.name == "talks but never acknowledges" {
                route.rules.acknowledgementTimeout = .milliseconds(1500)
                route.rules.silenceTimeout = .seconds(20)
            }
            if mishap.code == "handshake-timeout" { route.rules.handshakeTimeout = .seconds(5) }
            if mishap.code == "retry-later" { route.teardown.stop = .seconds(5) }
        }
        try await supervise(route, feed) { _ in
            await feed.wait { $0.acknowledged == 2000 || $0.isParked }
        }
        #expect(feed.state.acknowledged == 2000)
        #expect(feed.state.codes.first == mishap.code)
        #expect(feed.state.acknowledgements == feed.state.acknowledgements.sorted())
    }

    @Test func retryStopsBeforeTheRecordAndSendsItAgain() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 10)
        let route = try folder.route(Mishap.all.first { $0.code == "retry-later" }?.body ?? "")
        try await supervise(route, feed) { _ in await feed.wait { $0.acknowledged == 10 } }
        // Positions 6 and up were acknowledged in the first session, and yet sent again behind 5.
        #expect(feed.state.acknowledgements.contains(4))
        #expect(feed.state.fetches.contains(4))
    }

    @Test(arguments: ["sys.exit(0)", "sys.exit(1)", "begin(); sys.exit(0)"])
    func failuresWithoutProgressParkTheRoute(_ body: String) async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 5)
        let log = CollectedLog()
        try await supervise(try folder.route(body), feed, log: log) { _ in await feed.wait(until: \.isParked) }
        #expect(feed.state.failures.count == 3)
        #expect(feed.state.failures.last?.message.contains("exited with status") == true)
        #expect(log.lines("Route is parked").first?.metadata["route"] == "test")
    }

    /// What cannot be kept is sent again: at once each time, it would flood whoever receives it.
    @Test func acknowledgementsThatCannotBeKeptAreNoProgress() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 5)
        feed.change { $0.keepsNothing = true }
        try await supervise(try folder.route("begin()\nserve()"), feed) { _ in
            await feed.wait { $0.isParked || $0.failures.count == 20 }
        }
        #expect(feed.state.codes == ["feed", "feed", "feed"])
    }

    @Test func parkedRouteIsRetriedOnRequest() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 5)
        let route = try folder.route("if not os.path.exists(mark + '.mended'): sys.exit(1)\nbegin()\nserve()")
        try await supervise(route, feed) { supervisor in
            await feed.wait(until: \.isParked)
            _ = try folder.write("", to: "mark.mended")
            supervisor.retryNow()
            await feed.wait { $0.acknowledged == 5 }
        }
    }

    @Test func parkedRouteIsTriedAgainAfterItsInterval() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 5)
        let route = try folder.route("sys.exit(1)") { $0.restarts.parkedInterval = .milliseconds(1) }
        try await supervise(route, feed) { _ in await feed.wait { $0.failures.count >= 5 } }
        // One try for each interval: parked again at once, not after three more.
        #expect(feed.state.states.filter { $0.name == "parked" }.count >= 2)
        #expect(feed.state.states.filter { $0.name == "backing-off" }.count == 2)
    }

    struct Verdict: Sendable, CustomTestStringConvertible {
        var code: String
        var body: String
        var says: [String]
        var testDescription: String { code }
    }

    /// What no restart mends: parked at once.
    static let verdicts = [
        Verdict(
            code: "version-mismatch",
            body: "hear(); ready(protocol=7, name='other', version='2.5')\nserve()",
            says: ["qiao-test 1 speaks version 1", "other 2.5 speaks version 7"]),
        Verdict(code: "version-mismatch", body: "begin(encoding='morse')\nserve()", says: ["morse", "json"]),
        Verdict(
            code: "exporter-ahead", body: "begin(stored_position=50)\nserve()",
            says: ["stored position 50", "journal ends at 20"]),
        Verdict(
            code: "exporter-behind", body: "begin(stored_position=3)\nserve()",
            says: ["stored position 3", "journal begins at 9"]),
    ]

    @Test(arguments: verdicts) func whatNoRestartMendsParksAtOnce(_ verdict: Verdict) async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 20, acknowledged: 10, oldest: 9)
        try await supervise(try folder.route(verdict.body), feed) { _ in await feed.wait(until: \.isParked) }
        #expect(feed.state.failures.count == 1)
        #expect(feed.state.codes == [verdict.code])
        for word in verdict.says { #expect(feed.state.failures.first?.message.contains(word) == true) }
    }

    @Test func refusedRecordBecomesADeadLetterAndTheRouteGoesOn() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 9)
        let route = try folder.route(
            """
            begin()
            for name, frame in frames():
                if name == 'stop': break
                if name != 'record': continue
                if int(frame['position']) in (1, 4, 9):
                    say(reject={'position': frame['position'], 'reason': 'too odd'})
                else:
                    say(ack={'position': frame['position']})
            """)
        try await supervise(route, feed) { _ in await feed.wait { $0.acknowledged == 9 } }
        #expect(feed.state.deadLetters.map(\.position) == [1, 4, 9])
        #expect(feed.state.deadLetters.allSatisfy { $0.reason == "too odd" })
        #expect(feed.state.codes.isEmpty)
    }

    @Test func refusalStopsTheRouteWhereItsPolicySaysSo() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 9)
        let route = try folder.route(
            """
            begin()
            for name, frame in frames():
                if name == 'stop':
                    say(ack={'position': 3})
                    break
                if name == 'record' and frame['position'] == '4':
                    say(reject={'position': 4, 'reason': 'too odd'})
            """
        ) { $0.rules.refusal = .stop }
        try await supervise(route, feed) { _ in await feed.wait(until: \.isParked) }
        #expect(feed.state.codes == ["refused"])
        #expect(feed.state.deadLetters.isEmpty)
        #expect(feed.state.acknowledged == 3)
    }

    @Test func storedPositionSettlesWhatTheJournalMissed() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 9, acknowledged: 2)
        let route = try folder.route("begin(stored_position=6)\nserve()")
        try await supervise(route, feed) { _ in await feed.wait { $0.acknowledged == 9 } }
        #expect(feed.state.acknowledgements.first == 6)
        #expect(feed.state.fetches.first == 6)
    }

    @Test func exporterThatLostItsTailIsSentItAgain() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 9, acknowledged: 6)
        let route = try folder.route("begin(stored_position=2)\nserve()")
        try await supervise(route, feed) { _ in
            await feed.wait { $0.fetches.contains(2) && !$0.acknowledgements.isEmpty }
        }
        #expect(feed.state.fetches.first == 2)
        #expect(feed.state.codes.isEmpty)
    }

    @Test func floodOnStandardErrorNeitherBlocksNorFillsTheLog() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 50)
        let log = CollectedLog()
        let route = try folder.route(
            """
            begin()
            for _ in range(50000): print('x' * 100, file=sys.stderr)
            serve()
            """)
        try await supervise(route, feed, log: log) { _ in await feed.wait { $0.acknowledged == 50 } }
        #expect(log.lines("Exporter wrote to standard error").count <= 300)
        let suppressed = log.lines("Exporter says too much")
            .compactMap { $0.metadata["suppressed"].flatMap { Int($0) } }
        #expect(suppressed.reduce(0, +) + log.lines("Exporter wrote to standard error").count == 50000)
    }

    @Test func logFramesReachTheLogWithTheirFields() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 1)
        let log = CollectedLog()
        let route = try folder.route(
            "begin()\nsay(log={'level': 'warning', 'message': 'slow', 'fields': {'ms': '7'}})\nserve()")
        try await supervise(route, feed, log: log) { _ in await feed.wait { $0.acknowledged == 1 } }
        let line = log.lines("Exporter says").first
        #expect(line?.level == .warning)
        #expect(line?.metadata["message"] == "slow")
        #expect(line?.metadata["field.ms"] == "7")
    }

    @Test func exporterThatIgnoresEverythingIsKilled() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 1)
        let route = try folder.route(
            """
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            begin()
            sys.stdin.readline()
            say(ack={'position': 1})
            while True: time.sleep(60)
            """
        ) { $0.teardown.stop = .milliseconds(100) }
        let log = CollectedLog()
        try await supervise(route, feed, log: log) { _ in await feed.wait { $0.acknowledged == 1 } }
        #expect(log.lines("Exporter stopped").count + log.lines("Exporter had to be ended").count == 1)
    }

    @Test func grandchildrenDoNotOutliveTheirExporter() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 1)
        let route = try folder.route(
            """
            import subprocess
            child = subprocess.Popen(['sleep', '600'])
            open(mark + '.pid', 'w').write(str(child.pid))
            begin()
            serve()
            """)
        try await supervise(route, feed) { _ in await feed.wait { $0.acknowledged == 1 } }
        let pid = try folder.read("mark.pid")
        await ProcessTable.waitForEnd(of: pid)
    }

    @Test func missingProgramIsNamed() async throws {
        let feed = MemoryFeed(records: 1)
        let route = TestRoute.make(ExporterCommand("no-such-exporter-here"))
        try await supervise(route, feed) { _ in await feed.wait(until: \.isParked) }
        #expect(feed.state.codes == ["not-started", "not-started", "not-started"])
        #expect(feed.state.failures.first?.message.contains("no-such-exporter-here") == true)
    }

    @Test func failingFeedIsOurFaultAndRetried() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 3)
        feed.change { $0.failsExtent = 2 }
        try await supervise(try folder.route("begin()\nserve()"), feed) { _ in
            await feed.wait { $0.acknowledged == 3 }
        }
        #expect(feed.state.codes == ["feed", "feed"])
    }

    @Test func exporterDoesNotSeeTheEnvironmentOfTheGateway() async throws {
        setenv("QIAO_TEST_SECRET", "x", 1)
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 1)
        let route = try folder.route(
            "open(mark + '.env', 'w').write(' '.join(sorted(os.environ)))\nbegin()\nserve()"
        ) { $0.command.environment = ["EXTRA": "1"] }
        try await supervise(route, feed) { _ in await feed.wait { $0.acknowledged == 1 } }
        let names = Set(try folder.read("mark.env").split(separator: " ").map(String.init))
        #expect(names.contains("EXTRA"))
        #expect(names.contains("PATH"))
        #expect(!names.contains("QIAO_TEST_SECRET"))
    }

    @Test func aHangingRouteDoesNotHoldUpAnother() async throws {
        let (bad, good) = (try TestFolder(), try TestFolder())
        let (badFeed, goodFeed) = (MemoryFeed(records: 2000, size: 200), MemoryFeed(records: 100))
        try await supervise(try bad.route("begin()\nwhile True: time.sleep(60)") { $0.teardown.stop = .zero }, badFeed)
        { _ in
            await badFeed.wait { $0.states.last?.name == "running" }
            try await supervise(try good.route("begin()\nserve()"), goodFeed) { _ in
                await goodFeed.wait { $0.acknowledged == 100 }
            }
        }
    }
}
