import CanonicalRecords
import FuzzSupport
import SwiftProtobuf

/// Record streams, records and JSON lines, held against swift-protobuf.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecords(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var input = FuzzInput(start, count)
    checkRecord(input.bytes)
    checkJSON(input.bytes)
    let pieces = input.pieces()
    for limit in [1 << 20, Int.random(in: 0...60, using: &input.decisions)] {
        let whole = Stream([input.bytes], limit: limit)
        requireEqual(Stream(pieces, limit: limit), whole, "cut into \(pieces.map(\.count)), limit \(limit)")
        whole.check(input.bytes, limit: limit)
        for record in whole.records { checkRecord(record) }
    }
    return 0
}

/// A delimited stream, read to its end or its fault.
struct Stream: Equatable {
    var records: [[UInt8]] = []
    var offset = 0
    var fault: String?

    init(_ pieces: [[UInt8]], limit: Int) {
        var reader = DelimitedRecordReader(limit: limit)
        do throws(RecordError) {
            for piece in pieces {
                reader.append(piece.span)
                while try reader.next() {
                    var record: [UInt8] = []
                    for index in 0..<reader.record.count { record.append(reader.record[index]) }
                    records.append(record)
                }
            }
            try reader.finish()
        } catch {
            fault = "\(error)"
        }
        offset = reader.offset
        requireEqual(reader.recordCount, records.count, "count of records")
    }

    // The bytes that were read are those that writing the records again gives, if lengths are written shortest.
    func check(_ bytes: [UInt8], limit: Int) {
        require(records.allSatisfy { $0.count <= limit }, "a record is over \(limit)")
        require(offset <= bytes.count, "\(offset) is outside the stream")
        if fault == nil { requireEqual(offset, bytes.count, "end of the stream") }
        var again: [UInt8] = []
        for record in records { DelimitedRecords.append(record.span, to: &again) }
        requireEqual(Stream([again], limit: limit).records, records, "written and read again")
        var position = 0
        var listed: [[UInt8]] = []
        while let range = try? DelimitedRecords.next(in: bytes.span, at: &position, limit: limit) {
            listed.append(Array(bytes[range]))
        }
        requireEqual(listed, records, "both ways to read a stream")
        requireEqual(position, offset, "both ways to read a stream")
    }
}

// JSON is that of swift-protobuf, and reads back. What only swift-protobuf puts up with (varints of any length, map entries
// that end inside of a field) has our JSON once it has been written properly.
private func checkRecord(_ bytes: [UInt8]) {
    checkMasking(bytes)
    _ = try? RecordSummary(of: bytes.span)
    var options = JSONEncodingOptions()
    options.useDeterministicOrdering = true
    var discarding = BinaryDecodingOptions()
    discarding.discardUnknownFields = true
    guard let record = try? Qiao_Records_V1_Record(serializedBytes: bytes, options: discarding),
        let reference = try? record.jsonString(options: options)
    else { return }
    let ours = try? RecordJSON().text(of: bytes.span, revealing: true)
    if let ours { requireEqual(ours, reference, "JSON") }
    guard let written: [UInt8] = try? record.serializedBytes() else { fatalError("a record cannot be written") }
    requireEqual(
        try? RecordJSON().text(of: written.span, revealing: true), reference, "JSON of what is written properly")
    guard let parsed = try? RecordJSON().parse(Array(reference.utf8).span) else {
        fatalError("JSON does not read: \(reference)")
    }
    requireEqual(try? RecordJSON().text(of: parsed.span, revealing: true), reference, "JSON, read and written")
}

private func checkMasking(_ bytes: [UInt8]) {
    guard let masker = try? RecordMasker(.operators), let masked = try? masker.rewrite(bytes.span) else { return }
    let isRecord = (try? Qiao_Records_V1_Record(serializedBytes: bytes)) != nil
    if isRecord { require((try? Qiao_Records_V1_Record(serializedBytes: masked)) != nil, "masked, it is no record") }
    let one = try? RecordJSON().text(of: bytes.span)
    let other = try? RecordJSON().text(of: masked.span, revealing: true)
    requireEqual(one, other, "masked JSON, and JSON of what was masked")
}

// A line of JSON that is a record gives bytes that give the same JSON again.
private func checkJSON(_ line: [UInt8]) {
    guard let bytes = try? RecordJSON().parse(line.span) else { return }
    guard let text = try? RecordJSON().text(of: bytes.span, revealing: true) else {
        fatalError("a parsed record has no JSON")
    }
    requireEqual(try? RecordJSON().parse(Array(text.utf8).span), bytes, text)
}
