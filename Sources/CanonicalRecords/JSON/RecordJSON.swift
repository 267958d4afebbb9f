import FoundationEssentials
import SwiftProtobuf

/// Records as JSON and back, by the JSON mapping of protobuf: lowerCamelCase names, names of enum values, 64-bit
/// numbers as texts, defaults left out, one line per record.
public struct RecordJSON: Sendable {
    private let writer = JSONWriter(plan: .canonical)

    /// Creates a converter for the schema of this build. It holds nothing of the records.
    public init() {}

    /// Appends a record as one line of JSON, without a line end.
    ///
    /// - Parameters:
    ///   - record: The bytes of a `Record`.
    ///   - out: What the JSON is appended to; unchanged when this throws.
    ///   - revealing: Whether sensitive fields are shown. If not, they are masked as for operators, and those that can
    ///     be masked only by leaving them out are left out.
    /// - Throws: ``RecordError`` when the bytes are no record.
    public func append(
        _ record: Span<UInt8>, to out: inout RecordBuffer, revealing: Bool = false
    ) throws(RecordError) {
        let start = out.count
        do {
            if revealing {
                try writer.write(writer.plan.record, record, in: 0..<record.count, to: &out)
            } else {
                var masked = RecordBuffer(capacity: record.count)
                try RecordMasker.operators.rewrite(record, to: &masked)
                try writer.write(writer.plan.record, masked.bytes, in: 0..<masked.count, to: &out)
            }
        } catch {
            out.truncate(to: start)
            throw error
        }
    }

    /// Appends a record as one line of JSON, without a line end, as the other method does.
    public func append(_ record: Span<UInt8>, to out: inout [UInt8], revealing: Bool = false) throws(RecordError) {
        var buffer = RecordBuffer(capacity: record.count &* 2)
        try append(record, to: &buffer, revealing: revealing)
        out.append(buffer.bytes)
    }

    /// A record as one line of JSON.
    public func text(of record: Span<UInt8>, revealing: Bool = false) throws(RecordError) -> String {
        var out: [UInt8] = []
        try append(record, to: &out, revealing: revealing)
        return String(decoding: out, as: UTF8.self)
    }

    /// Reads the JSON of one record, as ``append(_:to:revealing:)-(_,RecordBuffer,_)`` writes it or another protobuf
    /// library does; names in the style of the `.proto` files are understood too.
    ///
    /// - Returns: The bytes of the record, always the same for the same JSON.
    /// - Throws: ``RecordError`` with `record.json` when the line is not the JSON of a record.
    public func parse(_ line: Span<UInt8>) throws(RecordError) -> [UInt8] {
        do {
            let data = line.withUnsafeBufferPointer { Data($0) }
            let record = try Qiao_Records_V1_Record(jsonUTF8Data: data)
            return try Self.deterministicBytes(of: record)
        } catch {
            throw RecordError(.json, at: 0, underlying: error)
        }
    }

    /// The bytes of a message with the entries of maps in the order of their keys.
    static func deterministicBytes(of message: some Message) throws -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return try message.serializedBytes(options: options)
    }
}
