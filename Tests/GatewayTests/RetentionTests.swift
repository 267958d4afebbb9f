import Foundation
import Journal
import Mappings
import Testing

@testable import Gateway

/// What is removed when its time is over, by the settings and the clock, and what is not.
@Suite(.timeLimit(.minutes(3))) struct RetentionTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
        _ = try await journal.openRoute("lake", startingAt: .beginning, at: Scene.now)
    }

    private static let day = 86_400.0

    // Looks so often, the days after the scene's time.
    private func look(
        daysLater days: Double, times: Int = 1, routes: [String] = ["lake"], _ change: (inout RetentionSettings) -> Void
    ) async {
        var settings = Settings(state: scene.state.path, mappings: "/m")
        settings.routes = routes.map { RouteSettings(name: $0, exporter: ["cat"]) }
        change(&settings.retention)
        let looks = Guarded(0)
        let clock = HookedClock { pause in
            #expect(pause == Retention.interval)
            let done = looks.withLock { looks in
                looks += 1
                return looks
            }
            if done == times { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let retention = Retention(
            settings: { [settings] in settings }, state: scene.state, journal: journal,
            now: { Scene.now + days * Self.day }, clock: clock, logger: scene.logger)
        // The clock is believed: those days have gone by.
        await Task { await retention.run(since: nil) }.value
    }

    private func file(_ number: UInt64, acked: Bool = true) async throws {
        try await journal.commit([Toy.filing(number, [Toy.place(Int(number))])], at: Scene.now)
        try await journal.markReceiptsWritten(try await journal.receiptsDue(limit: 9).map(\.number), at: Scene.now)
        guard acked else { return }
        try await journal.advance(
            [RouteAdvance(route: "lake", to: journal.lastPosition, selected: 1, acked: 1)], at: Scene.now)
    }

    // Puts originals where they are kept.
    private func keep(_ number: UInt64, _ names: String..., day: String = "2026-11-21", in folder: String = "archive")
        throws
    {
        for name in names {
            let digits = Toy.identity(number).hex.prefix(12)
            try put("\(folder)/test/\(day)/\(digits)-\(name)")
        }
    }

    private func put(_ path: String) throws {
        let whole = URL(fileURLWithPath: "\(scene.state.path)/\(path)")
        try StateFolder.make(whole.deletingLastPathComponent().path)
        try Data([1]).write(to: whole)
    }

    private func kept(_ folder: String = "archive") -> [String] {
        let all = FileManager.default.enumerator(atPath: "\(scene.state.path)/\(folder)/test")?.compactMap {
            $0 as? String
        }
        return (all ?? []).sorted()
    }

    @Test func everythingStaysUnlessTheSettingsLetItGo() async throws {
        try await file(1)
        try keep(1, "a.csv")
        await look(daysLater: 10_000) { _ in }
        #expect(try await journal.status().prunedThrough == 0)
        #expect(kept().count == 2)
        #expect(scene.trail.events == [])
    }

    @Test(arguments: [(29.9, 0), (30.1, 1)])
    func recordsLeaveWhenTheirTimeIsOver(_ days: Double, _ pruned: Int64) async throws {
        try await file(1)
        await look(daysLater: days) { $0.records = .seconds(30 * 86_400) }
        #expect(try await journal.status().prunedThrough == pruned)
        let told = pruned == 0 ? [] : ["info: Records whose retention has ended are removed"]
        #expect(scene.trail.events == told)
    }

    /// The clock is ten years ahead from the second look on, or was so when the gateway started.
    @Test(arguments: [true, false])
    func clockThatLeapsRemovesNothingForAnHour(_ isAheadAtTheStart: Bool) async throws {
        try await file(1)
        try keep(1, "a.csv")
        var settings = Settings(state: scene.state.path, mappings: "/m")
        settings.routes = [RouteSettings(name: "lake", exporter: ["cat"])]
        settings.retention.records = .seconds(86_400)
        settings.retention.archive = .seconds(86_400)
        let looks = Guarded(isAheadAtTheStart ? 1 : 0)
        let leftBefore = Guarded(0)
        let clock = HookedClock { [self] _ in
            let done = looks.withLock { looks in
                looks += 1
                return looks
            }
            if done <= 61 { leftBefore.withLock { $0 = kept().count } }
            if done == 62 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let retention = Retention(
            settings: { [settings] in settings }, state: scene.state, journal: journal,
            now: { Scene.now + (looks.withLock { $0 } == 0 ? 0 : 3650 * Self.day) }, clock: clock,
            logger: scene.logger)
        await Task { await retention.run() }.value
        #expect(leftBefore.withLock { $0 } == 2)
        #expect(kept() == [])
        let told = scene.trail.events.filter { $0.contains(": The clock is far ahead") }
        #expect(told.map { $0.prefix { $0 != ":" } } == [isAheadAtTheStart ? "notice" : "warning"])
        #expect(try await journal.status().prunedThrough == 1)
    }

    @Test func whatARouteHasNotGotStaysAndThatIsToldOnce() async throws {
        try await file(1)
        try await file(2, acked: false)
        await look(daysLater: 2, times: 3) { $0.records = .seconds(86_400) }
        #expect(try await journal.status().prunedThrough == 1)
        #expect(
            scene.trail.events == [
                "info: Records whose retention has ended are removed",
                "warning: Records are kept beyond their retention",
            ])
        // One that is new has got nothing yet.
        await look(daysLater: 2, routes: ["lake", "new"]) { $0.records = .seconds(86_400) }
        #expect(try await journal.status().prunedThrough == 1)
    }

    @Test(arguments: [(1.9, 3.0, true), (2.1, nil, false), (nil, 0.9, true), (nil, 1.1, false), (nil, nil, false)])
    func whatIsHeldIsToldWhenItIsTooOld(_ records: Double?, _ archive: Double?, _ isHeld: Bool) async throws {
        try await file(1, acked: false)
        var settings = Settings(state: scene.state.path, mappings: "/m")
        settings.retention.records = records.map { .seconds($0 * Self.day) }
        settings.retention.archive = archive.map { .seconds($0 * Self.day) }
        let later = Scene.now + 2 * Self.day
        #expect(try await settings.heldRecords(in: journal, at: later) == nil, "without routes nothing ever leaves")
        settings.routes = [RouteSettings(name: "lake", exporter: ["cat"])]
        let held = isHeld ? HeldRecords(hold: .route("lake"), since: Scene.now) : nil
        #expect(try await settings.heldRecords(in: journal, at: later) == held)
    }

    @Test func withoutRoutesNobodyHasGotAnything() async throws {
        try await file(1)
        try keep(1, "a.csv", day: "2026-11-20")
        await look(daysLater: 9, routes: []) {
            $0.records = .seconds(86_400)
            $0.archive = .seconds(86_400)
        }
        #expect(try await journal.status().prunedThrough == 0)
        #expect(kept().count == 2)
    }

    @Test func originalsLeaveByWholeDaysWithWhatLiesBesideThem() async throws {
        try await file(1)
        try keep(1, "a.csv", "a.csv.p7s", "a.csv.sha256")
        let rules: (inout RetentionSettings) -> Void = { $0.archive = .seconds(7 * 86_400) }
        // Seven days later the day has not ended seven days ago.
        await look(daysLater: 7.5, rules)
        #expect(kept().count == 4)
        await look(daysLater: 8, rules)
        #expect(kept() == [])
        #expect(scene.trail.events == ["info: Originals whose retention has ended are removed"])
        // The journal has its own time.
        #expect(try await journal.status().prunedThrough == 0)
    }

    @Test func originalsThatSomeoneNeedsStay() async throws {
        try await file(1)
        try await file(2, acked: false)
        try await journal.commit([Toy.filing(3, [])], at: Scene.now)
        try keep(1, "delivered.csv")
        try keep(2, "lags.csv")
        try keep(3, "owes-a-receipt.csv")
        try keep(4, "unknown.csv")
        try put("archive/test/2026-11-21/README")
        try put("archive/test/old/\(Toy.identity(1).hex.prefix(12))-a.csv")
        await look(daysLater: 100) { $0.archive = .seconds(86_400) }
        let left = kept().map { $0.split(separator: "-").last.map(String.init) ?? "" }
        #expect(!left.contains("delivered.csv"))
        #expect(kept().filter { $0.contains("2026-11-21/") }.count == 4)
        #expect(kept().contains { $0.hasPrefix("old/") })
    }

    @Test func quarantineHasARuleOfItsOwn() async throws {
        var rejected = Toy.filing(1, [])
        rejected.outcome = .rejected
        try await journal.commit([rejected], at: Scene.now)
        try await journal.markReceiptsWritten(try await journal.receiptsDue(limit: 9).map(\.number), at: Scene.now)
        try keep(1, "a.csv", "a.csv.reason.txt", in: "quarantine")
        await look(daysLater: 1000) {
            $0.archive = .seconds(86_400)
            $0.records = .seconds(86_400)
        }
        #expect(kept("quarantine").count == 3)
        await look(daysLater: 1000, routes: []) { $0.quarantine = .seconds(86_400) }
        #expect(kept("quarantine") == [])
    }

    @Test func troubleIsToldAndTriedAgain() async throws {
        try await file(1)
        try journal.close()
        await look(daysLater: 10) { $0.records = .seconds(86_400) }
        #expect(
            scene.trail.events == [
                "warning: What has outlived its retention cannot be removed now; it is tried again"
            ])
    }
}

