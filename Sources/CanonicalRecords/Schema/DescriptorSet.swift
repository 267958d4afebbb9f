import FoundationEssentials
import SwiftProtobuf

/// The descriptors of a set of `.proto` files, and the way from them to shapes.
struct DescriptorSet {
    private let messages: [String: (message: Google_Protobuf_DescriptorProto, path: [Int32], file: Int)]
    private let enums: [String: (enum: Google_Protobuf_EnumDescriptorProto, path: [Int32], file: Int)]
    private let comments: [[[Int32]: String]]

    /// The bytes that `Protos/generate` embedded.
    static let embeddedBytes: [UInt8] = {
        let text = EmbeddedDescriptors.base64.withUTF8Buffer { Data($0) }
        guard let data = Data(base64Encoded: text) else {
            preconditionFailure("The embedded descriptors are not base64; regenerate them with Protos/generate")
        }
        return [UInt8](data)
    }()

    /// The descriptors that `Protos/generate` embedded, read anew: whoever needs them keeps what they make of them.
    static var embedded: DescriptorSet {
        do {
            return try DescriptorSet(serialised: embeddedBytes)
        } catch {
            preconditionFailure("The embedded descriptors are unusable; regenerate them with Protos/generate: \(error)")
        }
    }

    /// Reads a serialised `google.protobuf.FileDescriptorSet`.
    init(serialised bytes: [UInt8]) throws {
        let set = try Google_Protobuf_FileDescriptorSet(
            serializedBytes: bytes, extensions: Qiao_Records_V1_Options_Extensions)
        var messages: [String: (message: Google_Protobuf_DescriptorProto, path: [Int32], file: Int)] = [:]
        var enums: [String: (enum: Google_Protobuf_EnumDescriptorProto, path: [Int32], file: Int)] = [:]
        for (index, file) in set.file.enumerated() {
            for (at, message) in file.messageType.enumerated() {
                messages[".\(file.package).\(message.name)"] = (message, [4, Int32(at)], index)
            }
            for (at, value) in file.enumType.enumerated() {
                enums[".\(file.package).\(value.name)"] = (value, [5, Int32(at)], index)
            }
        }
        self.messages = messages
        self.enums = enums
        self.comments = set.file.map(Self.comments(of:))
    }

    /// The shape of the message with this full name, and of every message in it.
    func shape(of fullName: String) throws(SchemaError) -> MessageShape {
        var made: [String: MessageShape] = [:]
        return try shape(".\(fullName)", within: [], made: &made)
    }

    /// The enum of `options.proto` that is called so, with its comments; its values carry no codes.
    func options(named name: String) -> Enumeration? {
        try? enumeration(".qiao.records.v1.\(name)")
    }

    private static func comments(of file: Google_Protobuf_FileDescriptorProto) -> [[Int32]: String] {
        let locations = file.sourceCodeInfo.location.filter { !$0.leadingComments.isEmpty }
        return Dictionary(
            locations.map { ($0.path, onOneLine($0.leadingComments)) }, uniquingKeysWith: { first, _ in first })
    }

