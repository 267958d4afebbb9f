import CanonicalRecords
import Foundation
import SwiftProtobuf
import Testing

@Suite struct RecordJSONTests {
    private let json = RecordJSON()

    private func reference(_ bytes: [UInt8]) throws -> String {
        var options = JSONEncodingOptions()
        options.useDeterministicOrdering = true
        return try Qiao_Records_V1_Record(serializedBytes: bytes).jsonString(options: options)
    }

    @Test func randomRecordsOfEveryTypeReadAsSwiftProtobufWritesThem() throws {
        var random = RandomRecords(seed: 3)
        for type in RecordSchema.canonical.recordTypes {
            for _ in 0..<25 {
                let bytes = random.record(type)
                #expect(try json.text(of: bytes, revealing: true) == reference(bytes), "\(type.name)")
            }
        }
    }

    // Two records one behind the other are, by the rules of protobuf, one merged record with its fields out of order.
    @Test func mergedRecordsReadAsSwiftProtobufWritesThem() throws {
        var random = RandomRecords(seed: 4)
        for type in RecordSchema.canonical.recordTypes {
            for _ in 0..<10 {
                let same = random.record(type) + random.record(type)
                #expect(try json.text(of: same, revealing: true) == reference(same), "\(type.name) twice")
                let other = random.record(type) + random.record() + random.record(type)
                #expect(try json.text(of: other, revealing: true) == reference(other), "\(type.name) and others")
            }
        }
    }

    @Test(
        arguments: [
            ("nothing", []),
            ("empty body", [0x5A, 0]),
            ("empty text is left out", [0x5A, 2, 0x0A, 0]),
            ("zero is left out", [0x5A, 2, 0x28, 0]),
            ("zero that is told apart is kept", [0x6A, 2, 0x50, 0]),
            ("number of no enum value", [0x5A, 2, 0x28, 0x7B]),
            ("negative number of no enum value", [0x5A, 11, 0x28] + [UInt8](repeating: 0xFF, count: 9) + [1]),
            ("list that is not packed", [0xDA, 0x01, 4, 0x38, 1, 0x38, 9]),
            ("packed list in two pieces", [0xDA, 0x01, 7, 0x3A, 1, 1, 0x3A, 2, 9, 0x7B]),
            ("empty packed list", [0xDA, 0x01, 2, 0x3A, 0]),
            ("map keys out of order", [0x12, 3, 0x0A, 1, 0x62, 0x12, 3, 0x0A, 1, 0x61]),
            ("map key twice", [0x12, 6, 0x0A, 1, 0x62, 0x12, 1, 0x31, 0x12, 6, 0x0A, 1, 0x62, 0x12, 1, 0x32]),
            ("map entry without key", [0x12, 3, 0x12, 1, 0x31]),
            ("map value before its key", [0x12, 6, 0x12, 1, 0x31, 0x0A, 1, 0x62]),
            ("unknown field", [0xF8, 0x07, 1, 0x5A, 3, 0x0A, 1, 0x61]),
            ("known field of another wire type", [0x58, 1]),
            ("text twice", [0x5A, 6, 0x0A, 1, 0x61, 0x0A, 1, 0x62]),
            ("text twice, the second empty", [0x5A, 5, 0x0A, 1, 0x61, 0x0A, 0]),
        ] as [(String, [UInt8])])
    func unusualBytesReadAsSwiftProtobufWritesThem(name: String, bytes: [UInt8]) throws {
        #expect(try json.text(of: bytes, revealing: true) == reference(bytes), "\(name)")
    }

    @Test func parsedJSONGivesTheSameBytes() throws {
        var random = RandomRecords(seed: 5)
        for type in RecordSchema.canonical.recordTypes {
            for _ in 0..<5 {
                let bytes = random.record(type)
                // A NaN of other bits is read back as the usual one.
                let line = try json.text(of: bytes, revealing: true)
                #expect(try json.text(of: json.parse(line), revealing: true) == line, "\(type.name)")
            }
        }
    }

    @Test func namesOfTheProtoFilesAreUnderstood() throws {
        let line =
            #"{"role_assignment":{"role":"ROLE_UNIT_CHIEF","household_count":"12"},"extension":{"b":"2","a":"1"}}"#
        #expect(
            try json.text(of: json.parse(line), revealing: true)
                == #"{"extension":{"a":"1","b":"2"},"roleAssignment":{"role":"ROLE_UNIT_CHIEF","householdCount":"12"}}"#
        )
    }

    @Test(arguments: ["", "{", "[]", #"{"person":1}"#, #"{"nobody":{}}"#, #"{"person":{"sex":"MALE"}}"#, "\u{FEFF}{}"])
    func linesThatAreNoRecordAreRefused(line: String) {
        let error = #expect(throws: RecordError.self) { try json.parse(line) }
        #expect(error?.code == .json && error?.underlying != nil)
        #expect(error?.description.contains("nobody") == false)
    }

    @Test func textThatIsNotUTF8IsRefusedAndNothingIsAppended() {
        let bytes: [UInt8] = [0x5A, 4, 0x0A, 2, 0xC3, 0x28]
        var out: [UInt8] = [1]
        do {
            try json.append(bytes.span, to: &out, revealing: true)
            Issue.record("text that is not UTF-8 was accepted")
        } catch {
            #expect(error.code == .text && error.offset == 4 && out == [1])
        }
        var buffer = RecordBuffer()
        buffer.append(1)
        do { try json.append(bytes.span, to: &buffer, revealing: true) } catch { #expect(buffer.copied() == [1]) }
    }

    @Test func recordsTakeOneLine() throws {
        var random = RandomRecords(seed: 6)
        for _ in 0..<50 {
            #expect(
                try !json.text(of: random.record(), revealing: true).unicodeScalars.contains { $0.value < 0x20 })
        }
    }
}
