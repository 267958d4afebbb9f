import ExporterProtocol
import Testing

@Suite struct FrameTests {
    private func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: " ")
    }

    private func written(_ frame: GatewayFrame, _ encoding: FrameEncoding) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try FrameWriter(encoding: encoding).append(frame, to: &bytes)
        return bytes
    }

    private func written(_ frame: ExporterFrame, _ encoding: FrameEncoding) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try FrameWriter(encoding: encoding).append(frame, to: &bytes)
        return bytes
    }

    /// Record { provenance { id: "ab" } }
    private let record = FeedRecord(position: 300, bytes: [0x0A, 0x04, 0x0A, 0x02, 0x61, 0x62])

    // The examples of docs/exporters.md.
    @Test func bytesAreThoseOfTheDocumentation() throws {
        #expect(hex(try written(.record(record), .protobuf)) == "0d 12 0b 08 ac 02 12 06 0a 04 0a 02 61 62")
        #expect(hex(try written(.flush, .protobuf)) == "02 1a 00")
        #expect(hex(try written(.stop(reason: ""), .protobuf)) == "02 22 00")
        #expect(hex(try written(.ack(300), .protobuf)) == "05 12 03 08 ac 02")
    }

    /// Records that were framed as they were gathered are written as if each had been framed by itself, whole or in pieces
    /// cut anywhere, and also when something else waits.
    @Test(arguments: [FrameEncoding.protobuf, .jsonLines]) func framesThatWereGatheredAreTheSame(
        encoding: FrameEncoding
    ) throws {
        let sizes = [0, 1, 6, 120, 127, 128, 300, 20_000]
        let records = sizes.enumerated().map { index, size in
            // Record { provenance { id: "aaa…" } }, shortened to no bytes for the first.
            var provenance: [UInt8] = [0x0A]
            var rest = max(0, size)
            while rest >= 0x80 {
                provenance.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            provenance.append(UInt8(rest))
            provenance += Array(repeating: 0x61, count: size)
            var bytes: [UInt8] = [0x0A]
            rest = provenance.count
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
            return FeedRecord(position: 1 << (7 * UInt64(index)), bytes: (size == 0 ? [] : bytes + provenance)[...])
        }
        let writer = FrameWriter(encoding: encoding)
        var expected: [UInt8] = []
        for record in records { try writer.append(.record(record), to: &expected) }
        for cut in 0...records.count {
            var frames = FeedFrames(records: cut, bytes: cut)
            for record in records { frames.append(record.bytes.span, at: record.position) }
            var batch = frames.batch()
            #expect(Array(batch) == records)
            var written: [UInt8] = []
            for piece in [batch.takeFirst(cut), batch] {
                #expect(piece.byteCount == piece.reduce(0) { $0 + $1.bytes.count })
                written += try writer.frames(of: piece)
            }
            #expect(written == expected)
        }
    }

    @Test func linesAreThoseOfTheDocumentation() throws {
        func line(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        #expect(
            line(try written(.record(record), .jsonLines))
                == #"{"record":{"position":"300","record":{"provenance":{"id":"ab"}}}}"# + "\n")
        #expect(line(try written(.flush, .jsonLines)) == "{\"flush\":{}}\n")
        #expect(line(try written(.ack(300), .jsonLines)) == #"{"ack":{"position":"300"}}"# + "\n")
        // The handshake is a line in either encoding.
        let ready = ExporterFrame.ready(ExporterReady(name: "x", version: "1", stored: 7))
        #expect(
            line(try written(ready, .protobuf))
                == #"{"ready":{"protocol":1,"name":"x","version":"1","encoding":"protobuf","storedPosition":"7"}}"#
                + "\n")
    }

    static let exporterFrames: [ExporterFrame] = [
        .ack(1), .ack(.max), .ack(0),
        .reject(RecordRejection(position: 9, reason: "无效 \"x\"\n", retry: true)),
        .reject(RecordRejection(position: 0, reason: "", retry: false)),
        .log(ExporterLogLine(level: "error", message: "盘满", fields: ["path": "/a b", "": "x"])),
        .log(ExporterLogLine(level: "", message: "")),
    ]

    @Test(arguments: exporterFrames, FrameEncoding.allCases)
    func exporterFrameComesBack(_ frame: ExporterFrame, _ encoding: FrameEncoding) throws {
        var reader = FrameReader()
        reader.encoding = encoding
        let bytes = try written(frame, encoding)
        reader.append(bytes.span)
        #expect(try reader.nextExporterFrame() == frame)
        #expect(try reader.nextExporterFrame() == nil)
        try reader.finish()
    }

    static let gatewayFrames: [GatewayFrame] = [
        .record(FeedRecord(position: 1, bytes: [])), .record(FeedRecord(position: .max, bytes: [0x0A, 0x00])),
        .record(FeedRecord(position: 0, bytes: [1, 2, 3])),
        .record(FeedRecord(position: 128, bytes: ArraySlice([UInt8](repeating: 0x20, count: 70_000)))),
        .flush, .stop(reason: ""), .stop(reason: "升级"),
    ]

    @Test(arguments: gatewayFrames) func gatewayFrameComesBack(_ frame: GatewayFrame) throws {
        var reader = FrameReader()
        reader.encoding = .protobuf
        let bytes = try written(frame, .protobuf)
        reader.append(bytes.span)
        #expect(try reader.nextGatewayFrame() == frame)
        try reader.finish()
    }

    @Test func startComesBackAsALine() throws {
        let start = GatewayFrame.start(
            SessionStart(
                gateway: "qiao 1", route: "县", settings: ["a": "1", "b": "\u{0}"], schemaMessage: "m",
                descriptorSet: [0, 255], acknowledged: .max, epoch: "e1",
                window: SessionWindow(records: 3, bytes: 1 << 40)))
        let bytes = try written(start, .protobuf)
        #expect(bytes.last == 0x0A && bytes.filter { $0 == 0x0A }.count == 1)
        var reader = FrameReader()
        reader.append(bytes.span)
        #expect(try reader.nextGatewayFrame() == start)
    }

    @Test(arguments: [
        #"{"ready":{"name":"py","encoding":"json","colour":"red"},"more":1}"#,
        #"  { "ready" : { "name" : "py" , "encoding":"json" } }  "#,
        "\r\n\n \t\n" + #"{"ready":{"name":"py","encoding":"json"}}"# + "\r",
        #"{"ready":{"name":"py","encoding":"json","window_records":0}}"#,
    ])
    func handwrittenLinesAreUnderstood(_ line: String) throws {
        var reader = FrameReader()
        let bytes = Array((line + "\n").utf8)
        reader.append(bytes.span)
        guard case .ready(let ready)? = try reader.nextExporterFrame() else {
            Issue.record("not Ready")
            return
        }
        #expect(ready.name == "py" && ready.encoding == "json" && ready.stored == nil)
    }

    @Test(arguments: [#"{"ack":{"position":12}}"#, #"{"ack":{"position":"12"}}"#])
    func positionsAreNumbersOrTexts(_ line: String) throws {
        var reader = FrameReader()
        let bytes = Array((line + "\n").utf8)
        reader.append(bytes.span)
        #expect(try reader.nextExporterFrame() == .ack(12))
    }
}
