public import Findings
import SwiftProtobuf

/// Bytes in, frames out.
///
/// A stream begins as JSON lines with its handshake frame; ``encoding`` is then set to what the handshake chose, and
/// the bytes that were appended already are read in it. After an error the stream has no known frame boundary left,
/// and every further call throws the same error.
public struct FrameReader: Sendable {
    /// How the next frame is encoded.
    public var encoding: FrameEncoding = .jsonLines
    /// Bytes of one frame at most; what announces itself as longer is refused before memory is taken for it.
    public let limit: Int
    // bytes[start...] are unread; bytes[start..<scanned] are known to hold no line feed.
    private var bytes: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var base = 0
    private var failure: FrameError?

    /// Creates a reader at the start of a stream.
    public init(limit: Int = Limits.frameSize) {
        self.limit = limit
    }

    /// The offset of the next unread byte in the stream.
    public var offset: Int { base + start }

    /// Takes bytes that follow directly on those before.
    public mutating func append(_ input: Span<UInt8>) {
        if start == bytes.count {
            base += start
            (start, scanned) = (0, 0)
            bytes.removeAll(keepingCapacity: true)
        } else if start > 1 << 16, start > bytes.count / 2 {
            bytes.removeSubrange(..<start)
            base += start
            scanned -= start
            start = 0
        }
        input.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// The next frame of the gateway, or nil when more bytes are needed.
    ///
    /// - Throws: ``FrameError``. A record in JSON lines is refused as `unknownFrame`: exporters that use this reader
    ///   choose protobuf.
    public mutating func nextGatewayFrame() throws(FrameError) -> GatewayFrame? {
        guard let range = try nextPayload() else { return nil }
        if encoding == .protobuf, let record = quickRecord(in: range) { return .record(record) }
        let message: Qiao_Exporters_V1_GatewayFrame = try decode(range)
        guard let frame = GatewayFrame(message) else { throw unknown(range) }
        return frame
    }

    /// The next frame of an exporter, or nil when more bytes are needed.
    ///
    /// - Throws: ``FrameError``.
    public mutating func nextExporterFrame() throws(FrameError) -> ExporterFrame? {
        guard let range = try nextPayload() else { return nil }
        let message: Qiao_Exporters_V1_ExporterFrame = try decode(range)
        guard let frame = ExporterFrame(message) else { throw unknown(range) }
        return frame
    }

    /// Tells that the stream has ended.
    ///
    /// - Throws: ``FrameError`` `truncated` where it ends inside a frame.
    public mutating func finish() throws(FrameError) {
        guard start < bytes.count, failure == nil else { return }
        throw fail(.truncated, at: start, "the stream ends inside a frame")
    }
}

extension FrameReader {
    private mutating func nextPayload() throws(FrameError) -> Range<Int>? {
        if let failure { throw failure }
        switch encoding {
        case .protobuf: return try nextDelimited()
        case .jsonLines: return try nextLine()
        }
    }

    private mutating func nextDelimited() throws(FrameError) -> Range<Int>? {
        switch Varint.read(bytes, from: start, before: bytes.count) {
        case .incomplete:
            return nil
        case .malformed:
            throw fail(.malformed, at: start, "the length of a frame is not a varint")
        case .value(let length, let next):
            guard length <= UInt64(limit) else {
                throw fail(.tooLarge, at: start, "a frame of \(length) bytes is greater than the limit of \(limit)")
            }
            let end = next + Int(length)
            guard end <= bytes.count else { return nil }
            start = end
            scanned = end
            return next..<end
        }
    }

    private mutating func nextLine() throws(FrameError) -> Range<Int>? {
        while true {
            scanned = max(scanned, start)
            let feed = bytes[scanned...].firstIndex(of: 0x0A)
            guard (feed ?? bytes.count) - start <= limit else {
                throw fail(.tooLarge, at: start, "a line is longer than the limit of \(limit) bytes")
            }
            guard let feed else {
                scanned = bytes.count
                return nil
            }
            let line = start..<feed
            start = feed + 1
            if bytes[line].contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { return line }
        }
    }

    private mutating func decode<M: Message>(_ range: Range<Int>) throws(FrameError) -> M {
        let payload = [UInt8](bytes[range])
        do {
            switch encoding {
            case .protobuf:
                return try M(serializedBytes: payload)
            case .jsonLines:
                var options = JSONDecodingOptions()
                options.ignoreUnknownFields = true
                return try M(jsonUTF8Bytes: payload, options: options)
            }
        } catch {
            let kind = encoding == .protobuf ? "a protobuf frame" : "a JSON line"
            throw fail(.malformed, at: range.lowerBound, "\(payload.count) bytes are not \(kind) of the protocol")
        }
    }

    // The shape that FrameWriter gives a record; any other shape of the same message goes the slow way.
    private func quickRecord(in range: Range<Int>) -> FeedRecord? {
        guard range.count > 2, bytes[range.lowerBound] == 0x12,
            case .value(let inner, let body) = Varint.read(bytes, from: range.lowerBound + 1, before: range.upperBound),
            inner == UInt64(range.upperBound - body), inner > 0, bytes[body] == 0x08,
            case .value(let position, let tag) = Varint.read(bytes, from: body + 1, before: range.upperBound),
            tag < range.upperBound, bytes[tag] == 0x12,
            case .value(let count, let first) = Varint.read(bytes, from: tag + 1, before: range.upperBound),
            count == UInt64(range.upperBound - first)
        else { return nil }
        return FeedRecord(position: position, bytes: bytes[first..<range.upperBound])
    }

    private mutating func unknown(_ range: Range<Int>) -> FrameError {
        fail(.unknownFrame, at: range.lowerBound, "a message that holds no frame of this version")
    }

    private mutating func fail(_ code: FrameError.Code, at index: Int, _ message: String) -> FrameError {
        let error = FrameError(code, at: base + index, message)
        failure = error
        return error
    }
}
