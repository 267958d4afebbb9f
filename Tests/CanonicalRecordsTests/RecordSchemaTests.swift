import CanonicalRecords
import Foundation
import Testing

@Suite struct RecordSchemaTests {
    private let schema = RecordSchema.canonical

    @Test func recordTypesStandInTheOrderOfTheirNumbers() {
        #expect(
            schema.recordTypes.map(\.name) == [
                "Organisation", "Person", "RoleAssignment", "Place", "Case", "ControlTotal", "Station", "ServiceOrder",
                "MicroWish", "Project", "Agreement", "UnitCheckIn", "MemberCheckIn", "Evaluation", "Meeting",
                "Activity", "Fund", "Certificate",
            ])
        #expect(schema.recordTypes.map(\.bodyNumber) == Array(10...27))
        #expect(schema.recordType(named: "RoleAssignment")?.bodyName == "role_assignment")
        #expect(schema.recordType(bodyNumber: 11)?.title == "人员")
        #expect(schema.recordType(named: "person") == nil)
    }

    @Test func everyFieldHasKindTitleAndDocumentation() {
        for shape in schema.shapes {
            #expect(!shape.title.isEmpty && !shape.documentation.isEmpty, "\(shape.name)")
            for field in shape.fields {
                let name: Comment = "\(shape.name).\(field.name)"
                #expect(field.kind != .unspecified, name)
                #expect(!field.title.isEmpty, name)
                #expect(field.oneof == "body" || !field.documentation.isEmpty, name)
            }
        }
    }

    @Test func kindsFitTheShapesOfTheirFields() {
        for shape in schema.shapes {
            for field in shape.fields {
                #expect(Self.fits(field), "\(shape.name).\(field.name): \(field.kind)")
                #expect((field.kind == .reference) == (field.refersTo != nil), "\(shape.name).\(field.name)")
                if let target = field.refersTo { #expect(schema.recordType(named: target) != nil) }
            }
        }
    }

    private static func fits(_ field: RecordField) -> Bool {
        switch field.shape {
        case .string:
            ![.moneyFen, .count, .decimal, .percentage, .enumeration, .boolean, .structure, .longitude, .latitude]
                .contains(
                    field.kind)
        case .bytes: field.kind == .code
        case .bool: field.kind == .boolean
        case .int32, .int64, .uint64: [.moneyFen, .count].contains(field.kind)
        case .double: [.decimal, .percentage, .longitude, .latitude].contains(field.kind)
        case .enumeration: field.kind == .enumeration
        case .message: field.kind == .structure
        case .map: field.kind == .text
        }
    }

    @Test func namesOfPeopleAndTheirNumbersAreSensitiveWhereverTheyStand() {
        let expected: [FieldKind: Masking] = [
            .personName: .personName, .residentIdentityNumber: .identityNumber,
            .identityDocumentNumber: .identityNumber, .mobileNumber: .mobile,
        ]
        for shape in schema.shapes {
            for field in shape.fields {
                guard let masking = expected[field.kind] else { continue }
                #expect(field.masking == masking, "\(shape.name).\(field.name)")
            }
        }
        #expect(schema.shape(named: "Person")?.field(named: "political_status")?.masking == .code)
        #expect(schema.record.field(named: "extension")?.masking == .text)
    }

    @Test func noMessageHasTwoOneofs() {
        for shape in schema.shapes { #expect(Set(shape.fields.compactMap(\.oneof)).count <= 1) }
    }

    @Test func fieldsAreFoundByNameAndNumber() throws {
        let person = try #require(schema.recordType(named: "Person")).shape
        let field = try #require(person.field(named: "identity_number"))
        #expect(field.jsonName == "identityNumber")
        #expect(field.kind == .residentIdentityNumber)
        #expect(field.clause == "GB 11643-1999")
        #expect(person.field(number: field.number)?.name == "identity_number")
        #expect(person.field(named: "identityNumber") == nil)
        #expect(person.field(number: 0) == nil)
    }

    @Test func presenceAndListsAreTold() throws {
        let place = try #require(schema.shape(named: "Place"))
        #expect(try #require(place.field(named: "household_count")).hasPresence)
        #expect(try !#require(place.field(named: "name")).hasPresence)
        let events = try #require(schema.shape(named: "Case")?.field(named: "events"))
        #expect(events.isRepeated && !events.isPacked && !events.hasPresence)
        let usage = try #require(schema.shape(named: "Certificate")?.field(named: "key_usage"))
        #expect(usage.isPacked)
    }

    @Test func provenanceHasTheNumbersThatSummariesRead() {
        let numbers = ["id", "source", "mapping", "filing", "operation", "area_code"].map {
            schema.provenance.field(named: $0)?.number
        }
        #expect(numbers == [1, 2, 3, 5, 10, 13])
        #expect(schema.record.field(named: "provenance")?.number == 1)
    }

    @Test func committedDescriptorSetIsTheEmbeddedOne() throws {
        // `..` is left to the file system, so that the tests find the folder through a symbolic link too.
        let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        let path = folder + "/../../Sources/CanonicalRecords/Protos/records.binpb"
        let committed = try #require(FileManager.default.contents(atPath: path))
        #expect([UInt8](committed) == RecordSchema.descriptorSet, "Run Sources/CanonicalRecords/Protos/generate")
    }
}
