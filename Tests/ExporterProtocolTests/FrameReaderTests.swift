import ExporterProtocol
import Testing

@Suite struct FrameReaderTests {
    struct Garbage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var encoding: FrameEncoding
        var bytes: [UInt8]
        var code: FrameError.Code
        var offset: Int
    }

    static let garbage = [
        Garbage(
            testDescription: "text", encoding: .jsonLines, bytes: Array("hello\n".utf8), code: .malformed, offset: 0),
        Garbage(
            testDescription: "second line", encoding: .jsonLines, bytes: Array("{\"ack\":{\"position\":1}}\n[]\n".utf8),
            code: .malformed, offset: 23),
        Garbage(
            testDescription: "no known key", encoding: .jsonLines, bytes: Array("{\"x\":1}\n".utf8),
            code: .unknownFrame,
            offset: 0),
        Garbage(testDescription: "not UTF-8", encoding: .jsonLines, bytes: [0xFF, 0x0A], code: .malformed, offset: 0),
        Garbage(
            testDescription: "negative position", encoding: .jsonLines,
            bytes: Array("{\"ack\":{\"position\":-1}}\n".utf8),
            code: .malformed, offset: 0),
        Garbage(
            testDescription: "long line", encoding: .jsonLines, bytes: [UInt8](repeating: 0x20, count: 1025),
            code: .tooLarge, offset: 0),
        Garbage(
            testDescription: "length without end", encoding: .protobuf, bytes: [UInt8](repeating: 0xFF, count: 10),
            code: .malformed, offset: 0),
        Garbage(
            testDescription: "length over the limit", encoding: .protobuf, bytes: [0x81, 0x08], code: .tooLarge,
            offset: 0),
        Garbage(
            testDescription: "greatest length", encoding: .protobuf,
            bytes: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], code: .tooLarge, offset: 0),
        Garbage(
            testDescription: "wrong wire type", encoding: .protobuf, bytes: [0x02, 0x17, 0x00], code: .malformed,
            offset: 1),
        Garbage(testDescription: "empty frame", encoding: .protobuf, bytes: [0x00], code: .unknownFrame, offset: 1),
        Garbage(
            testDescription: "unknown frame", encoding: .protobuf, bytes: [0x02, 0x7A, 0x00], code: .unknownFrame,
            offset: 1),
    ]

    @Test(arguments: garbage) func garbageIsToldWithItsOffset(_ garbage: Garbage) {
        var reader = FrameReader(limit: 1024)
        reader.encoding = garbage.encoding
        reader.append(garbage.bytes.span)
        let error = #expect(throws: FrameError.self) { while try reader.nextExporterFrame() != nil {} }
        #expect(error?.code == garbage.code)
        #expect(error?.offset == garbage.offset)
        // There is no way on: the same again, whatever follows.
        let more: [UInt8] = [0x0A]
        reader.append(more.span)
        let again = #expect(throws: FrameError.self) { _ = try reader.nextExporterFrame() }
        #expect(again == error)
    }

    @Test func errorsHoldNothingOfTheContent() {
        var reader = FrameReader()
        let bytes = Array("370827190501011234\n".utf8)
        reader.append(bytes.span)
        let error = #expect(throws: FrameError.self) { _ = try reader.nextExporterFrame() }
        #expect(error?.description.contains("3708") == false)
    }

    @Test(arguments: [[0x05, 0x12], [0x80]] as [[UInt8]]) func cutFrameIsTold(_ bytes: [UInt8]) throws {
        var reader = FrameReader()
        reader.encoding = .protobuf
        reader.append(bytes.span)
        #expect(try reader.nextExporterFrame() == nil)
        let error = #expect(throws: FrameError.self) { try reader.finish() }
        #expect(error?.code == .truncated)
    }

    @Test func encodingChangesBehindTheHandshake() throws {
        var bytes: [UInt8] = []
        let writer = FrameWriter(encoding: .protobuf)
        try writer.append(ExporterFrame.ready(ExporterReady(name: "x", version: "1")), to: &bytes)
        try writer.append(ExporterFrame.ack(10), to: &bytes)
        var reader = FrameReader()
        reader.append(bytes.span)
        guard case .ready? = try reader.nextExporterFrame() else {
            Issue.record("not Ready")
            return
        }
        reader.encoding = .protobuf
        // The position 10 is a line feed, which means nothing here.
        #expect(try reader.nextExporterFrame() == .ack(10))
        #expect(reader.offset == bytes.count)
    }

    @Test(arguments: FrameEncoding.allCases, 0..<20 as Range<UInt64>)
    func piecesOfAnySizeGiveTheSameFrames(_ encoding: FrameEncoding, _ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let writer = FrameWriter(encoding: encoding)
        var frames: [ExporterFrame] = []
        var bytes: [UInt8] = []
        for _ in 0..<200 {
            let frame = Self.frame(&random)
            frames.append(frame)
            try writer.append(frame, to: &bytes)
        }
        var reader = FrameReader()
        reader.encoding = encoding
        var read: [ExporterFrame] = []
        var index = 0
        while index < bytes.count {
            let end = min(bytes.count, index + Int.random(in: 1...300, using: &random))
            reader.append(bytes.span.extracting(index..<end))
            index = end
            while let frame = try reader.nextExporterFrame() { read.append(frame) }
        }
        try reader.finish()
        #expect(read == frames)
        #expect(reader.offset == bytes.count)
    }

    @Test(arguments: FrameEncoding.allCases, 0..<40 as Range<UInt64>)
    func anyBytesGiveFramesOrAnError(_ encoding: FrameEncoding, _ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bytes: [UInt8] = []
        // Valid frames with some bytes changed get deeper than noise does.
        for _ in 0..<20 { try? FrameWriter(encoding: encoding).append(Self.frame(&random), to: &bytes) }
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        var reader = FrameReader(limit: 4096)
        reader.encoding = encoding
        reader.append(bytes.span)
        var count = 0
        while (try? reader.nextExporterFrame()) != nil { count += 1 }
        #expect(count <= bytes.count)
        var gateway = FrameReader(limit: 4096)
        gateway.encoding = encoding
        gateway.append(bytes.span)
        while (try? gateway.nextGatewayFrame()) != nil { count += 1 }
        #expect(count <= 2 * bytes.count)
    }

    private static func frame(_ random: inout SplitMix64) -> ExporterFrame {
        switch UInt64.random(in: 0..<3, using: &random) {
        case 0: return .ack(random.next() >> UInt64.random(in: 0..<64, using: &random))
        case 1:
            return .reject(
                RecordRejection(position: random.next(), reason: text(&random), retry: Bool.random(using: &random)))
        default: return .log(ExporterLogLine(level: "info", message: text(&random), fields: ["k": text(&random)]))
        }
    }

    private static func text(_ random: inout SplitMix64) -> String {
        String(
            (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                "ab\"\\\n楼\u{0}é{}".randomElement(using: &random) ?? "-"
            })
    }
}
