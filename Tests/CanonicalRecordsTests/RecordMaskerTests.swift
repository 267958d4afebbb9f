import CanonicalRecords
import SwiftProtobuf
import Testing

@Suite struct RecordMaskerTests {
    private static let key = SipHash128.Key(Array(0..<16))

    private static let person = Qiao_Records_V1_Record.with {
        $0.provenance.id = "00112233445566778899aabbccddeeff"
        $0.extension = ["家庭情况": "低保", "空": ""]
        $0.person = .with {
            $0.name = "王建国"
            $0.identityNumber = "370405190305070016"
            $0.sex = .male
            $0.birthDate = "1903-05-07"
            $0.politicalStatus = .communistPartyMember
            $0.mobile = "13812345678"
            $0.partyOrganisation = "ffeeddccbbaa99887766554433221100"
            $0.workplace = "县农业局"
        }
    }

    private func rewritten(_ policy: RecordPolicy, _ record: Qiao_Records_V1_Record = person) throws
        -> Qiao_Records_V1_Record
    {
        let bytes: [UInt8] = try record.serializedBytes()
        return try Qiao_Records_V1_Record(serializedBytes: try RecordMasker(policy).rewrite(bytes))
    }

    @Test func operatorsSeeMaskedValues() throws {
        var expected = Self.person
        expected.extension = ["家庭情况": "***", "空": ""]
        expected.person.name = "王**"
        expected.person.identityNumber = "370405********0016"
        expected.person.birthDate = "***"
        expected.person.politicalStatus = .unspecified
        expected.person.mobile = "138****5678"
        expected.person.partyOrganisation = ""
        #expect(try rewritten(.operators) == expected)
    }

    @Test func outsidersSeeLessOfIdentityNumbers() throws {
        #expect(try rewritten(RecordPolicy(sensitive: .mask)).person.identityNumber == "370***********0016")
    }

