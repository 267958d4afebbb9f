import Findings

/// The exporter's side of the protocol: reads frames from standard input, feeds a sink, writes acknowledgements.
///
/// An exporter is a ``RecordSink`` and one call of ``run(_:)``.
public struct ExporterClient: ~Copyable {
    private var reader = FrameReader()
    private var writer = FrameWriter()
    private let streams: StandardStreams
    private var acknowledged: UInt64 = 0
    private var unsettledBytes = 0
    // Past this many bytes the sink is asked to settle although more input waits, so that the gateway never runs dry.
    private var settleSize = 0

    /// Takes over standard input and output, SIGTERM and SIGINT. Call it before anything else is printed.
    ///
    /// - Throws: ``FileFailure`` where the signals cannot be had.
    public init() throws(FileFailure) {
        streams = try StandardStreams()
    }

    /// Serves one session: until `Stop`, the end of standard input, SIGTERM or SIGINT. All records are settled then.
    ///
    /// - Throws: What the sink throws; ``FrameError`` for input that is not made of frames; ``FileFailure``.
    public mutating func run(_ sink: inout some RecordSink) throws {
        guard try greet(&sink) else { return }
        while try serve(&sink) {
            switch try streams.wait(.zero) {
            case .input:
                guard try fill() else { return try settle(&sink, .stop) }
            case .signal:
                return try settle(&sink, .stop)
            case .nothing:
                try settle(&sink, .pause)
                guard try waitForInput(sink.patience) else { return try settle(&sink, .stop) }
            }
        }
        try settle(&sink, .stop)
    }

    // False when the gateway has gone before it said anything.
    private mutating func greet(_ sink: inout some RecordSink) throws -> Bool {
        while true {
            if let frame = try reader.nextGatewayFrame() {
                guard case .start(let start) = frame else {
                    throw FrameError(.malformed, at: 0, "the first frame is not Start")
                }
                let ready = try sink.open(start)
                try write(.ready(ready))
                acknowledged = max(start.acknowledged, ready.stored ?? 0)
                settleSize = max(1, (ready.window.bytes > 0 ? ready.window.bytes : start.window.bytes) / 4)
                let encoding = FrameEncoding(rawValue: ready.encoding) ?? .protobuf
                reader.encoding = encoding
                writer.encoding = encoding
                return true
            }
            guard try streams.wait(nil) == .input, try fill() else { return false }
        }
    }

    // Handles every frame that is there. False when the session is over.
    private mutating func serve(_ sink: inout some RecordSink) throws -> Bool {
        while let frame = try reader.nextGatewayFrame() {
            switch frame {
            case .start:
                throw FrameError(.malformed, at: reader.offset, "Start came twice")
            case .record(let record):
                unsettledBytes += record.bytes.count
                if let rejection = try sink.receive(record) { try write(.reject(rejection)) }
                if unsettledBytes >= settleSize { try settle(&sink, .pause) }
            case .flush:
                try settle(&sink, .flush)
            case .stop:
                return false
            }
        }
        try acknowledge(sink)
        return true
    }

    // False when no input will come any more. True also when the time was up.
    private mutating func waitForInput(_ limit: Duration?) throws -> Bool {
        switch try streams.wait(limit) {
        case .input: try fill()
        case .signal: false
        case .nothing: true
        }
    }

    private mutating func settle(_ sink: inout some RecordSink, _ moment: SettleMoment) throws {
        unsettledBytes = 0
        try sink.settle(moment)
        try acknowledge(sink)
    }

    private mutating func acknowledge(_ sink: borrowing some RecordSink) throws {
        guard sink.safePosition > acknowledged else { return }
        acknowledged = sink.safePosition
        try write(.ack(acknowledged))
    }

    private func write(_ frame: ExporterFrame) throws {
        var bytes: [UInt8] = []
        try writer.append(frame, to: &bytes)
        try streams.write(bytes)
    }

    private mutating func fill() throws -> Bool {
        try streams.read { reader.append($0) }
    }
}