@Suite(.timeLimit(.minutes(3))) struct RouteBeginningTests {
    /// Two filings, of which the first has left.
    @Test(
        arguments: [
            (
                "new", RouteStart.beginning,
                "warning: The route is new, and begins where the journal does: older records were removed when their retention ended"
            ),
            (
                "old", .beginning,
                "warning: Records that the route had before it were removed while it was not in the settings"
            ),
            ("new", .end, nil),
        ] as [(String, RouteStart, String?)])
    func routeThatComesTooLateIsTold(_ name: String, _ start: RouteStart, _ told: String?) async throws {
        let scene = try Scene()
        let journal = try await scene.journal()
        if name == "old" { _ = try await journal.openRoute("old", startingAt: .beginning, at: Scene.now) }
        try await journal.commit([Toy.filing(1, [Toy.place(1)])], at: Scene.now)
        try await journal.commit([Toy.filing(2, [Toy.place(2)])], at: Scene.now + 10)
        _ = try await journal.prune(olderThan: Scene.now + 5, deliveredTo: [], at: Scene.now + 20)
        var route = RouteSettings(name: name, exporter: ["/bin/cat"])
        route.beginning = start == .end ? .end : .beginning
        let environment = GatewayEnvironment(logger: scene.logger, notifier: ServiceNotifier(environment: [:]))
        let lane = RouteLane(
            route: route, journal: journal, identityKey: .published, environment: environment,
            supervisors: RouteSupervisors())
        let running = Task { await lane.run() }
        try await eventually { try await journal.cursor(of: name) != nil }
        if let told { await scene.trail.until(told) }
        running.cancel()
        await running.value
        #expect(scene.trail.events.filter { $0.contains("removed") } == [told].compactMap { $0 })
    }
}
