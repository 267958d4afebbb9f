// The messages of options.proto, each as the option of something; the numbers are those of their fields there.

/// `ShapeMeaning`, of a message.
struct ShapeMeaning: DescriptorPart {
    var title = ""
    var clause = ""

    mutating func take(_ field: WireField, _ reader: DescriptorReader) {
        switch field.number {
        case 1: title = reader.text(field)
        case 2: clause = reader.text(field)
        default: break
        }
    }
}

/// `FieldMeaning`, of a field.
struct FieldMeaning: DescriptorPart {
    var kind = 0
    var title = ""
    var mask = 0
    var clause = ""
    var refersTo = ""

    mutating func take(_ field: WireField, _ reader: DescriptorReader) {
        switch field.number {
        case 1: kind = Int(truncatingIfNeeded: field.value)
        case 2: title = reader.text(field)
        case 3: mask = Int(truncatingIfNeeded: field.value)
        case 4: clause = reader.text(field)
        case 5: refersTo = reader.text(field)
        default: break
        }
    }
}

/// `TableMeaning`, of an enum.
struct TableMeaning: DescriptorPart {
    var title = ""
    var standard = ""

    mutating func take(_ field: WireField, _ reader: DescriptorReader) {
        switch field.number {
        case 1: title = reader.text(field)
        case 2: standard = reader.text(field)
        default: break
        }
    }
}

/// `ValueMeaning`, of a value of an enum.
struct ValueMeaning: DescriptorPart {
    var code = ""
    var title = ""
    var terms: [String] = []

    mutating func take(_ field: WireField, _ reader: DescriptorReader) {
        switch field.number {
        case 1: code = reader.text(field)
        case 2: title = reader.text(field)
        case 3: terms.append(reader.text(field))
        default: break
        }
    }
}
