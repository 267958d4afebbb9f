import CanonicalRecords
import SwiftProtobuf

/// The numbers of the cases in a stream of delimited records, read with swift-protobuf.
func caseNumbers(in stream: [UInt8]) -> [String] {
    var numbers: [String] = []
    var position = 0
    while let range = try? DelimitedRecords.next(in: stream.span, at: &position) {
        guard let record = try? Qiao_Records_V1_Record(serializedBytes: Array(stream[range])) else { break }
        numbers.append(record.case.number)
    }
    return numbers
}
