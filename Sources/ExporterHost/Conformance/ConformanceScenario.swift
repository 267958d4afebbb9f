import ExporterProtocol
import Findings

/// The scenarios, each a conversation with an exporter that has just been started.
enum ConformanceScenario: String, CaseIterable, Sendable {
    case handshake
    case order
    case flush
    case bigRecord = "big-record"
    case stop
    case inputClosed = "input-closed"
    case terminate
    case garbage
    case killed
    case resume
    case epoch

    var title: String {
        switch self {
        case .handshake: "answers Start with Ready"
        case .order: "acknowledges what it was sent, in order"
        case .flush: "acknowledges everything when asked to flush, and survives a flush with nothing to do"
        case .bigRecord: "takes or refuses a record of \(Limits.recordSize >> 20) MiB"
        case .stop: "acknowledges everything when asked to stop, and exits with status 0"
        case .inputClosed: "exits by itself when its input ends without Stop"
        case .terminate: "exits on SIGTERM"
        case .garbage: "does not acknowledge garbage, and exits with another status than 0"
        case .killed: "has kept everything that it acknowledged before it was killed"
        case .resume: "goes on behind the position that it has stored"
        case .epoch: "tells the epoch of the position that it has stored"
        }
    }

    func run(on stage: ConformanceStage, _ positions: inout ConformancePositions) async throws {
        switch self {
        case .handshake: try await stage.play(&positions) { try await $0.leave() }
        case .order: try await stage.play(&positions) { try await Self.order($0) }
        case .flush: try await stage.play(&positions) { try await Self.flush($0) }
        case .bigRecord: try await stage.play(&positions) { try await Self.bigRecord($0) }
        case .stop: try await stage.play(&positions, status: .zero) { try await Self.stop($0) }
        case .inputClosed: try await stage.play(&positions) { try await $0.leave() }
        case .terminate: try await stage.play(&positions) { try await Self.terminate($0) }
        case .garbage: try await stage.play(&positions, status: .failure) { try await Self.garbage($0) }
        case .killed: try await Self.killed(stage, &positions)
        case .resume: try await Self.resume(stage, &positions)
        case .epoch: try await Self.epoch(stage, &positions)
        }
    }

    private static func order(_ probe: ConformanceProbe) async throws {
        try await probe.send(records: 1000)
        try await probe.flush()
        try await probe.waitForAll()
        try await probe.leave()
    }

    private static func flush(_ probe: ConformanceProbe) async throws {
        try await probe.flush()
        try await probe.send(records: 3)
        try await probe.flush()
        try await probe.waitForAll()
        try await probe.flush()
        try await probe.send(records: 1)
        try await probe.flush()
        try await probe.waitForAll()
        try await probe.leave()
    }

    private static func bigRecord(_ probe: ConformanceProbe) async throws {
        try await probe.send(records: 1, size: Limits.recordSize)
        try await probe.flush()
        try await probe.waitForAll()
        try await probe.leave()
    }

    private static func stop(_ probe: ConformanceProbe) async throws {
        try await probe.send(records: 10)
        try await probe.stop()
        try await probe.waitForAll()
        try await probe.waitForEnd()
    }

    private static func terminate(_ probe: ConformanceProbe) async throws {
        try await probe.send(records: 3)
        try await probe.flush()
        try await probe.waitForAll()
        try await probe.terminate()
        try await probe.waitForEnd()
    }

    private static func garbage(_ probe: ConformanceProbe) async throws {
        // Neither a frame of any kind nor a line of JSON; as a length it is far beyond any limit.
        try await probe.write([UInt8](repeating: 0xFF, count: 9) + [0x01, 0x0A] + Array("no frame\n".utf8))
        try await probe.waitForEnd()
    }

    private static func killed(_ stage: ConformanceStage, _ positions: inout ConformancePositions) async throws {
        try await stage.play(&positions) { probe in
            try await probe.send(records: 200)
            try await probe.flush()
            try await probe.waitForAll()
            try await probe.send(records: 200)
            try await probe.kill()
            try await probe.waitForEnd()
        }
        try await compareStored(stage, &positions)
    }

    private static func resume(_ stage: ConformanceStage, _ positions: inout ConformancePositions) async throws {
        try await compareStored(stage, &positions)
        try await stage.play(&positions) { try await order($0) }
    }

    private static func epoch(_ stage: ConformanceStage, _ positions: inout ConformancePositions) async throws {
        try await compareStored(stage, &positions)
        guard let epoch = positions.storedEpoch else {
            throw ConformanceSkip(
                "the exporter tells no epoch; it cannot be told apart when an older copy of the journal is put back")
        }
        guard epoch == ConformanceProbe.epoch else {
            throw ConformanceFault("its records came in epoch '\(ConformanceProbe.epoch)', but it tells '\(epoch)'")
        }
    }

    private static func compareStored(
        _ stage: ConformanceStage, _ positions: inout ConformancePositions
    ) async throws {
        let (acknowledged, sent) = (positions.acknowledged, positions.sent)
        try await stage.play(&positions) { try await $0.leave() }
        guard let stored = positions.stored else {
            throw ConformanceSkip("the exporter tells no stored position; its records can arrive twice after a crash")
        }
        guard stored >= acknowledged else {
            throw ConformanceFault("it acknowledged position \(acknowledged) but has stored \(stored) only")
        }
        guard stored <= sent else {
            throw ConformanceFault("it has stored position \(stored), but was sent \(sent) at most")
        }
    }
}