    // Bytes are looked at, not characters: every start of a program reads all comments.
    private static func onOneLine(_ comment: String) -> String {
        var line: [UInt8] = []
        for byte in comment.utf8 {
            let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
            if !isBlank { line.append(byte) } else if let last = line.last, last != 0x20 { line.append(0x20) }
        }
        if line.last == 0x20 { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    // `outer` are the messages around this one. A message that holds itself would make walks over bytes unbounded.
    private func shape(
        _ name: String, within outer: [String], made: inout [String: MessageShape]
    ) throws(SchemaError) -> MessageShape {
        if let shape = made[name] { return shape }
        guard let (message, path, file) = messages[name] else { throw SchemaError("no message \(name)") }
        guard !outer.contains(name) else { throw SchemaError("message \(name) holds itself") }
        var fields: [RecordField] = []
        for (at, field) in message.field.enumerated() {
            let shape = try fieldShape(field, of: message, within: outer + [name], made: &made)
            fields.append(
                try recordField(
                    field, shape: shape, of: message, documentation: comments[file][path + [2, Int32(at)]] ?? ""))
        }
        let meaning = message.options.Qiao_Records_V1_shape
        let shape = MessageShape(
            name: message.name, title: meaning.title, terms: meaning.terms, clause: meaning.clause,
            documentation: comments[file][path] ?? "", fields: fields)
        made[name] = shape
        return shape
    }

    private func fieldShape(
        _ field: Google_Protobuf_FieldDescriptorProto, of message: Google_Protobuf_DescriptorProto,
        within outer: [String], made: inout [String: MessageShape]
    ) throws(SchemaError) -> FieldShape {
        switch field.type {
        case .string: .string
        case .bytes: .bytes
        case .bool: .bool
        case .int32: .int32
        case .int64: .int64
        case .uint64: .uint64
        case .double: .double
        case .enum: .enumeration(try enumeration(field.typeName))
        case .message where Self.isTextMap(field, of: message): .map
        case .message: .message(try shape(field.typeName, within: outer, made: &made))
        default: throw SchemaError("\(message.name).\(field.name) has a type that records do not use")
        }
    }

    private func recordField(
        _ field: Google_Protobuf_FieldDescriptorProto, shape: FieldShape, of message: Google_Protobuf_DescriptorProto,
        documentation: String
    ) throws(SchemaError) -> RecordField {
        let meaning = field.options.Qiao_Records_V1_field
        guard let kind = FieldKind(rawValue: meaning.kind.rawValue) else {
            throw SchemaError("\(message.name).\(field.name) has an unknown kind")
        }
        let isMap = if case .map = shape { true } else { false }
        let isMessage = if case .message = shape { true } else { false }
        let oneof = field.hasOneofIndex && !field.proto3Optional ? message.oneofDecl[Int(field.oneofIndex)].name : nil
        return RecordField(
            name: field.name, jsonName: field.jsonName, number: Int(field.number), kind: kind, shape: shape,
            isRepeated: field.label == .repeated && !isMap,
            hasPresence: field.label != .repeated && (field.proto3Optional || isMessage || oneof != nil),
            oneof: oneof, masking: try Masking.of(meaning.mask),
            refersTo: meaning.refersTo.isEmpty ? nil : meaning.refersTo,
            title: meaning.title, terms: meaning.terms, clause: meaning.clause, documentation: documentation)
    }

    // Swift-protobuf keeps the entry type of a map as a nested message.
    private static func isTextMap(
        _ field: Google_Protobuf_FieldDescriptorProto, of message: Google_Protobuf_DescriptorProto
    ) -> Bool {
        let entry = message.nestedType.first { field.typeName.hasSuffix(".\(message.name).\($0.name)") }
        return entry?.options.mapEntry == true && entry?.field.allSatisfy { $0.type == .string } == true
    }

    private func enumeration(_ name: String) throws(SchemaError) -> Enumeration {
        guard let (found, path, file) = enums[name] else { throw SchemaError("no enum \(name)") }
        let prefix = found.value.first.map { $0.name.replacing("UNSPECIFIED", with: "") } ?? ""
        let values = found.value.enumerated().map { at, value in
            let meaning = value.options.Qiao_Records_V1_value
            let words = (meaning.title.isEmpty ? [] : [meaning.title]) + meaning.terms
            return EnumerationValue(
                number: Int(value.number), name: value.name,
                shortName: value.name.hasPrefix(prefix) ? String(value.name.dropFirst(prefix.count)) : value.name,
                code: meaning.code, title: meaning.title, terms: words,
                documentation: comments[file][path + [2, Int32(at)]] ?? "")
        }
        let meaning = found.options.Qiao_Records_V1_table
        return Enumeration(
            name: found.name, title: meaning.title, standard: meaning.standard,
            documentation: comments[file][path] ?? "", values: values)
    }
}
