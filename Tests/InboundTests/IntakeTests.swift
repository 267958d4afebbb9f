import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Inbound

/// Against real folders and real inotify. Nobody sleeps: claims and notices are awaited, and clocks are moved by hand.
@Suite(.timeLimit(.minutes(3))) struct IntakeTests {
    @Test func filesThatWereThereAreClaimedInOrderOfNames() async throws {
        let scene = try Scene()
        for name in ["c.csv", "a.csv", "b.csv", ".hidden", "x.part"] { try scene.deliver(name) }
        let claims = try await scene.intake().claimNext()
        #expect(claims.map(\.name.displayed) == ["a.csv", "b.csv", "c.csv"])
        #expect(scene.entries(scene.inbound) == [".hidden", ".qiao", "x.part"])
    }

    @Test func renamedFileIsClaimedAtOnce() async throws {
        let scene = try Scene()
        let intake = scene.intake(.rename)
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        try scene.deliver("x.csv", "abc")
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    /// News that comes between looking and waiting is not slept over until the next scan.
    @Test func fileThatArrivesDuringTheFirstScanIsClaimedAtOnce() async throws {
        let executor = QueueExecutor()
        for round in 0..<400 {
            let scene = try Scene()
            let ready = scene.root + "/x.csv"
            try Data("abc".utf8).write(to: URL(fileURLWithPath: ready))
            let watched = Mutex(false)
            let intake = Intake(scene.folder(.rename)) { notice in
                if notice.code == "inbound.watching" { watched.withLock { $0 = true } }
            }
            let lane = Task(executorPreference: executor) { try await intake.claimNext() }
            // The scan follows on the notice; it takes some tens of microseconds.
            while !watched.withLock({ $0 }) { await Task.yield() }
            let moment = ContinuousClock.now + .microseconds(round)
            while ContinuousClock.now < moment {}
            try #require(rename(ready, scene.inbound + "/x.csv") == 0)
            #expect(try await lane.value.map(\.name.displayed) == ["x.csv"], "round \(round)")
        }
    }

    /// What is heard before anybody asks for claims comes behind what lay there before.
    @Test func whatLiesThereComesBeforeWhatIsHeard() async throws {
        let scene = try Scene()
        try scene.drop("z.csv")
        let intake = scene.intake()
        await intake.begin()
        func known() async -> Int {
            let status = await intake.status
            return status.ready + status.settling
        }
        let before = await known()
        try scene.drop("a.csv")
        while await known() == before { await Task.yield() }
        var names: [String] = []
        while names.count < 2 { names += try await intake.claimNext(limit: 1).map(\.name.displayed) }
        #expect(names == ["z.csv", "a.csv"])
    }

    /// It was free to claim when it began to wait, and is no more when a file arrives.
    @Test func whatMayNotBeClaimedAnyMoreIsLeft() async throws {
        let scene = try Scene()
        let mayClaim = Mutex(true)
        let clock = StandingClock()
        let intake = scene.intake(clock: clock.clock)
        async let claims = intake.claimNext { mayClaim.withLock { $0 } }
        await clock.untilAlarms(1)
        mayClaim.withLock { $0 = false }
        try scene.deliver("x.csv")
        #expect(try await claims.isEmpty)
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv"])
        #expect(try await intake.claimNext().map(\.name.displayed) == ["x.csv"])
    }

    @Test func closedFileIsClaimedAndAnOpenOneIsNot() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        let writer = Glibc.open(scene.inbound + "/open.csv", O_WRONLY | O_CREAT, 0o600)
        _ = Glibc.write(writer, "a", 1)
        try scene.drop("closed.csv")
        #expect(try await claims.map(\.name.displayed) == ["closed.csv"])
        async let next = intake.claimNext()
        close(writer)
        #expect(try await next.map(\.name.displayed) == ["open.csv"])
    }

    @Test func fileWithAWriterAtStartIsToldAndClaimedAtItsClose() async throws {
        let scene = try Scene()
        let writer = Glibc.open(scene.inbound + "/x.csv", O_WRONLY | O_CREAT, 0o600)
        let intake = scene.intake()
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.still-written")
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv"])
        _ = Glibc.write(writer, "abc", 3)
        close(writer)
        let claim = try #require(try await claims.first)
        #expect(try claim.size == 3)
    }

    @Test func partIsIgnoredUntilItIsRenamed() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        try scene.drop("x.csv.part")
        try scene.drop("y.csv.filepart")
        try #require(rename(scene.inbound + "/x.csv.part", scene.inbound + "/x.csv") == 0)
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    /// Clients of shares and of WebDAV make a file, close it, and open it again to fill it.
    @Test func emptyFileIsGivenTimeToBeFilled() async throws {
        let scene = try Scene()
        try scene.drop("a.csv", "")
        try scene.deliver("b.csv")
        let intake = scene.intake(clock: StandingClock().clock)
        #expect(try await intake.claimNext().map(\.name.displayed) == ["b.csv"])
        try scene.drop("a.csv", "abc")
        let claim = try #require(try await intake.claimNext().first)
        #expect(claim.name.displayed == "a.csv")
        #expect(try claim.size == 3)
    }

    @Test(arguments: [Completion.closeWrite, .rename])
    func emptyFileThatStaysSoIsClaimed(_ completion: Completion) async throws {
        let scene = try Scene()
        try scene.deliver("a.csv", "")
        try scene.deliver("b.csv")
        let clock = StandingClock()
        let intake = scene.intake(completion, clock: clock.clock)
        #expect(try await intake.claimNext().map(\.name.displayed) == ["b.csv"])
        async let claims = intake.claimNext()
        await clock.untilAlarms(1)
        clock.advance(by: .seconds(10))
        #expect(try await claims.map(\.name.displayed) == ["a.csv"])
    }

    @Test func emptyFileWithAMarkerIsClaimedAtOnce() async throws {
        let scene = try Scene()
        for name in ["a.csv", "a.csv.done", "b.csv", "b.csv.ok"] { try scene.deliver(name, "") }
        let claims = try await scene.intake(.marker(), clock: StandingClock().clock).claimNext()
        #expect(claims.map(\.name.displayed) == ["a.csv", "b.csv"])
    }

    /// A client that fills its files after it has closed them once does so with checksums, too.
    @Test func emptyChecksumIsGivenTimeToBeFilled() async throws {
        let scene = try Scene()
        for name in ["a.csv", "b.csv", "b.csv.done"] { try scene.deliver(name) }
        try scene.deliver("a.csv.sha256", "")
        let intake = scene.intake(.marker(), clock: StandingClock().clock)
        #expect(try await intake.claimNext().map(\.name.displayed) == ["b.csv"])
        try scene.drop("a.csv.sha256", "\(FilingHash(of: Array("a,b\n1,2\n".utf8)))  a.csv\n")
        let claim = try #require(try await intake.claimNext().first)
        #expect(try claim.inspect().findings.isEmpty)
    }

    @Test func markerIsAwaited() async throws {
        let scene = try Scene()
        let intake = scene.intake(.marker())
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        try scene.deliver("y.csv")
        try scene.deliver("x.csv", "abc")
        try scene.drop("x.csv.ok", "")
        let claim = try #require(try await claims.first)
        #expect(claim.name.displayed == "x.csv")
        #expect(claim.sidecarNames.map(\.displayed) == ["x.csv.ok"])
        #expect(scene.entries(scene.inbound) == [".qiao", "y.csv"])
    }

    @Test func markerBeforeItsFileIsToldAndThenServes() async throws {
        let scene = try Scene()
        let intake = scene.intake(.marker())
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        try scene.drop("x.csv.done", "")
        #expect(await scene.notices.first("inbound.marker-without-file").file == "x.csv.done")
        try scene.deliver("x.csv", "abc")
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    @Test func linkedFileIsFoundByProbing() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let intake = scene.intake(clock: clock.clock)
        async let claims = intake.claimNext()
        await clock.untilAlarms(1)
        try scene.drop("../x.csv")
        try #require(link(scene.root + "/x.csv", scene.inbound + "/x.csv") == 0)
        unlink(scene.root + "/x.csv")
        // A link makes no close: the event starts a wait, at whose end the file is looked at.
        await clock.untilAlarms(2)
        clock.advance(by: .seconds(5))
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    @Test func stableFileIsClaimedAfterItsPeriodOnly() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        try scene.drop("x.csv", "abc")
        let intake = scene.intake(.stable(period: .seconds(3), polling: .seconds(1)), clock: clock.clock)
        async let claims = intake.claimNext()
        for second in 1...3 {
            await clock.untilAlarms(second)
            #expect(scene.exists(scene.inbound + "/x.csv"))
            if second == 2 {
                // Changed in the middle: the period begins anew at the next look.
                try scene.drop("x.csv", "abcd")
            }
            clock.advance(by: .seconds(1))
        }
        for second in 4...6 {
            await clock.untilAlarms(second)
            #expect(scene.exists(scene.inbound + "/x.csv"))
            clock.advance(by: .seconds(1))
        }
        let claim = try #require(try await claims.first)
        #expect(try claim.size == 4)
    }

    @Test(arguments: ["symbolicLink", "fifo", "folder"])
    func specialFileIsToldAndLeftAlone(kind: String) async throws {
        let scene = try Scene()
        let path = scene.inbound + "/thing"
        switch kind {
        case "symbolicLink": try #require(symlink("/etc/hostname", path) == 0)
        case "fifo": try #require(mkfifo(path, 0o600) == 0)
        default: try #require(mkdir(path, 0o700) == 0)
        }
        let intake = scene.intake()
        try scene.deliver("x.csv")
        #expect(try await intake.claimNext().map(\.name.displayed) == ["x.csv"])
        let notice = await scene.notices.first("inbound.left-alone")
        #expect(notice.file == "thing")
        #expect(notice.detail == kind)
        #expect(notice.source == "test")
        #expect(scene.entries(scene.inbound) == [".qiao", "thing"])
    }

    @Test func nothingIsClaimedUnlessAskedFor() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        try scene.deliver("a.csv")
        try scene.deliver("b.csv")
        #expect(try await intake.claimNext(limit: 1).map(\.name.displayed) == ["a.csv"])
        for index in 0..<50 { try scene.deliver("c\(index).csv") }
        #expect(scene.entries(scene.inbound).count == 52)
        #expect(scene.claimed.count <= 1)
        #expect(try await intake.claimNext(limit: 1).map(\.name.displayed) == ["b.csv"])
    }

    @Test func folderOfAnySizeIsClaimedInOrderWithFewNamesRemembered() async throws {
        let scene = try Scene()
        let count = 1200
        for index in 0..<count { try scene.drop(String(10_000 + index) + ".csv") }
        let intake = scene.intake(pacing: Pacing(capacity: 64))
        var names: [String] = []
        while names.count < count {
            names += try await intake.claimNext(limit: 100).map(\.name.displayed)
            let status = await intake.status
            #expect(status.ready + status.settling <= 64)
        }
        #expect(names == names.sorted())
        #expect(Set(names).count == count)
    }

    @Test func overflowCausesAScan() async throws {
        let scene = try Scene()
        // In this strategy a close alone is no sign of completeness, so only a scan can find the file.
        // The clock stands still, so no probe comes first.
        let intake = scene.intake(.rename, clock: StandingClock().clock)
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        try scene.drop("x.csv")
        await intake.take(FolderNews(overflowed: true))
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
        #expect(scene.notices.codes.contains("inbound.overflow"))
    }

    @Test func missingFolderIsToldAndTriedAgain() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        try FileManager.default.removeItem(atPath: scene.inbound)
        let intake = scene.intake(clock: clock.clock)
        async let claims = intake.claimNext()
        let notice = await scene.notices.first("inbound.unavailable")
        #expect(notice.detail?.contains("inbound.folder-missing") == true)
        await clock.untilAlarms(1)
        clock.advance(by: .seconds(5))
        await clock.untilAlarms(2)
        #expect(scene.notices.codes == ["inbound.unavailable"])
        try FileManager.default.createDirectory(atPath: scene.inbound, withIntermediateDirectories: true)
        try scene.deliver("x.csv")
        clock.advance(by: .seconds(5))
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    @Test func removedFolderIsToldAndTriedAgain() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let intake = scene.intake(clock: clock.clock)
        async let claims = intake.claimNext()
        _ = await scene.notices.first("inbound.watching")
        try FileManager.default.removeItem(atPath: scene.inbound)
        _ = await scene.notices.first("inbound.gone")
        _ = await scene.notices.first("inbound.unavailable")
        try FileManager.default.createDirectory(atPath: scene.inbound, withIntermediateDirectories: true)
        try scene.deliver("x.csv")
        clock.advance(by: .seconds(5))
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    @Test func folderThatWasReplacedIsNoticedByTheRescan() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let intake = scene.intake(.stable(period: .seconds(1), polling: .seconds(1)), clock: clock.clock)
        async let claims = intake.claimNext()
        await clock.untilAlarms(1)
        try #require(rename(scene.inbound, scene.root + "/old") == 0)
        try FileManager.default.createDirectory(atPath: scene.inbound, withIntermediateDirectories: true)
        try scene.deliver("x.csv")
        clock.advance(by: .seconds(1))
        _ = await scene.notices.first("inbound.gone")
        // One pause until the folder is tried again, then one look, and one after the period.
        for alarms in 2...3 {
            await clock.untilAlarms(alarms)
            clock.advance(by: .seconds(5))
        }
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
    }

    @Test func folderIsWatchedAsSoonAsThatCanBeDone() async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let failures = Mutex(3)
        let notices = scene.notices
        let intake = Intake(
            scene.folder(), clock: clock.clock,
            watching: { folder, queue, call throws(Errno) in
                let fails = failures.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if fails { throw Errno(number: EMFILE) }
                return try FolderWatch(folder, queue: queue, call: call)
            }
        ) { notices.take($0) }
        async let claims = intake.claimNext()
        for alarms in 1...2 {
            await clock.untilAlarms(alarms)
            #expect(await intake.status.condition == .polling)
            clock.advance(by: .seconds(5))
        }
        _ = await scene.notices.first("inbound.watching")
        #expect(scene.notices.codes == ["inbound.polling", "inbound.watching"])
        try scene.deliver("x.csv")
        #expect(try await claims.map(\.name.displayed) == ["x.csv"])
        #expect(await intake.status.condition == .watching)
    }

    // Claiming tells of one that was removed, the rescan of one that was moved.
    @Test(arguments: ["removed", "moved away"])
    func workFolderThatIsGoneIsMadeAnew(_ how: String) async throws {
        let scene = try Scene()
        let clock = StandingClock()
        let intake = scene.intake(clock: clock.clock)
        async let claims = intake.claimNext()
        await clock.untilAlarms(1)
        if how == "removed" {
            try FileManager.default.removeItem(atPath: scene.inbound + "/.qiao")
            try scene.deliver("x.csv")
        } else {
            try #require(rename(scene.inbound + "/.qiao", scene.root + "/old") == 0)
            clock.advance(by: .seconds(60))
        }
        #expect(await scene.notices.first("inbound.gone").detail == scene.work)
        await clock.untilAlarms(2)
        if how == "moved away" { try scene.deliver("x.csv") }
        clock.advance(by: .seconds(5))
        let claim = try #require(try await claims.first)
        #expect(claim.name.displayed == "x.csv")
        #expect(FileManager.default.fileExists(atPath: claim.workPath))
    }

    @Test func cancellationEndsTheWait() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        let task = Task { try await intake.claimNext() }
        _ = await scene.notices.first("inbound.watching")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try scene.deliver("x.csv")
        #expect(try await intake.claimNext().map(\.name.displayed) == ["x.csv"])
    }

    @Test func cancelledBeforeItBeginsClaimsNothing() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        try scene.deliver("x.csv")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await intake.claimNext()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(scene.entries(scene.inbound) == ["x.csv"])
    }

    @Test func statusSaysHowItIs() async throws {
        let scene = try Scene()
        let intake = scene.intake()
        #expect(await intake.status.condition == .idle)
        for index in 0..<5 { try scene.deliver("\(index).csv") }
        _ = try await intake.claimNext(limit: 2)
        let status = await intake.status
        #expect(status.condition == .watching)
        #expect(status.ready == 3)
    }

    @Test func everyNoticeHasACodeOfItsOwn() {
        let codes = InboundNotice.Kind.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("inbound.") })
    }

    @Test func inotifyRecordsAreRead() {
        func record(_ mask: UInt32, _ name: String) -> [UInt8] {
            let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 16 - name.utf8.count % 16)
            let words = [1, mask, 0, UInt32(name.isEmpty ? 0 : padded.count)]
            return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
                + (name.isEmpty ? [] : padded)
        }
        let bytes =
            record(0x8, "closed") + record(0x80, "arrived") + record(0x100, "created") + record(0x4000, "")
            + record(0x2000, "")
        #expect(!Inotify.news(in: record(0x200, "other")[...], parentWatch: 1, name: Array("in".utf8)).mayBeGone)
        #expect(Inotify.news(in: record(0x200, "in")[...], parentWatch: 1, name: Array("in".utf8)).mayBeGone)
        let news = Inotify.news(in: bytes[...])
        #expect(news.events.map(\.kind) == [.closed, .arrived, .created])
        #expect(news.events.map(\.name.displayed) == ["closed", "arrived", "created"])
        #expect(news.overflowed)
        #expect(news.mayBeGone)
    }
}

/// As the gateway runs a source: a queue that tasks prefer to the shared pool.
private final class QueueExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "test")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
