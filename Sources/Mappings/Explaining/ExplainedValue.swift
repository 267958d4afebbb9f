import CanonicalRecords

/// Shows the bytes of one field as text.
enum ExplainedValue {
    /// The values of a field, joined by a comma; nil when there are none.
    static func text(_ bytes: [UInt8], in shape: MessageShape, revealing: Bool) -> String? {
        guard let parts = parts(bytes.span, 0..<bytes.count, shape, revealing), !parts.isEmpty else { return nil }
        return parts.map(\.value).joined(separator: ", ")
    }

    private static func parts(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ shape: MessageShape, _ revealing: Bool
    ) -> [(name: String, value: String)]? {
        var cursor = WireCursor(over: bytes, range: range)
        var parts: [(name: String, value: String)] = []
        while let field = try? cursor.next(in: bytes) {
            guard let known = shape.field(number: field.number) else { continue }
            parts.append((known.name, value(field, known, bytes, revealing)))
        }
        return parts
    }

    private static func value(
        _ field: WireField, _ known: RecordField, _ bytes: Span<UInt8>, _ revealing: Bool
    ) -> String {
        let shown: String
        switch known.shape {
        case .message(let inner):
            let parts = parts(bytes, field.payload, inner, revealing) ?? []
            return "{" + parts.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "}"
        case .enumeration(let enumeration):
            shown = enumeration.value(number: Int(truncatingIfNeeded: field.value))?.shortName ?? "\(field.value)"
        case .bool: shown = field.value == 0 ? "false" : "true"
        case .double: shown = "\(Double(bitPattern: field.value))"
        case .int32, .int64, .uint64: shown = "\(Int64(bitPattern: field.value))"
        case .string, .bytes, .map:
            shown = bytes.extracting(field.payload).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        guard !revealing, let masking = known.masking else { return shown }
        return masking.masked(shown)
    }
}
