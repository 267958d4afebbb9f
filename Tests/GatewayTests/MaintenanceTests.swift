import Foundation
import Journal
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct MaintenanceTests {
    let scene: Scene
    let journal: Journal
    let gate = ClaimGate()

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
    }

    /// Looks `looks` times; what is returned is what the service manager was told.
    private func run(
        looks: Int = 1, heartbeats: [Heartbeat] = [], settings change: (inout Settings) -> Void = { _ in },
        between: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) async throws -> [String] {
        var settings = Settings(state: scene.state.path, mappings: "/m")
        settings.limits.freeSpace = 1
        change(&settings)
        let receiver = try DatagramReceiver(scene.folder.path + "/n")
        let count = Guarded(0)
        let clock = HookedClock { _ in
            let done = count.withLock { count in
                count += 1
                return count
            }
            try await between(done)
            if done == looks { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let maintenance = Maintenance(
            settings: { [settings] in settings }, state: scene.state, journal: journal, gate: gate,
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": scene.folder.path + "/n"]),
            heartbeats: { heartbeats }, clock: clock, logger: scene.logger)
        await Task { await maintenance.run() }.value
        var told: [String] = []
        while let message = receiver.next() { told.append(message) }
        return told
    }

    private func route(records: Int) async throws {
        _ = try await journal.openRoute("lake", startingAt: .beginning, at: Scene.now)
        try await journal.commit([Toy.filing(1, (1...records).map { Toy.place($0) })], at: Scene.now)
    }

    @Test func watchdogIsFedEachTimeWhileAllIsWell() async throws {
        #expect(try await run(looks: 3) == ["STATUS=running", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
        #expect(gate.closure == nil)
        #expect(scene.trail.events == [])
    }

    @Test func tooLittleRoomClosesTheGate() async throws {
        let told = try await run(looks: 2) { $0.limits.freeSpace = .max }
        guard case .diskFull = gate.closure else {
            Issue.record("\(String(describing: gate.closure))")
            return
        }
        #expect(told.filter { $0.hasPrefix("STATUS=paused: ") }.count == 1)
        #expect(scene.trail.events == ["error: Claiming is paused"])
    }

    /// What was removed leaves room inside of the journal's file: half of what is wanted may be there.
    @Test(arguments: [(100, 0, 100), (60, 40, 100), (60, 39, 99), (50, 1000, 100), (49, 1000, 99), (0, 0, 0)])
    func roomInsideOfTheJournalIsRoom(_ free: Int, _ reusable: Int, _ room: Int) {
        #expect(Maintenance.room(free: free, reusable: reusable, limit: 100) == room)
    }

    @Test func backlogClosesTheGateUntilTheRouteHasCaughtUp() async throws {
        try await route(records: 11)
        let told = try await run(looks: 2) { settings in
            settings.limits.backlog = 10
            settings.routes = [RouteSettings(name: "lake", exporter: ["cat"])]
        } between: { [journal] look in
            guard look == 1 else { return }
            try await journal.advance([RouteAdvance(route: "lake", to: 1, selected: 1, acked: 1)], at: Scene.now)
        }
        #expect(gate.closure == nil)
        #expect(
            told == [
                "STATUS=paused: 11 records wait for the route lake, the limit is 10; see to its exporter and claiming "
                    + "resumes by itself",
                "WATCHDOG=1", "STATUS=running", "WATCHDOG=1",
            ])
        #expect(scene.trail.events == ["error: Claiming is paused", "notice: Claiming resumes"])
    }

    /// Its folder is moved away, another journal is put there, and then the first one is put back.
    @Test func journalThatIsNotInItsPlaceClosesTheGate() async throws {
        let (state, aside) = (URL(filePath: scene.state.path), URL(filePath: scene.state.path + ".aside"))
        let gate = gate
        let files = FileManager.default
        let told = try await run(
            looks: 4,
            between: { look in
                switch look {
                case 1:
                    #expect(gate.closure == nil)
                    try files.moveItem(at: state, to: aside)
                case 2:
                    #expect(gate.closure == .journalAway(path: state.path + "/journal.sqlite"))
                    try files.createDirectory(at: state, withIntermediateDirectories: true)
                    try Data().write(to: state.appending(path: "journal.sqlite"))
                case 3:
                    #expect(gate.closure != nil)
                    try files.removeItem(at: state)
                    try files.moveItem(at: aside, to: state)
                default: break
                }
            })
        #expect(gate.closure == nil)
        #expect(told.filter { $0.hasPrefix("STATUS=paused: ") }.count == 1)
        #expect(scene.trail.events == ["error: Claiming is paused", "notice: Claiming resumes"])
    }

    @Test func routeThatIsNoLongerInTheSettingsHoldsUpNobody() async throws {
        try await route(records: 11)
        _ = try await run { $0.limits.backlog = 10 }
        #expect(gate.closure == nil)
    }

    @Test func whatTheCommitterClosedIsForTheCommitterToOpen() async throws {
        _ = gate.set(.journalFull)
        let told = try await run(looks: 2, between: { [gate] in if $0 == 1 { _ = gate.set(nil) } })
        #expect(
            told == [
                "STATUS=paused: the journal could not be written because the disk is full; free some space and claiming "
                    + "resumes by itself",
                "WATCHDOG=1", "STATUS=running", "WATCHDOG=1",
            ])
        #expect(scene.trail.events == [])
    }

    @Test(arguments: [(Duration.zero, true), (.seconds(300), true), (.seconds(301), false)])
    func laneThatHangsStarvesTheWatchdog(_ silence: Duration, _ isFed: Bool) async throws {
        let start = ContinuousClock.now
        let now = Guarded(start)
        let heartbeat = Heartbeat { now.withLock { $0 } }
        heartbeat.beat()
        now.withLock { $0 = start + silence }
        #expect(heartbeat.silence == silence)
        let told = try await run(heartbeats: [Heartbeat(), heartbeat])
        #expect(told == ["STATUS=running"] + (isFed ? ["WATCHDOG=1"] : []))
        heartbeat.rest()
        #expect(heartbeat.silence == nil)
    }

    @Test func unreadableJournalStarvesTheWatchdog() async throws {
        try journal.close()
        #expect(try await run() == [])
    }
}
