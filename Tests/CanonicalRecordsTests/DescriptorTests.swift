import CanonicalRecords
import SwiftProtobuf
import Testing

/// The schema says what another reader of the same descriptors says.
@Suite struct DescriptorTests {
    private let schema = RecordSchema.canonical
    private let files: [Google_Protobuf_FileDescriptorProto]

    init() throws {
        files = try Google_Protobuf_FileDescriptorSet(
            serializedBytes: RecordSchema.descriptorSet, extensions: Qiao_Records_V1_Options_Extensions
        ).file
    }

    private func documentation(_ path: [Int32], in file: Google_Protobuf_FileDescriptorProto) -> String {
        let location = file.sourceCodeInfo.location.first { $0.path == path && !$0.leadingComments.isEmpty }
        return (location?.leadingComments ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func messagesAndFields() throws {
        var found = 0
        for file in files where file.package == "qiao.records.v1" {
            for (at, message) in file.messageType.enumerated() {
                guard let shape = schema.shape(named: message.name) else { continue }
                found += 1
                let meaning = message.options.Qiao_Records_V1_shape
                #expect(shape.title == meaning.title && shape.clause == meaning.clause, "\(message.name)")
                #expect(shape.documentation == documentation([4, Int32(at)], in: file), "\(message.name)")
                #expect(shape.fields.count == message.field.count, "\(message.name)")
                for (place, field) in message.field.enumerated() {
                    let documentation = documentation([4, Int32(at), 2, Int32(place)], in: file)
                    let known = try #require(shape.field(named: field.name), "\(message.name).\(field.name)")
                    compare(known, field, of: message, documentation)
                }
            }
        }
        #expect(found == schema.shapes.count)
    }

    private func compare(
        _ known: RecordField, _ field: Google_Protobuf_FieldDescriptorProto,
        of message: Google_Protobuf_DescriptorProto, _ documentation: String
    ) {
        let name: Comment = "\(message.name).\(field.name)"
        let meaning = field.options.Qiao_Records_V1_field
        #expect(known.jsonName == field.jsonName && known.number == Int(field.number), name)
        #expect(known.kind.rawValue == meaning.kind.rawValue && known.title == meaning.title, name)
        #expect(known.clause == meaning.clause && known.refersTo ?? "" == meaning.refersTo, name)
        #expect((known.masking == nil) == (meaning.mask == .unspecified), name)
        #expect(known.documentation == documentation, name)
        let isMap = if case .map = known.shape { true } else { false }
        #expect((known.isRepeated || isMap) == (field.label == .repeated), name)
        let oneof = field.hasOneofIndex && !field.proto3Optional ? message.oneofDecl[Int(field.oneofIndex)].name : nil
        #expect(known.oneof == oneof && (!field.proto3Optional || known.hasPresence), name)
        switch known.shape {
        case .string: #expect(field.type == .string, name)
        case .bytes: #expect(field.type == .bytes, name)
        case .bool: #expect(field.type == .bool, name)
        case .int32: #expect(field.type == .int32, name)
        case .int64: #expect(field.type == .int64, name)
        case .uint64: #expect(field.type == .uint64, name)
        case .double: #expect(field.type == .double, name)
        case .enumeration(let inner): #expect(field.type == .enum && field.typeName.hasSuffix(".\(inner.name)"), name)
        case .message(let inner): #expect(field.type == .message && field.typeName.hasSuffix(".\(inner.name)"), name)
        case .map: #expect(field.type == .message && field.label == .repeated, name)
        }
    }

    @Test func enumsAndValues() throws {
        var found = 0
        for file in files where file.package == "qiao.records.v1" {
            for (at, declared) in file.enumType.enumerated() {
                guard let known = schema.enumeration(named: declared.name) else { continue }
                found += 1
                let meaning = declared.options.Qiao_Records_V1_table
                #expect(known.title == meaning.title && known.standard == meaning.standard, "\(declared.name)")
                #expect(known.documentation == documentation([5, Int32(at)], in: file), "\(declared.name)")
                #expect(known.values.map(\.name) == declared.value.map(\.name))
                for (place, value) in declared.value.enumerated() {
                    let one = known.values[place]
                    let meaning = value.options.Qiao_Records_V1_value
                    let words = (meaning.title.isEmpty ? [] : [meaning.title]) + meaning.terms
                    #expect(one.number == Int(value.number) && one.code == meaning.code, "\(value.name)")
                    #expect(one.title == meaning.title && one.terms == words, "\(value.name)")
                    #expect(one.documentation == documentation([5, Int32(at), 2, Int32(place)], in: file))
                }
            }
        }
        #expect(found == schema.enumerations.count)
    }
}
