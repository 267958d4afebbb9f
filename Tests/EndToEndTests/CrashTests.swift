import Foundation
import Journal
import Testing

/// The real binary, killed with SIGKILL at random moments while files are dropped, again and again.
@Suite(.serialized) struct CrashTests {
    static let rounds = 50

    @Test(.timeLimit(.minutes(10)))
    func nothingIsLostAndNothingComesTwice() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        var random = SplitMix64(seed: 20_261_121)
        var filed: [String] = []
        for round in 0..<Self.rounds {
            let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
            try await gateway.ready()
            // The moment of death: after some files, with more work under way than can be done by then.
            let files = Int.random(in: 1...12, using: &random)
            for file in 0..<files {
                let ids = (0..<Int.random(in: 1...40, using: &random)).map { "r\(round)-f\(file)-c\($0)" }
                try setup.drop(Forms.cases(ids), as: "cases-\(round)-\(file).xml", into: "cases")
                filed += ids
            }
            await spin(for: .microseconds(Int.random(in: 0...60_000, using: &random)))
            try await gateway.end(SIGKILL)
        }
        let aftermath = CrashAftermath(folder: folder, settings: setup.yaml, source: "cases")
        try await aftermath.settle()
        try await aftermath.check(filed: filed)
    }

    /// Filings that are staged: killed while they are converted, committed or forwarded, each at most twice.
    @Test(.timeLimit(.minutes(10)))
    func bigFilingsAreThereWholeOrNotAtAll() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let aftermath = CrashAftermath(folder: folder, settings: setup.yaml, source: "cases")
        var random = SplitMix64(seed: 7)
        var filed: [String] = []
        for round in 0..<8 {
            let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
            try await gateway.ready()
            let ids = (0..<7000).map { "r\(round)-c\($0)" }
            try setup.drop(Forms.cases(ids), as: "big-\(round).xml", into: "cases")
            filed += ids
            await spin(for: .milliseconds(Int.random(in: 0...2500, using: &random)))
            try await gateway.end(SIGKILL)
            try await aftermath.settle()
        }
        try await aftermath.check(filed: filed)
    }

    /// A document and its detached signature are one filing, whichever of the two was there, or claimed, at the end.
    @Test(.timeLimit(.minutes(10)))
    func signedPairsStayTogether() async throws {
        let scene = try SignedFilings()
        var random = SplitMix64(seed: 35_275)
        var filed: [String] = []
        for round in 0..<20 {
            let ids = (0..<2).map { "r\(round)-c\($0)" }
            var signatures: [Data] = []
            for id in ids { signatures.append(try await scene.openssl(Forms.cases([id]), detached: true)) }
            let gateway = try await RunningGateway(in: scene.folder, settings: scene.yaml())
            try await gateway.ready()
            for (id, signature) in zip(ids, signatures) {
                let parts = [("\(id).xml", Data(Forms.cases([id]).utf8)), ("\(id).xml.p7s", signature)]
                for (name, data) in parts.shuffled(using: &random) {
                    try scene.drop(data, as: name)
                    await spin(for: .microseconds(Int.random(in: 0...15_000, using: &random)))
                }
            }
            filed += ids
            await spin(for: .microseconds(Int.random(in: 0...60_000, using: &random)))
            try await gateway.end(SIGKILL)
        }
        let aftermath = CrashAftermath(folder: scene.folder, settings: scene.yaml(), source: "yutai")
        try await aftermath.settle()
        try await aftermath.check(filed: filed, documents: ".xml")
        #expect(aftermath.archived(".xml.p7s").count == filed.count, "signatures beside the originals")
    }
}

/// Busy waiting: the killing must fall at any microsecond, which no event marks.
func spin(for duration: Duration) async {
    let clock = ContinuousClock()
    let end = clock.now + duration
    while clock.now < end { await Task.yield() }
}

/// A small generator with a seed, so that a failing run can be had again.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
