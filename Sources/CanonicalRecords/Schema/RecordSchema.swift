/// What every canonical record is made of: the descriptors of the `.proto` files as a model of plain values.
///
/// Mapping checks, documentation, masking and the JSON form all read it, so that a field is described once.
public struct RecordSchema: Sendable {
    /// The schema of this build, read once from the descriptors that are embedded in the binary.
    public static let canonical = RecordSchema(embedded: DescriptorSet.embedded)

    /// The record types, in the order of their numbers in the body of a record.
    public let recordTypes: [RecordType]
    /// The envelope: provenance, extension fields and the body.
    public let record: MessageShape
    /// Where a record comes from.
    public let provenance: MessageShape
    /// Every message that a record can hold, itself first, each once, in the order in which they are reached.
    public let shapes: [MessageShape]
    /// Every enum that a record can hold, each once, in the order in which they are reached.
    public let enumerations: [Enumeration]
    /// The serialised `google.protobuf.FileDescriptorSet`, with comments, for programs in other languages.
    public static let descriptorSet: [UInt8] = DescriptorSet.embeddedBytes

    /// The record type called `name`, e.g. `Person`.
    public func recordType(named name: String) -> RecordType? {
        recordTypes.first { $0.name == name }
    }

    /// The record type whose body has this field number in a record.
    public func recordType(bodyNumber: Int) -> RecordType? {
        recordTypes.first { $0.bodyNumber == bodyNumber }
    }

    /// The message called `name`, e.g. `CaseEvent`.
    public func shape(named name: String) -> MessageShape? {
        shapes.first { $0.name == name }
    }

    /// The enum called `name`, e.g. `PoliticalStatus`.
    public func enumeration(named name: String) -> Enumeration? {
        enumerations.first { $0.name == name }
    }

    /// Puts a schema together from the shape of its envelope.
    init(record: MessageShape) throws(SchemaError) {
        guard case .message(let provenance)? = record.field(named: "provenance")?.shape else {
            throw SchemaError("Record has no field provenance")
        }
        var walk = SchemaWalk()
        walk.visit(record)
        self.record = record
        self.provenance = provenance
        self.shapes = walk.shapes
        self.enumerations = walk.enumerations
        self.recordTypes = record.fields.compactMap(RecordType.init(bodyField:))
    }

    // The descriptors are part of the program: if they cannot be read, no part of it can work. A test reads them.
    private init(embedded: DescriptorSet) {
        do {
            self = try RecordSchema(record: embedded.shape(of: "qiao.records.v1.Record"))
        } catch {
            preconditionFailure("The embedded descriptors are unusable; regenerate them with Protos/generate: \(error)")
        }
    }
}

/// A kind of record: one message that can be the body of a record.
public struct RecordType: Sendable {
    /// The name of the message, e.g. `Person`. Mappings and routes use it.
    public let name: String
    /// The name for people, in Chinese, e.g. `人员`.
    public let title: String
    /// The number of its field in the body of a record.
    public let bodyNumber: Int
    /// The name of its field in the body of a record, e.g. `role_assignment`.
    public let bodyName: String
    /// Its fields.
    public let shape: MessageShape
    /// The standard that it comes from; empty where there is none.
    public let clause: String

    // Nil for the fields of the envelope that are no body.
    init?(bodyField: RecordField) {
        guard bodyField.oneof == "body", case .message(let shape) = bodyField.shape else { return nil }
        self.name = shape.name
        self.title = shape.title
        self.bodyNumber = bodyField.number
        self.bodyName = bodyField.name
        self.shape = shape
        self.clause = shape.clause
    }
}

/// Collects what can be reached from a message, each once.
private struct SchemaWalk {
    var shapes: [MessageShape] = []
    var enumerations: [Enumeration] = []

    mutating func visit(_ shape: MessageShape) {
        guard !shapes.contains(where: { $0.name == shape.name }) else { return }
        shapes.append(shape)
        for field in shape.fields {
            switch field.shape {
            case .message(let inner): visit(inner)
            case .enumeration(let inner) where !enumerations.contains(where: { $0.name == inner.name }):
                enumerations.append(inner)
            default: break
            }
        }
    }
}
