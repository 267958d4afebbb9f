import Foundation
import Journal
import Testing

/// The real binary on a disk that loses what was not written out. Needs root and a loop device; CI has both.
@Suite(.serialized, .enabled(if: LoopDisk.isPossible, "needs root and a loop device")) struct PowerCutTests {
    /// Nobody made these files durable. Whose receipt is there may delete what he sent. A receipt that the journal knows as
    /// written is not written again, so it must be as safe; an earlier one need not be.
    @Test(.timeLimit(.minutes(4)), arguments: [false, true])
    func whatWasAnsweredIsThereWhole(isMarked: Bool) async throws {
        let disk = try LoopDisk()
        try disk.mount()
        let setup = try Setup(disk.folder)
        try disk.synchronise()
        let gateway = try await RunningGateway(in: disk.folder, settings: setup.yaml)
        try await gateway.ready()
        let receipts = disk.folder.url.appending(path: "receipts/cases")
        var ids = (0..<40).map { "c\($0)" }
        for id in ids { try Self.drop(Forms.cases([id]), as: "\(id).xml", setup) }
        try await eventually("all are answered") { receipts.receipts.count == ids.count }
        if isMarked {
            let journal = try await Journal.open(
                path: disk.folder.url.path + "/state/journal.sqlite", options: JournalOptions(access: .reader))
            try await eventually("all receipts are marked") { try await journal.status().receiptsDue == 0 }
            try journal.close()
            // The commit of another one makes the marks durable.
            ids.append("last")
            try Self.drop(Forms.cases(["last"]), as: "last.xml", setup)
            try await eventually("it is answered") { receipts.receipts.count == ids.count }
        }
        try await gateway.end(SIGKILL)
        try await disk.cutPower()
        let aftermath = CrashAftermath(folder: disk.folder, settings: setup.yaml, source: "cases")
        try await aftermath.settle()
        try await aftermath.check(filed: ids)
        for name in aftermath.archived(".xml") {
            let text = try String(
                contentsOf: disk.folder.url.appending(path: "state/archive/\(name)"), encoding: .utf8)
            #expect(ids.contains { text == Forms.cases([$0]) }, "\(name)")
        }
        for name in receipts.receipts {
            let text = try String(contentsOf: receipts.appending(path: name), encoding: .utf8)
            #expect(text.hasSuffix("</receipt>\n"), "\(name)")
        }
    }

    /// Cuts at random moments, with senders that make their files durable first: then nothing at all may be missing.
    @Test(.timeLimit(.minutes(10)))
    func nothingThatWasFiledDurablyIsLost() async throws {
        let disk = try LoopDisk()
        try disk.mount()
        let setup = try Setup(disk.folder)
        try disk.synchronise()
        var random = SplitMix64(seed: 20_261_123)
        var filed: [String] = []
        for round in 0..<20 {
            let gateway = try await RunningGateway(in: disk.folder, settings: setup.yaml)
            try await gateway.ready()
            for file in 0..<Int.random(in: 1...12, using: &random) {
                let ids = (0..<Int.random(in: 1...40, using: &random)).map { "r\(round)-f\(file)-c\($0)" }
                try Self.drop(Forms.cases(ids), as: "cases-\(round)-\(file).xml", setup, isDurable: true)
                filed += ids
            }
            await spin(for: .microseconds(Int.random(in: 0...400_000, using: &random)))
            try await gateway.end(SIGKILL)
            try await disk.cutPower()
        }
        let aftermath = CrashAftermath(folder: disk.folder, settings: setup.yaml, source: "cases")
        try await aftermath.settle()
        try await aftermath.check(filed: filed)
    }

    /// Filings that are staged in files beside the journal.
    @Test(.timeLimit(.minutes(10)))
    func bigFilingsAreThereWholeOrNotAtAll() async throws {
        let disk = try LoopDisk()
        try disk.mount()
        let setup = try Setup(disk.folder)
        try disk.synchronise()
        let aftermath = CrashAftermath(folder: disk.folder, settings: setup.yaml, source: "cases")
        var random = SplitMix64(seed: 11)
        var filed: [String] = []
        for round in 0..<6 {
            let gateway = try await RunningGateway(in: disk.folder, settings: setup.yaml)
            try await gateway.ready()
            let ids = (0..<7000).map { "r\(round)-c\($0)" }
            try Self.drop(Forms.cases(ids), as: "big-\(round).xml", setup, isDurable: true)
            filed += ids
            await spin(for: .milliseconds(Int.random(in: 0...2500, using: &random)))
            try await gateway.end(SIGKILL)
            try await disk.cutPower()
            try await aftermath.settle()
        }
        try await aftermath.check(filed: filed)
    }
}

extension PowerCutTests {
    // With plain system calls: what Foundation does for durability is its own affair.
    private static func drop(_ text: String, as name: String, _ setup: Setup, isDurable: Bool = false) throws {
        let staged = setup.root.appending(path: "drops/\(name)")
        let inbound = setup.root.appending(path: "inbound/cases")
        let opened = open(staged.path, O_WRONLY | O_CREAT, 0o644)
        defer { close(opened) }
        let bytes = Array(text.utf8)
        try #require(write(opened, bytes, bytes.count) == bytes.count)
        if isDurable { try #require(fsync(opened) == 0) }
        try #require(rename(staged.path, inbound.appending(path: name).path) == 0)
        guard isDurable else { return }
        let folder = open(inbound.path, O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        try #require(fsync(folder) == 0)
    }
}

extension URL {
    fileprivate var receipts: [String] { entries.filter { $0.hasSuffix(".receipt.xml") } }
}
