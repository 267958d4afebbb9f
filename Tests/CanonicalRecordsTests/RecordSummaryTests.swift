import CanonicalRecords
import SwiftProtobuf
import Testing

@Suite struct RecordSummaryTests {
    @Test func summaryIsReadFromTheEnvelope() throws {
        let record = Qiao_Records_V1_Record.with {
            $0.provenance = .with {
                $0.id = "00112233445566778899aabbccddeeff"
                $0.source = "yutai-liangzhang"
                $0.mapping = "yutai.liangzhang-roster"
                $0.filing = "abc"
                $0.operation = .delete
                $0.areaCode = "370827"
            }
            $0.roleAssignment.role = .unitChief
        }
        let bytes: [UInt8] = try record.serializedBytes()
        let summary = try RecordSummary(of: bytes)
        #expect(summary.recordType == "RoleAssignment" && summary.bodyNumber == 12)
        #expect(summary.text(summary.id, in: bytes) == "00112233445566778899aabbccddeeff")
        #expect(summary.text(summary.source, in: bytes) == "yutai-liangzhang")
        #expect(summary.text(summary.mapping, in: bytes) == "yutai.liangzhang-roster")
        #expect(summary.text(summary.filing, in: bytes) == "abc")
        #expect(summary.text(summary.areaCode, in: bytes) == "370827")
        #expect(summary.operation == .delete)
    }

    @Test func everyTypeIsNamed() throws {
        var random = RandomRecords(seed: 8)
        for type in RecordSchema.canonical.recordTypes {
            #expect(try RecordSummary(of: random.record(type)).recordType == type.name)
        }
    }

    @Test(
        arguments: [
            ("nothing at all", []), ("unknown body", [0xA2, 0x06, 0]), ("body that is a number", [0x58, 1]),
            ("operation of a later version", [0x0A, 2, 0x50, 99]),
        ] as [(String, [UInt8])])
    func whatIsMissingIsEmpty(name: String, bytes: [UInt8]) throws {
        let summary = try RecordSummary(of: bytes)
        #expect(summary.recordType == nil && summary.id.isEmpty && summary.operation == .unspecified, "\(name)")
    }

    @Test func damagedEnvelopeIsToldAndDamagedBodyIsNotLookedAt() throws {
        #expect(throws: RecordError.self) { try RecordSummary(of: [0x0A, 2, 0x0A, 9]) }
        #expect(try RecordSummary(of: [0x5A, 2, 0x0A, 9]).recordType == "Person")
    }
}
