/// Writes the bytes of a message as JSON while it walks over them.
///
/// Writers of records put fields in the order of their numbers, each once; such messages are written in one pass. When
/// a message turns out otherwise, what was written of it is taken back and it is written the long way.
struct JSONWriter {
    let plan: WirePlan

    /// Appends one message.
    ///
    /// - Parameters:
    ///   - message: The index of the message in the plan.
    ///   - bytes: The bytes that the message is a part of.
    ///   - range: Where it stands in them.
    ///   - out: What the JSON is appended to.
    func write(
        _ message: Int, _ bytes: Span<UInt8>, in range: Range<Int>, to out: inout RecordBuffer
    ) throws(RecordError) {
        let start = out.count
        var state = MessageState()
        var cursor = WireCursor(over: bytes, range: range)
        out.append(0x7B)
        while let field = try cursor.next(in: bytes) {
            guard let index = plan.fieldIndex(of: field, in: message) else { continue }
            guard try write(field, plan[index], bytes, state: &state, to: &out) else {
                out.truncate(to: start)
                return try writeDisordered(message, bytes, in: range, to: &out)
            }
        }
        state.close(to: &out)
        out.append(0x7D)
    }

    /// What is known of a message half-way.
    struct MessageState {
        var last = 0
        var isFirst = true
        var hasOneof = false
        // The bracket that ends the open list or map.
        var closing: UInt8 = 0
        var lastKey = 0..<0

        @inline(__always)
        mutating func close(to out: inout RecordBuffer) {
            guard closing != 0 else { return }
            out.append(closing)
            closing = 0
        }
    }

    // False when the field is out of order.
    @inline(__always)
    private func write(
        _ field: WireField, _ entry: WirePlanField, _ bytes: Span<UInt8>, state: inout MessageState,
        to out: inout RecordBuffer
    ) throws(RecordError) -> Bool {
        if field.number == state.last {
            guard entry.isGathered else { return false }
        } else {
            guard field.number > state.last, !(entry.isInOneof && state.hasOneof) else { return false }
            state.last = field.number
            state.close(to: &out)
            if entry.isInOneof { state.hasOneof = true }
        }
        if entry.isGathered { return try writeGathered(field, entry, bytes, state: &state, to: &out) }
        guard !entry.isDefault(field) else { return true }
        appendKey(entry, isFirst: &state.isFirst, to: &out)
        try writeValue(field, entry, bytes, to: &out)
        return true
    }

    @inline(__always)
    func appendKey(_ entry: WirePlanField, isFirst: inout Bool, to out: inout RecordBuffer) {
        let skip = isFirst ? 1 : 0
        isFirst = false
        plan.appendText(entry.key.lowerBound &+ skip..<entry.key.upperBound, to: &out)
    }

    private func writeGathered(
        _ field: WireField, _ entry: WirePlanField, _ bytes: Span<UInt8>, state: inout MessageState,
        to out: inout RecordBuffer
    ) throws(RecordError) -> Bool {
        if entry.isPacked(field), field.payload.isEmpty { return true }
        let isOpen = state.closing != 0
        if isOpen {
            out.append(0x2C)
        } else {
            appendKey(entry, isFirst: &state.isFirst, to: &out)
            out.append(entry.form == .map ? 0x7B : 0x5B)
            state.closing = entry.form == .map ? 0x7D : 0x5D
        }
        if entry.form == .map {
            let pair = try MapEntry(field, bytes)
            guard !isOpen || bytes.precedes(state.lastKey, pair.key) else { return false }
            state.lastKey = pair.key
            try write(pair, bytes, to: &out)
        } else {
            try writeElements(field, entry, bytes, to: &out)
        }
        return true
    }

    /// Appends the value of one field on the wire to an open list: one, or as many as are packed together.
    func writeElements(
        _ field: WireField, _ entry: WirePlanField, _ bytes: Span<UInt8>, to out: inout RecordBuffer
    ) throws(RecordError) {
        guard entry.isPacked(field) else { return try writeValue(field, entry, bytes, to: &out) }
        var cursor = WireCursor(over: bytes, range: field.payload)
        var isFirst = true
        while cursor.position < cursor.end {
            if !isFirst { out.append(0x2C) }
            isFirst = false
            let value = entry.form == .double ? try cursor.fixed64(in: bytes) : try cursor.varint(in: bytes)
            writeNumber(value, entry, to: &out)
        }
    }

    /// Appends one pair of an open map.
    func write(_ pair: MapEntry, _ bytes: Span<UInt8>, to out: inout RecordBuffer) throws(RecordError) {
        try writeText(pair.key, bytes, to: &out)
        out.append(0x3A)
        try writeText(pair.value, bytes, to: &out)
    }

    /// Appends one value.
    @inline(__always)
    func writeValue(
        _ field: WireField, _ entry: WirePlanField, _ bytes: Span<UInt8>, to out: inout RecordBuffer
    ) throws(RecordError) {
        switch entry.form {
        case .string: try writeText(field.payload, bytes, to: &out)
        case .bytes: out.appendJSON(base64: bytes, in: field.payload)
        case .message: try write(entry.child, bytes, in: field.payload, to: &out)
        default: writeNumber(field.value, entry, to: &out)
        }
    }

    private func writeNumber(_ value: UInt64, _ entry: WirePlanField, to out: inout RecordBuffer) {
        switch entry.form {
        case .bool: for byte in (value == 0 ? "false" : "true").utf8 { out.append(byte) }
        case .int32: out.appendJSON(signed: Int64(Int32(truncatingIfNeeded: value)))
        case .double: out.appendJSON(double: Double(bitPattern: value))
        case .enumeration:
            let number = Int32(truncatingIfNeeded: value)
            guard let name = plan.valueName(number, of: entry.child) else {
                return out.appendJSON(signed: Int64(number))
            }
            plan.appendText(name, to: &out)
        default:
            out.append(0x22)
            if entry.form == .uint64 {
                out.appendJSON(unsigned: value)
            } else {
                out.appendJSON(signed: Int64(bitPattern: value))
            }
            out.append(0x22)
        }
    }

    private func writeText(_ range: Range<Int>, _ bytes: Span<UInt8>, to out: inout RecordBuffer) throws(RecordError) {
        guard bytes.isUTF8(in: range) else { throw RecordError(.text, at: range.lowerBound) }
        out.appendJSON(text: bytes, in: range)
    }
}
