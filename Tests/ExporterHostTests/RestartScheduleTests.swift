import ExporterHost
import ExporterProtocol
import Testing

@Suite struct RestartScheduleTests {
    private let failure = SessionFailure(.exited, "x")
    private var policy: RestartPolicy {
        var policy = RestartPolicy()
        policy.initialDelay = .seconds(1)
        policy.maximumDelay = .seconds(8)
        policy.jitter = 0.5
        policy.failuresBeforeParking = 6
        policy.parkedInterval = .seconds(900)
        return policy
    }

    @Test func waitsDoubleUpToTheLongestAndThenPark() {
        var schedule = RestartSchedule(policy: policy)
        let decisions = (0..<7).map { _ in schedule.next(after: failure, madeProgress: false, chance: 0) }
        let waits: [RestartSchedule.Decision] = [1, 2, 4, 8, 8].map { .restart(after: .seconds($0)) }
        #expect(decisions == waits + [.park(retryAfter: .seconds(900)), .park(retryAfter: .seconds(900))])
    }

    @Test func chanceShortensAWaitByItsShareAtMost() {
        var schedule = RestartSchedule(policy: policy)
        #expect(schedule.next(after: failure, madeProgress: false, chance: 1) == .restart(after: .milliseconds(500)))
        #expect(schedule.next(after: failure, madeProgress: false, chance: 0.5) == .restart(after: .milliseconds(1500)))
        #expect(schedule.next(after: failure, madeProgress: false, chance: 99) == .restart(after: .seconds(2)))
    }

    @Test func progressBeginsAnew() {
        var schedule = RestartSchedule(policy: policy)
        for _ in 0..<5 { _ = schedule.next(after: failure, madeProgress: false, chance: 0) }
        #expect(schedule.next(after: failure, madeProgress: true, chance: 0) == .restart(after: .seconds(1)))
    }

    @Test func whatPassesByItselfDoesNotParkTheRoute() {
        var schedule = RestartSchedule(policy: policy)
        var full = SessionFailure(.feed, "the disk is full")
        full.isPassing = true
        let decisions = (0..<20).map { _ in schedule.next(after: full, madeProgress: false, chance: 0) }
        let waits: [RestartSchedule.Decision] = [1, 2, 4].map { .restart(after: .seconds($0)) }
        #expect(decisions == waits + Array(repeating: .restart(after: .seconds(8)), count: 17))
        #expect(schedule.next(after: failure, madeProgress: false, chance: 0) == .park(retryAfter: .seconds(900)))
    }

    @Test func whatNoRestartMendsIsParkedAtOnce() {
        var schedule = RestartSchedule(policy: policy)
        let hopeless = SessionFailure(.versionMismatch, "x", restartHelps: false)
        #expect(schedule.next(after: hopeless, madeProgress: true, chance: 0) == .park(retryAfter: .seconds(900)))
        #expect(schedule.next(after: failure, madeProgress: false, chance: 0) == .park(retryAfter: .seconds(900)))
        schedule.reset()
        #expect(schedule.next(after: failure, madeProgress: false, chance: 0) == .restart(after: .seconds(1)))
    }
}
