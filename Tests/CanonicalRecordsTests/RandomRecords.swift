import CanonicalRecords

/// A small generator whose numbers follow from its seed, so that a failure can be repeated.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Writes random records of every type, straight from the schema.
struct RandomRecords {
    var generator: SplitMix64
    private let schema = RecordSchema.canonical

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// The bytes of a record: fields in order, values that say nothing left out, map entries by key.
    mutating func record(_ type: RecordType? = nil) -> [UInt8] {
        let type = type ?? schema.recordTypes.randomElement(using: &generator)
        var buffer = RecordBuffer(capacity: 16)
        for field in schema.record.fields where field.oneof == nil || field.number == type?.bodyNumber {
            if field.oneof != nil || Bool.random(using: &generator) { append(field, to: &buffer) }
        }
        return buffer.copied()
    }

    private mutating func append(_ shape: MessageShape, to buffer: inout RecordBuffer) {
        for field in shape.fields where Int.random(in: 0..<3, using: &generator) > 0 { append(field, to: &buffer) }
    }

    private mutating func append(_ field: RecordField, to buffer: inout RecordBuffer) {
        if case .map = field.shape {
            let keys = Set((0..<Int.random(in: 1...4, using: &generator)).map { _ in text() })
            for key in keys.sorted() {
                buffer.appendMapEntry(field.number, key: key.utf8.span, value: text().utf8.span)
            }
        } else if field.isPacked {
            let mark = buffer.beginMessage(field: field.number)
            for _ in 0..<Int.random(in: 1...5, using: &generator) { buffer.appendVarint(varint(field.shape)) }
            buffer.endMessage(mark)
        } else {
            let count = field.isRepeated ? Int.random(in: 1...4, using: &generator) : 1
            for _ in 0..<count { appendOne(field, to: &buffer) }
        }
    }

    private mutating func appendOne(_ field: RecordField, to buffer: inout RecordBuffer) {
        let number = field.number
        switch field.shape {
        case .string, .bytes, .map:
            let text = text()
            if !text.isEmpty || field.isRepeated { buffer.appendField(number, text: text.utf8.span) }
        case .double:
            let value = [0, -0.5, 1e21, 76.25, .infinity, .nan, 0.1, 3].randomElement(using: &generator) ?? 0
            buffer.appendField(number, double: value)
        case .message(let shape):
            let mark = buffer.beginMessage(field: number)
            append(shape, to: &buffer)
            buffer.endMessage(mark)
        case .bool, .int32, .int64, .uint64, .enumeration:
            let value = varint(field.shape)
            if value != 0 || field.hasPresence { buffer.appendField(number, varint: value) }
        }
    }

    private mutating func varint(_ shape: FieldShape) -> UInt64 {
        switch shape {
        case .bool: UInt64.random(in: 0...1, using: &generator)
        case .enumeration(let table):
            UInt64(table.values.randomElement(using: &generator)?.number ?? 0)
        case .int32: UInt64(bitPattern: Int64(Int32.random(in: .min ... .max, using: &generator)))
        default: [0, 1, 300, .max, 1 << 63, generator.next()].randomElement(using: &generator) ?? 0
        }
    }

    /// Text with what JSON has to escape, and with characters of every length in UTF-8.
    mutating func text() -> String {
        let characters: [Unicode.Scalar] = [
            "a", "Z", "0", " ", "张", "三", "楼", "\u{10}", "\n", "\t", "\r", "\"", "\\", "/", "\u{7F}", "\u{85}", "·",
            "é", "𠮷", "\u{0}", "\u{8}", "\u{C}", "\u{2028}", "’", "<",
        ]
        let length = [0, 1, 3, 8, 30, 200].randomElement(using: &generator) ?? 0
        var text = ""
        for _ in 0..<length {
            let isPlain = Int.random(in: 0..<4, using: &generator) > 0
            text.unicodeScalars.append(isPlain ? "文" : characters.randomElement(using: &generator) ?? "a")
        }
        return text
    }
}

extension RecordBuffer {
    /// Appends one entry of a map from text to text.
    mutating func appendMapEntry(_ number: Int, key: Span<UInt8>, value: Span<UInt8>) {
        let entry = beginMessage(field: number)
        appendField(1, text: key)
        appendField(2, text: value)
        endMessage(entry)
    }
}
