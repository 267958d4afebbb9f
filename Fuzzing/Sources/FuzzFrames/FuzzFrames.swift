import FuzzSupport
import SwiftProtobuf

@testable import ExporterProtocol

/// Exporter streams of both kinds in both encodings: cuts, limits, and writing what was read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var input = FuzzInput(start, count)
    let pieces = input.pieces()
    for encoding in FrameEncoding.allCases {
        for limit in [1 << 20, Int.random(in: 0...40, using: &input.decisions)] {
            let gateway = Frames<GatewayFrame>([input.bytes], encoding, limit: limit, next: gatewayFrame)
            let cut = Frames<GatewayFrame>(pieces, encoding, limit: limit, next: gatewayFrame)
            requireEqual(cut, gateway, "\(encoding), gateway, cut into \(pieces.map(\.count))")
            gateway.checkPlace(in: input.bytes)
            for frame in gateway.frames { checkWriting(frame) }
            let exporter = Frames<ExporterFrame>([input.bytes], encoding, limit: limit, next: exporterFrame)
            let cutExporter = Frames<ExporterFrame>(pieces, encoding, limit: limit, next: exporterFrame)
            requireEqual(cutExporter, exporter, "\(encoding), exporter, cut into \(pieces.map(\.count))")
            exporter.checkPlace(in: input.bytes)
            for frame in exporter.frames { checkWriting(frame) }
        }
    }
    checkMessage(input.bytes)
    return 0
}

private func gatewayFrame(_ reader: inout FrameReader) throws(FrameError) -> GatewayFrame? {
    try reader.nextGatewayFrame()
}

private func exporterFrame(_ reader: inout FrameReader) throws(FrameError) -> ExporterFrame? {
    try reader.nextExporterFrame()
}

/// The frames of a stream, and the error that ended it.
struct Frames<Frame: Equatable & Sendable>: Equatable {
    var frames: [Frame] = []
    var failure: FrameError?
    var offset: Int

    init(
        _ pieces: [[UInt8]], _ encoding: FrameEncoding, limit: Int,
        next: (inout FrameReader) throws(FrameError) -> Frame?
    ) {
        var reader = FrameReader(limit: limit)
        reader.encoding = encoding
        do throws(FrameError) {
            for piece in pieces {
                reader.append(piece.span)
                while let frame = try next(&reader) { frames.append(frame) }
            }
            try reader.finish()
        } catch {
            failure = error
            let again = Result { () throws(FrameError) in try next(&reader) }
            requireEqual(again, .failure(error), "an error is thrown again")
        }
        offset = failure == nil ? reader.offset : 0
    }

    func checkPlace(in bytes: [UInt8]) {
        if failure == nil { requireEqual(offset, bytes.count, "end of the stream") }
        if let failure { require(failure.offset >= 0 && failure.offset <= bytes.count, "\(failure)") }
    }
}

// What was read is written so that it reads as the same.
private func checkWriting(_ frame: GatewayFrame) {
    for encoding in FrameEncoding.allCases {
        if case .record(let record) = frame, encoding == .jsonLines || record.bytes.isEmpty { continue }
        var written: [UInt8] = []
        guard (try? FrameWriter(encoding: encoding).append(frame, to: &written)) != nil else {
            fatalError("cannot be written: \(frame)")
        }
        var reading = encoding
        if case .start = frame { reading = .jsonLines }
        let again = Frames<GatewayFrame>([written], reading, limit: 1 << 22, next: gatewayFrame)
        requireEqual(again.failure, nil, "\(frame)")
        requireEqual(again.frames, [frame], "written and read again")
    }
}

private func checkWriting(_ frame: ExporterFrame) {
    for encoding in FrameEncoding.allCases {
        var written: [UInt8] = []
        guard (try? FrameWriter(encoding: encoding).append(frame, to: &written)) != nil else {
            fatalError("cannot be written: \(frame)")
        }
        var reading = encoding
        if case .ready = frame { reading = .jsonLines }
        let again = Frames<ExporterFrame>([written], reading, limit: 1 << 22, next: exporterFrame)
        requireEqual(again.failure, nil, "\(frame)")
        requireEqual(again.frames, [frame], "written and read again")
    }
}

// One message, read with and without the short cut for records, is the same.
private func checkMessage(_ bytes: [UInt8]) {
    var stream: [UInt8] = []
    Varint.append(UInt64(bytes.count), to: &stream)
    stream += bytes
    let ours = Frames<GatewayFrame>([stream], .protobuf, limit: 1 << 22, next: gatewayFrame)
    let message = try? Qiao_Exporters_V1_GatewayFrame(serializedBytes: bytes)
    let theirs = message.flatMap { GatewayFrame($0) }
    requireEqual(ours.frames, theirs.map { [$0] } ?? [], "a frame by itself")
}
