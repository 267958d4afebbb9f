import Foundation
import Synchronization
import Testing

@testable import Inbound

/// A temporary folder with an inbound folder, an archive and a quarantine in it.
final class Scene: Sendable {
    let root: String
    let notices = Notices()

    init() throws {
        let base = FileManager.default.temporaryDirectory.path
        root = base + "/qiao-inbound-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root + "/in", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var inbound: String { root + "/in" }
    var work: String { inbound + "/.qiao/work" }
    var archive: KeepFolder { KeepFolder(path: root + "/archive") }
    var quarantine: KeepFolder { KeepFolder(path: root + "/quarantine") }

    func folder(
        _ completion: Completion = .closeWrite, pacing: Pacing = Pacing(), pairing: Pairing? = nil
    ) -> InboundFolder {
        var folder = InboundFolder(source: "test", path: inbound, completion: completion, pacing: pacing)
        folder.pairing = pairing
        return folder
    }

    func intake(
        _ completion: Completion = .closeWrite, clock: InboundClock = .system, pacing: Pacing = Pacing(),
        pairing: Pairing? = nil
    ) -> Intake {
        let notices = notices
        return Intake(folder(completion, pacing: pacing, pairing: pairing), clock: clock) { notices.take($0) }
    }

    /// Writes a file in the inbound folder.
    func drop(_ name: String, _ text: String = "a,b\n1,2\n") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: inbound + "/" + name))
    }

    /// Writes a file elsewhere and renames it in, as a good uploader does.
    func deliver(_ name: String, _ text: String = "a,b\n1,2\n") throws {
        let temporary = root + "/" + UUID().uuidString
        try Data(text.utf8).write(to: URL(fileURLWithPath: temporary))
        try #require(rename(temporary, inbound + "/" + name) == 0)
    }

    /// A work folder and one claim in it, with no watching around.
    func claim(
        _ name: String, _ text: String = "a,b\n1,2\n", completion: Completion = .closeWrite, at time: Int64 = Scene.time
    ) throws -> ClaimedFiling {
        try deliver(name, text)
        return try claimed(try WorkFolder(folder(completion)), name, at: time)
    }

    func claimed(
        _ work: WorkFolder, _ name: String, markers: [FileName] = [], proof: Settling.Proof = .closed,
        at time: Int64 = Scene.time
    ) throws -> ClaimedFiling {
        let name = try #require(FileName(name))
        // A process that another test has forked just now holds our file open for writing until it becomes its program.
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            switch try work.claim(name, markers: markers, proof: proof, microseconds: time) {
            case .claimed(let claim): return claim
            case .refused(.written) where ContinuousClock.now < deadline: sched_yield()
            default: throw NotClaimed()
            }
        }
    }

    struct NotClaimed: Error {}

    /// 2026-11-21T08:00:00+08:00.
    static let time: Int64 = 1_795_219_200_000_000

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    func contents(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    /// What is in the work folder besides its ledger.
    var claimed: [String] { entries(work).filter { $0 != "attempts" } }

    /// The entries of a folder, in order; none when there is no such folder.
    func entries(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}

/// What an intake told, and a way to wait for it.
final class Notices: Sendable {
    private struct State {
        var told: [InboundNotice] = []
        var waiters: [(code: String, continuation: CheckedContinuation<InboundNotice, Never>)] = []
    }
    private let state = Mutex(State())

    var codes: [String] { state.withLock { $0.told.map(\.code) } }
    var all: [InboundNotice] { state.withLock { $0.told } }

    func take(_ notice: InboundNotice) {
        let woken = state.withLock { state in
            state.told.append(notice)
            let woken = state.waiters.filter { $0.code == notice.code }
            state.waiters.removeAll { $0.code == notice.code }
            return woken
        }
        for waiter in woken { waiter.continuation.resume(returning: notice) }
    }

    /// Waits for a notice of that code; returns at once when it was told already.
    func first(_ code: String) async -> InboundNotice {
        await withCheckedContinuation { continuation in
            let told = state.withLock { state -> InboundNotice? in
                if let notice = state.told.first(where: { $0.code == code }) { return notice }
                state.waiters.append((code, continuation))
                return nil
            }
            if let told { continuation.resume(returning: told) }
        }
    }
}

/// A clock that stands still until it is moved. The time of day stands still as well.
final class StandingClock: Sendable {
    private struct State {
        var now = Duration.zero
        var alarms: [(at: Duration, call: @Sendable () -> Void)] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var set = 0
    }
    private let state = Mutex(State())

    var clock: InboundClock {
        InboundClock(
            now: { self.state.withLock { $0.now } },
            microsecondsSince1970: { Scene.time },
            wake: { after, call in self.setAlarm(after, call) })
    }

    private func setAlarm(_ after: Duration, _ call: @escaping @Sendable () -> Void) {
        let woken = state.withLock { state in
            state.alarms.append((state.now + after, call))
            state.set += 1
            let woken = state.waiters.filter { $0.count <= state.set }
            state.waiters.removeAll { $0.count <= state.set }
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// How often an alarm was set.
    var alarmsSet: Int { state.withLock { $0.set } }

    /// Waits until alarms were set `count` times in all: somebody sleeps.
    func untilAlarms(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.set >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let now = state.now
            let due = state.alarms.filter { $0.at <= now }
            state.alarms.removeAll { $0.at <= now }
            return due
        }
        for alarm in due { alarm.call() }
    }
}
