import FoundationEssentials

/// The descriptors of a set of `.proto` files, and the way from them to shapes.
struct DescriptorSet {
    private let files: [FileDescriptor]
    // By full name: in which file, and the path to it there.
    private var messages: [String: (file: Int, path: [Int])] = [:]
    private var enums: [String: (file: Int, path: [Int])] = [:]

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
    init(serialised bytes: [UInt8]) throws(RecordError) {
        files = try DescriptorReader(bytes).read(FileDescriptors.self).files
        for (index, file) in files.enumerated() {
            for (at, message) in file.messages.enumerated() {
                messages[".\(file.package).\(message.name)"] = (index, [4, at])
            }
            for (at, value) in file.enums.enumerated() {
                enums[".\(file.package).\(value.name)"] = (index, [5, at])
            }
        }
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

    private func documentation(_ path: [Int], in file: Int) -> String {
        files[file].source.comments[path] ?? ""
    }

    // `outer` are the messages around this one. A message that holds itself would make walks over bytes unbounded.
    private func shape(
        _ name: String, within outer: [String], made: inout [String: MessageShape]
    ) throws(SchemaError) -> MessageShape {
        if let shape = made[name] { return shape }
        guard let (file, path) = messages[name] else { throw SchemaError("no message \(name)") }
        let message = files[file].messages[path[1]]
        guard !outer.contains(name) else { throw SchemaError("message \(name) holds itself") }
        var fields: [RecordField] = []
        for (at, field) in message.fields.enumerated() {
            let shape = try fieldShape(field, of: message, within: outer + [name], made: &made)
            fields.append(
                try recordField(
                    field, shape: shape, of: message, documentation: documentation(path + [2, at], in: file)))
        }
        let meaning = message.options.meaning
        let shape = MessageShape(
            name: message.name, title: meaning.title, clause: meaning.clause,
            documentation: documentation(path, in: file), fields: fields)
        made[name] = shape
        return shape
    }

    private func fieldShape(
        _ field: FieldDescriptor, of message: MessageDescriptor,
        within outer: [String], made: inout [String: MessageShape]
    ) throws(SchemaError) -> FieldShape {
        switch field.kind {
        case .string: .string
        case .bytes: .bytes
        case .bool: .bool
        case .int32: .int32
        case .int64: .int64
        case .uint64: .uint64
        case .double: .double
        case .enumeration: .enumeration(try enumeration(field.typeName))
        case .message where Self.isTextMap(field, of: message): .map
        case .message: .message(try shape(field.typeName, within: outer, made: &made))
        case nil: throw SchemaError("\(message.name).\(field.name) has a type that records do not use")
        }
    }

    private func recordField(
        _ field: FieldDescriptor, shape: FieldShape, of message: MessageDescriptor,
        documentation: String
    ) throws(SchemaError) -> RecordField {
        let meaning = field.options.meaning
        guard let kind = FieldKind(rawValue: meaning.kind) else {
            throw SchemaError("\(message.name).\(field.name) has an unknown kind")
        }
        let isMap = if case .map = shape { true } else { false }
        let isMessage = if case .message = shape { true } else { false }
        let oneof = field.isOptional ? nil : field.oneof.map { message.oneofs[$0].name }
        return RecordField(
            name: field.name, jsonName: field.jsonName, number: field.number, kind: kind, shape: shape,
            isRepeated: field.isRepeated && !isMap,
            hasPresence: !field.isRepeated && (field.isOptional || isMessage || oneof != nil),
            oneof: oneof, masking: try Masking.of(meaning.mask),
            refersTo: meaning.refersTo.isEmpty ? nil : meaning.refersTo,
            title: meaning.title, clause: meaning.clause, documentation: documentation)
    }

    // The entry of a map is a message within the one that has the map.
    private static func isTextMap(
        _ field: FieldDescriptor, of message: MessageDescriptor
    ) -> Bool {
        let entry = message.nested.first { field.typeName.hasSuffix(".\(message.name).\($0.name)") }
        return entry?.options.isMapEntry == true && entry?.fields.allSatisfy { $0.kind == .string } == true
    }

    private func enumeration(_ name: String) throws(SchemaError) -> Enumeration {
        guard let (file, path) = enums[name] else { throw SchemaError("no enum \(name)") }
        let found = files[file].enums[path[1]]
        let prefix = Self.prefix(of: found)
        let values = found.values.enumerated().map { at, value in
            let meaning = value.options.meaning
            let words = (meaning.title.isEmpty ? [] : [meaning.title]) + meaning.terms
            return EnumerationValue(
                number: value.number, name: value.name,
                shortName: value.name.hasPrefix(prefix) ? String(value.name.dropFirst(prefix.count)) : value.name,
                code: meaning.code, title: meaning.title, terms: words,
                documentation: documentation(path + [2, at], in: file))
        }
        let meaning = found.options.meaning
        return Enumeration(
            name: found.name, title: meaning.title, standard: meaning.standard,
            documentation: documentation(path, in: file), values: values)
    }

    // The first value of an enum is called PREFIX_UNSPECIFIED.
    private static func prefix(of found: EnumDescriptor) -> String {
        let (name, word) = (found.values.first?.name ?? "", "UNSPECIFIED")
        return name.hasSuffix(word) ? String(name.dropLast(word.count)) : name
    }
}
