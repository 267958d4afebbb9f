// What a schema needs of the messages of descriptor.proto and options.proto; the numbers are those of their fields there.

/// A part of a descriptor set.
protocol DescriptorPart {
    init()
    /// Takes a field of the part; those that a schema does not need are passed over.
    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError)
}

/// Reads parts of a descriptor set.
///
/// SwiftProtobuf reads descriptors, too, but most of a start of a program went into it, namely into looking up types.
/// Tests hold what is read here against what it reads.
struct DescriptorReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The part that is all of the bytes.
    func read<Part: DescriptorPart>(_ type: Part.Type) throws(RecordError) -> Part {
        try read(type, in: bytes.indices)
    }

    /// The part that a field holds.
    func read<Part: DescriptorPart>(_ field: WireField) throws(RecordError) -> Part {
        try read(Part.self, in: field.payload)
    }

    private func read<Part: DescriptorPart>(_ type: Part.Type, in range: Range<Int>) throws(RecordError) -> Part {
        var part = Part()
        var cursor = WireCursor(over: bytes.span, range: range)
        while let field = try cursor.next(in: bytes.span) { try part.take(field, self) }
        return part
    }

    /// The text that a field holds.
    func text(_ field: WireField) -> String {
        String(decoding: bytes[field.payload], as: UTF8.self)
    }

    /// The text that a field holds, on one line.
    func line(_ field: WireField) -> String {
        var line: [UInt8] = []
        line.reserveCapacity(field.payload.count)
        var isBehindBlank = false
        for byte in bytes[field.payload] {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
                isBehindBlank = !line.isEmpty
            } else {
                if isBehindBlank { line.append(UInt8(ascii: " ")) }
                line.append(byte)
                isBehindBlank = false
            }
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// The packed numbers that a field holds.
    func numbers(_ field: WireField) throws(RecordError) -> [Int] {
        var cursor = WireCursor(over: bytes.span, range: field.payload)
        var numbers: [Int] = []
        while cursor.position < cursor.end {
            numbers.append(Int(truncatingIfNeeded: try cursor.varint(in: bytes.span)))
        }
        return numbers
    }
}

/// `google.protobuf.FileDescriptorSet`.
struct FileDescriptors: DescriptorPart {
    var files: [FileDescriptor] = []

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        if field.number == 1 { files.append(try reader.read(field)) }
    }
}

/// `google.protobuf.FileDescriptorProto`.
struct FileDescriptor: DescriptorPart {
    var package = ""
    var messages: [MessageDescriptor] = []
    var enums: [EnumDescriptor] = []
    var source = SourceComments()

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 2: package = reader.text(field)
        case 4: messages.append(try reader.read(field))
        case 5: enums.append(try reader.read(field))
        case 9: source = try reader.read(field)
        default: break
        }
    }
}

/// `google.protobuf.SourceCodeInfo`: the comments that stand before something.
struct SourceComments: DescriptorPart {
    /// By the path to what they stand before: numbers of fields of descriptors, each with an index.
    var comments: [[Int]: String] = [:]

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        guard field.number == 1 else { return }
        let location: SourceLocation = try reader.read(field)
        if !location.comment.isEmpty, comments[location.path] == nil { comments[location.path] = location.comment }
    }
}

/// `google.protobuf.SourceCodeInfo.Location`.
struct SourceLocation: DescriptorPart {
    var path: [Int] = []
    var comment = ""

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 1: path = try reader.numbers(field)
        case 3: comment = reader.line(field)
        default: break
        }
    }
}

/// `google.protobuf.DescriptorProto`.
struct MessageDescriptor: DescriptorPart {
    var name = ""
    var fields: [FieldDescriptor] = []
    var nested: [MessageDescriptor] = []
    var oneofs: [OneofDescriptor] = []
    var options = DescriptorOptions<ShapeMeaning>()

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 1: name = reader.text(field)
        case 2: fields.append(try reader.read(field))
        case 3: nested.append(try reader.read(field))
        case 7: options = try reader.read(field)
        case 8: oneofs.append(try reader.read(field))
        default: break
        }
    }
}

/// `google.protobuf.OneofDescriptorProto`.
struct OneofDescriptor: DescriptorPart {
    var name = ""

    mutating func take(_ field: WireField, _ reader: DescriptorReader) {
        if field.number == 1 { name = reader.text(field) }
    }
}

/// `google.protobuf.FieldDescriptorProto`.
struct FieldDescriptor: DescriptorPart {
    /// `google.protobuf.FieldDescriptorProto.Type`, as far as records use it.
    enum Kind: Int {
        case double = 1, int64 = 3, uint64 = 4, int32 = 5, bool = 8, string = 9, message = 11, bytes = 12, enumeration =
            14
    }

    var name = ""
    var number = 0
    var isRepeated = false
    /// nil: one that records do not use.
    var kind: Kind?
    var typeName = ""
    /// The oneof among those of the message.
    var oneof: Int?
    var jsonName = ""
    var isOptional = false
    var options = DescriptorOptions<FieldMeaning>()

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 1: name = reader.text(field)
        case 3: number = Int(truncatingIfNeeded: field.value)
        case 4: isRepeated = field.value == 3
        case 5: kind = Kind(rawValue: Int(truncatingIfNeeded: field.value))
        case 6: typeName = reader.text(field)
        case 8: options = try reader.read(field)
        case 9: oneof = Int(truncatingIfNeeded: field.value)
        case 10: jsonName = reader.text(field)
        case 17: isOptional = field.value != 0
        default: break
        }
    }
}

/// `google.protobuf.EnumDescriptorProto`.
struct EnumDescriptor: DescriptorPart {
    var name = ""
    var values: [EnumValueDescriptor] = []
    var options = DescriptorOptions<TableMeaning>()

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 1: name = reader.text(field)
        case 2: values.append(try reader.read(field))
        case 3: options = try reader.read(field)
        default: break
        }
    }
}

/// `google.protobuf.EnumValueDescriptorProto`.
struct EnumValueDescriptor: DescriptorPart {
    var name = ""
    var number = 0
    var options = DescriptorOptions<ValueMeaning>()

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 1: name = reader.text(field)
        case 2: number = Int(truncatingIfNeeded: field.value)
        case 3: options = try reader.read(field)
        default: break
        }
    }
}

/// Options of messages, fields, enums and their values.
struct DescriptorOptions<Meaning: DescriptorPart>: DescriptorPart {
    /// What options.proto adds.
    var meaning = Meaning()
    /// Of a message: whether it is the entry of a map.
    var isMapEntry = false

    mutating func take(_ field: WireField, _ reader: DescriptorReader) throws(RecordError) {
        switch field.number {
        case 7: isMapEntry = field.value != 0
        case 51_000: meaning = try reader.read(field)
        default: break
        }
    }
}
