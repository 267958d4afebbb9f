import ExporterProtocol
import Subprocess
import Synchronization

/// The gateway's part in one scenario, step by step, with every answer checked.
final class ConformanceProbe: Sendable {
    typealias Child = Execution<CustomWriteInput, SequenceOutput, DiscardedOutput>

    private struct State {
        var positions: ConformancePositions
        var writer = FrameWriter()
    }

    private let child: Child
    private let inbox: ConformanceInbox
    private let settings: [String: String]
    private let patience: Duration
    private let clock: HostClock
    private let state: Mutex<State>

    init(
        child: Child, inbox: ConformanceInbox, positions: ConformancePositions, settings: [String: String],
        patience: Duration, clock: HostClock
    ) {
        self.child = child
        self.inbox = inbox
        self.settings = settings
        self.patience = patience
        self.clock = clock
        state = Mutex(State(positions: positions))
    }

    /// The epoch that every session of a run has.
    static let epoch = "conformance"

    /// The positions as they are now.
    var positions: ConformancePositions { state.withLock { $0.positions } }

    /// Sends Start and takes Ready.
    func greet() async throws {
        let positions = positions
        try await send(
            .start(
                SessionStart(
                    gateway: "qiao exporter test", route: "conformance", settings: settings,
                    acknowledged: positions.acknowledged, epoch: Self.epoch)))
        guard case .ready(let ready)? = try await nextFrame(for: "Ready") else {
            throw ConformanceFault("its first frame is not Ready")
        }
        try check(ready)
        guard let encoding = FrameEncoding(rawValue: ready.encoding) else {
            throw ConformanceFault("Ready chooses the encoding '\(ready.encoding)'; there are protobuf and json")
        }
        inbox.use(encoding)
        state.withLock { state in
            state.writer.encoding = encoding
            state.positions.stored = ready.stored
            state.positions.storedEpoch = ready.storedEpoch
            // An exporter with older data of its own goes on behind it.
            state.positions.sent = max(state.positions.sent, ready.stored ?? 0)
            state.positions.acknowledged = ready.stored ?? state.positions.acknowledged
        }
    }

    private func check(_ ready: ExporterReady) throws {
        guard ready.protocolVersion == ExporterProtocolVersion.current else {
            throw ConformanceFault(
                "Ready speaks version \(ready.protocolVersion) of the protocol, not \(ExporterProtocolVersion.current)")
        }
        guard !ready.name.isEmpty else { throw ConformanceFault("Ready tells no name") }
    }

    /// Sends records with the next positions, and every other position left out.
    func send(records count: Int, size: Int = 40) async throws {
        for _ in 0..<count {
            let position = state.withLock { state in
                state.positions.sent += 2
                return state.positions.sent
            }
            try await send(
                .record(FeedRecord(position: position, bytes: ConformanceRecord.bytes(position, size: size))))
        }
    }

    func flush() async throws {
        try await send(.flush)
    }

    func stop() async throws {
        try await send(.stop(reason: "the test is over"))
    }

    func write(_ bytes: [UInt8]) async throws {
        _ = try? await child.standardInputWriter.write(bytes)
    }

    func terminate() async throws {
        try child.send(signal: .terminate)
    }

    func kill() async throws {
        inbox.expectCut()
        try child.send(signal: .kill)
    }

    /// Closes the exporter's input and waits until it has gone.
    func leave() async throws {
        try await child.standardInputWriter.finish()
        try await waitForEnd()
    }

    /// Waits until everything that was sent is acknowledged or refused.
    func waitForAll() async throws {
        while positions.acknowledged < positions.sent {
            guard let frame = try await nextFrame(for: "an Ack of position \(positions.sent)") else {
                throw ConformanceFault("its output ended before it acknowledged position \(positions.sent)")
            }
            try take(frame)
        }
    }

    /// Waits until the exporter's output has ended; acknowledgements still count.
    func waitForEnd() async throws {
        while let frame = try await nextFrame(for: "the end of its output") { try take(frame) }
    }

    private func take(_ frame: ExporterFrame) throws {
        switch frame {
        case .ready: throw ConformanceFault("Ready came twice")
        case .log: return
        case .ack(let position): try settle(position)
        case .reject(let rejection):
            guard !rejection.retry else {
                throw ConformanceFault("it asks for the record at position \(rejection.position) again later")
            }
            try settle(rejection.position)
        }
    }

    private func settle(_ position: UInt64) throws {
        let positions = positions
        guard position > 0 else { throw ConformanceFault("an Ack names no position") }
        guard position >= positions.acknowledged else {
            throw ConformanceFault("Ack went back from \(positions.acknowledged) to \(position)")
        }
        guard position <= positions.sent else {
            throw ConformanceFault("it acknowledged position \(position), but was sent \(positions.sent) at most")
        }
        guard position == positions.acknowledged || (positions.sent - position).isMultiple(of: 2) else {
            throw ConformanceFault("it acknowledged position \(position), which was never sent")
        }
        state.withLock { $0.positions.acknowledged = position }
    }

    private func send(_ frame: GatewayFrame) async throws {
        var bytes: [UInt8] = []
        try state.withLock { try $0.writer.append(frame, to: &bytes) }
        let total = bytes.count
        let isWritten = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [bytes, child] in (try? await child.standardInputWriter.write(bytes)) == total }
            group.addTask { [clock, patience] in
                try? await clock.sleep(patience)
                return false
            }
            let isWritten = await group.next() ?? false
            group.cancelAll()
            return isWritten
        }
        guard !isWritten else { return }
        // What it has said explains more than that it does not listen.
        while let frame = try await nextFrame(for: "it to read its input") { try take(frame) }
        throw ConformanceFault("it closed its input and its output")
    }

    private func nextFrame(for what: String) async throws -> ExporterFrame? {
        let deadline = clock.now() + patience
        while true {
            switch try inbox.next() {
            case .frame(let frame): return frame
            case .ended: return nil
            case .nothing:
                let left = deadline - clock.now()
                guard left > .zero, await clock.wait(for: inbox.latch, atMost: left) else {
                    throw ConformanceFault("waited \(patience) for \(what)")
                }
            }
        }
    }
}