    @Test func hashesJoinAndDependOnTheKey() throws {
        var hash = SipHash128(key: try #require(Self.key))
        hash.update("370405190305070016")
        let policy = RecordPolicy(sensitive: .hash, fields: ["Person.workplace": .hash], hashKey: Self.key)
        let masked = try rewritten(policy)
        #expect(masked.person.identityNumber == hash.digest().hexadecimal)
        #expect(masked.person.workplace.count == 32 && masked.person.partyOrganisation.count == 32)
        #expect(masked.person.politicalStatus == .unspecified)
        #expect(masked.extension["家庭情况"]?.count == 32 && masked.extension["空"] == "")

        let petitioner = Qiao_Records_V1_Record.with { $0.case.petitionerIdentityNumber = "370405190305070016" }
        #expect(try rewritten(policy, petitioner).case.petitionerIdentityNumber == masked.person.identityNumber)

        let other = RecordPolicy(sensitive: .hash, hashKey: SipHash128.Key([UInt8](repeating: 9, count: 16)))
        #expect(try rewritten(other).person.identityNumber != masked.person.identityNumber)
    }

    @Test func droppedFieldsAreGone() throws {
        let policy = RecordPolicy(
            sensitive: .drop, fields: ["Person.name": .reveal, "Person.sex": .drop, "Person.workplace": .mask])
        let expected = Qiao_Records_V1_Record.with {
            $0.provenance.id = "00112233445566778899aabbccddeeff"
            $0.person.name = "王建国"
            $0.person.workplace = "***"
        }
        #expect(try rewritten(policy) == expected)
    }

    @Test func wholeBodiesAndTheEnvelopeCanBeDropped() throws {
        let masked = try rewritten(
            RecordPolicy(sensitive: .reveal, fields: ["Record.person": .drop, "Signer.subject": .drop]))
        #expect(masked.body == nil && masked.provenance == Self.person.provenance)
    }

    @Test func revealingKeepsEveryByteThatTheSchemaKnows() throws {
        var random = RandomRecords(seed: 7)
        let masker = try RecordMasker(.reveal)
        for _ in 0..<100 {
            let bytes = random.record()
            #expect(try masker.rewrite(bytes) == bytes)
        }
        let unknown: [UInt8] = [0xF8, 0x07, 1, 0x5A, 6, 0xFA, 0x07, 3, 0x33, 0x37, 0x30]
        #expect(try masker.rewrite(unknown) == [0x5A, 0])
        // In a message that hides nothing, between two that it knows; the length shrinks with it.
        let inside: [UInt8] = [0x0A, 11, 0x0A, 2, 0x61, 0x62, 0xF8, 0x07, 1, 0x2A, 2, 0x63, 0x64, 0x5A, 0]
        for policy in [RecordPolicy.reveal, .operators] {
            let rewritten = try RecordMasker(policy).rewrite(inside)
            #expect(rewritten == [0x0A, 8, 0x0A, 2, 0x61, 0x62, 0x2A, 2, 0x63, 0x64, 0x5A, 0])
        }
        let cut: [UInt8] = [0x0A, 4, 0x0A, 3, 0x61, 0x62]
        #expect(throws: RecordError.self) { try masker.rewrite(cut) }
    }

    // Every sensitive text of every record holds the same number; its middle may be seen nowhere.
    @Test func defaultJSONShowsNoSensitiveFieldOfAnyType() throws {
        let secret = "370405190305070016"
        for type in RecordSchema.canonical.recordTypes {
            var buffer = RecordBuffer()
            buffer.appendMapEntry(2, key: "k".utf8.span, value: secret.utf8.span)
            let body = buffer.beginMessage(field: type.bodyNumber)
            Self.fill(type.shape, with: secret, in: &buffer)
            buffer.endMessage(body)
            let open = try RecordJSON().text(of: buffer.bytes, revealing: true)
            let masked = try RecordJSON().text(of: buffer.bytes)
            #expect(open.contains(secret) && !masked.contains("19030507"), "\(type.name)")
            for field in Self.sensitiveFields(of: type.shape) where !Self.isText(field) || field.masking == .code {
                #expect(open.contains("\"\(field.jsonName)\":") && !masked.contains("\"\(field.jsonName)\":"))
            }
        }
    }

    private static func isText(_ field: RecordField) -> Bool {
        if case .string = field.shape { true } else { false }
    }

    private static func sensitiveFields(of shape: MessageShape) -> [RecordField] {
        shape.fields.flatMap { field -> [RecordField] in
            if case .message(let inner) = field.shape { return sensitiveFields(of: inner) }
            return field.isSensitive ? [field] : []
        }
    }

    private static func fill(_ shape: MessageShape, with secret: String, in buffer: inout RecordBuffer) {
        for field in shape.fields {
            switch field.shape {
            case .message(let inner):
                let mark = buffer.beginMessage(field: field.number)
                fill(inner, with: secret, in: &buffer)
                buffer.endMessage(mark)
            case .string where field.isSensitive: buffer.appendField(field.number, string: secret)
            case .enumeration where field.isSensitive: buffer.appendField(field.number, varint: 1)
            default: #expect(!field.isSensitive, "\(shape.name).\(field.name) is sensitive and has no test")
            }
        }
    }

    @Test(arguments: [
        ("Person.mobil", "policy.unknown-field"), ("Persn.mobile", "policy.unknown-field"),
        ("mobile", "policy.unknown-field"), ("Person.mobile.x", "policy.unknown-field"), ("", "policy.unknown-field"),
        ("Person.mobile", "policy.missing-key"),
    ])
    func policiesThatCannotHoldAreRefused(field: String, code: String) {
        let error = #expect(throws: RecordPolicyError.self) {
            try RecordMasker(RecordPolicy(sensitive: .mask, fields: [field: .hash]))
        }
        #expect(error?.code.rawValue == code && error?.field == field && error?.nextStep.isEmpty == false)
    }

    @Test func hashingEverythingNeedsAKey() {
        let error = #expect(throws: RecordPolicyError.self) { try RecordMasker(RecordPolicy(sensitive: .hash)) }
        #expect(error?.code == .missingKey && error?.field == "")
    }

    @Test func damagedRecordLeavesTheOutputAsItWas() throws {
        var out = RecordBuffer()
        out.append(1)
        let masker = try RecordMasker(.operators)
        let bytes: [UInt8] = [0x5A, 5, 0x0A, 1, 0x61, 0x0A, 9]
        do {
            try masker.rewrite(bytes.span, to: &out)
            Issue.record("damaged bytes were accepted")
        } catch {
            #expect(error.code == .truncated)
        }
        #expect(out.copied() == [1])
    }
}
