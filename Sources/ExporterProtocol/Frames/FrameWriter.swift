import CanonicalRecords
import SwiftProtobuf

/// Frames in, bytes out.
///
/// The handshake frames are JSON lines whatever the encoding is; see ``FrameEncoding`` for the rest.
public struct FrameWriter: Sendable {
    /// How frames after the handshake are written.
    public var encoding: FrameEncoding
    private let json = RecordJSON()

    /// Creates a writer.
    public init(encoding: FrameEncoding = .protobuf) {
        self.encoding = encoding
    }

    /// Appends a frame of the gateway.
    ///
    /// - Throws: ``FrameError`` `notEncodable` for a record that JSON cannot tell because its bytes are no record.
    public func append(_ frame: GatewayFrame, to output: inout [UInt8]) throws(FrameError) {
        switch (frame, encoding) {
        case (.record(let record), .protobuf): appendRecord(record.bytes.span, at: record.position, to: &output)
        case (.record(let record), .jsonLines): try appendRecordLine(record, to: &output)
        case (.start, _): try appendLine(frame.message, to: &output)
        case (_, .jsonLines): try appendLine(frame.message, to: &output)
        case (_, .protobuf): try appendDelimited(frame.message, to: &output)
        }
    }

    /// The frames of records; those of a batch that was framed when it was gathered share its storage.
    ///
    /// - Throws: As for one.
    public func frames(of records: FeedBatch) throws(FrameError) -> ArraySlice<UInt8> {
        if encoding == .protobuf, let frames = records.frames { return frames }
        var output: [UInt8] = []
        if encoding == .jsonLines {
            for record in records { try appendRecordLine(record, to: &output) }
            return output[...]
        }
        let bytes = records.bytes.span
        for index in records.indices {
            let entry = records.entry(index)
            appendRecord(bytes.extracting(entry.range), at: entry.position, to: &output)
        }
        return output[...]
    }

    /// Appends a frame of an exporter.
    ///
    /// - Throws: ``FrameError`` `notEncodable` for text that is not encodable; it never happens with valid strings.
    public func append(_ frame: ExporterFrame, to output: inout [UInt8]) throws(FrameError) {
        if case .ready = frame {
            try appendLine(frame.message, to: &output)
        } else if encoding == .jsonLines {
            try appendLine(frame.message, to: &output)
        } else {
            try appendDelimited(frame.message, to: &output)
        }
    }

    // GatewayFrame { record = 2: Record { position = 1, record = 2 } }, written without building the messages.
    private func appendRecord(_ record: Span<UInt8>, at position: UInt64, to output: inout [UInt8]) {
        output.append(addingCapacity: Self.greatestHeaderSize + record.count) { output in
            Self.appendHeader(ofRecord: record.count, at: position, to: &output)
            output.append(record)
        }
    }

    /// Bytes of a header for records of some hundred bytes, and at most: three tags, and four varints of up to ten bytes.
    static let usualHeaderSize = 16
    static let greatestHeaderSize = 43

    /// Appends what comes before the bytes of a record.
    @inline(__always)
    static func appendHeader(ofRecord count: Int, at position: UInt64, to output: inout OutputSpan<UInt8>) {
        let inner = 1 + Varint.size(position) + 1 + Varint.size(UInt64(count)) + count
        let outer = 1 + Varint.size(UInt64(inner)) + inner
        Varint.append(UInt64(outer), to: &output)
        output.append(0x12)
        Varint.append(UInt64(inner), to: &output)
        output.append(0x08)
        Varint.append(position, to: &output)
        output.append(0x12)
        Varint.append(UInt64(count), to: &output)
    }

    private func appendRecordLine(_ record: FeedRecord, to output: inout [UInt8]) throws(FrameError) {
        let start = output.count
        output.append(contentsOf: "{\"record\":{\"position\":\"\(record.position)\",\"record\":".utf8)
        do {
            try json.append(record.bytes.span, to: &output, revealing: true)
        } catch {
            output.removeSubrange(start...)
            throw FrameError(.notEncodable, at: 0, "the record at position \(record.position) cannot be told as JSON")
        }
        output.append(contentsOf: "}}\n".utf8)
    }

    private func appendLine(_ message: some Message, to output: inout [UInt8]) throws(FrameError) {
        do {
            let line: [UInt8] = try message.jsonUTF8Bytes()
            output.append(contentsOf: line)
            output.append(0x0A)
        } catch {
            throw FrameError(.notEncodable, at: 0, "the frame cannot be told as JSON")
        }
    }

    private func appendDelimited(_ message: some Message, to output: inout [UInt8]) throws(FrameError) {
        do {
            let bytes: [UInt8] = try message.serializedBytes()
            Varint.append(UInt64(bytes.count), to: &output)
            output.append(contentsOf: bytes)
        } catch {
            throw FrameError(.notEncodable, at: 0, "the frame cannot be encoded")
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends bytes as they are, for which there must be room.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity, "There is no room for the bytes")
        withUnsafeMutableBufferPointer { buffer, count in
            bytes.withUnsafeBufferPointer { source in
                // Invariant: from `count` on there is room for all of them.
                guard let start = source.baseAddress, let target = buffer.baseAddress else { return }
                (target + count).initialize(from: start, count: source.count)
                count += source.count
            }
        }
    }
}
