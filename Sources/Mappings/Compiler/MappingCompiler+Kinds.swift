import CanonicalRecords

extension MappingCompiler {
    /// The machine kind of a field; nil for messages and maps.
    static func valueKind(of field: RecordField) -> ValueKind? {
        switch field.kind {
        case .unspecified, .text: scalarKind(of: field)
        case .name, .reference: .name
        case .personName: .personName
        case .residentIdentityNumber: .identityNumber
        case .identityDocumentNumber: .identityDocumentNumber
        case .unifiedSocialCreditCode: .socialCreditCode
        case .mobileNumber: .mobile
        case .phoneNumber: .phone
        case .areaCode: .areaCode
        case .placeCode: .placeCode
        case .date: .date
        case .dateTime: .dateTime
        case .moneyFen: .money
        case .count: .count
        case .decimal: .decimal
        case .longitude: .longitude
        case .latitude: .latitude
        case .percentage: .percentage
        case .code: .code
        case .enumeration: .enumeration
        case .boolean: .boolean
        case .structure: nil
        }
    }

    private static func scalarKind(of field: RecordField) -> ValueKind? {
        switch field.shape {
        case .string: .text
        case .int32, .int64, .uint64: .count
        case .double: .decimal
        case .bool: .boolean
        case .enumeration: .enumeration
        case .bytes, .message, .map: nil
        }
    }

    static func wire(of field: RecordField) -> WireForm? {
        switch field.shape {
        case .string: .text
        case .bool, .int32, .int64, .uint64, .enumeration: .varint
        case .double: .double
        case .message: .message
        case .bytes, .map: nil
        }
    }

    func machine(_ kind: ValueKind, of field: RecordField, _ options: ValueOptions) -> ValueMachine {
        guard kind == .enumeration, case .enumeration(let enumeration) = field.shape else {
            return ValueMachine(kind, options: options)
        }
        return ValueMachine(kind, options: options, terms: Self.terms(of: enumeration))
    }

    /// Everything that names a value of an enum: its terms, its code, its names.
    static func terms(of enumeration: Enumeration) -> TermIndex {
        var terms: [(term: String, number: Int32)] = []
        let values = enumeration.values.filter { $0.number != 0 }
        for value in values {
            for word in [value.code] + value.terms + [value.shortName, value.name] where !word.isEmpty {
                terms.append((word, Int32(value.number)))
            }
        }
        return TermIndex(terms: terms)
    }

    /// A reference that is given plain values takes them as the natural key of the record that it refers to.
    mutating func source(of field: RecordField, _ source: StepSource, _ lookup: LookupPlan?) -> StepSource {
        guard field.kind == .reference, let type = field.refersTo else { return source }
        switch source {
        case .slots, .join, .split, .constant:
            let masking = field.masking ?? (type == "Person" ? Masking.text : nil)
            let part = KeyPartPlan(
                field: field.name, source: source, machine: keyMachine(ofType: type), lookup: lookup, masking: masking)
            return .identity(typeName: type, parts: [part])
        default: return source
        }
    }

    // Where the mapping itself gives such records, the value is evened out as their own key is.
    private func keyMachine(ofType type: String) -> ValueMachine {
        guard let draft = drafts.first(where: { $0.type.name == type }), let key = draft.node["key"],
            let name = key.text ?? (key.items?.count == 1 ? key.items?[0].text : nil),
            let field = draft.type.shape.field(named: name), let kind = Self.valueKind(of: field)
        else { return ValueMachine(.name) }
        return machine(kind, of: field, ValueOptions())
    }
}
