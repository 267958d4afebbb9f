extension JSONWriter {
    /// Appends a message whose fields are out of order or repeated, as protobuf says they are to be read: the last
    /// single value wins, messages are merged, of a oneof the last member stays.
    func writeDisordered(
        _ message: Int, _ bytes: Span<UInt8>, in range: Range<Int>, to out: inout RecordBuffer
    ) throws(RecordError) {
        var found: [Found] = []
        // Another member of a oneof clears what came before it. No message has two oneofs; a test holds that.
        var member = (number: 0, start: 0)
        var cursor = WireCursor(over: bytes, range: range)
        while let field = try cursor.next(in: bytes) {
            guard let index = plan.fieldIndex(of: field, in: message) else { continue }
            let entry = plan[index]
            if entry.isInOneof, field.number != member.number { member = (field.number, field.start) }
            found.append(Found(field: field, entry: entry))
        }
        found.removeAll { $0.entry.isInOneof && $0.field.start < member.start }
        found.sort { ($0.field.number, $0.field.start) < ($1.field.number, $1.field.start) }
        var isFirst = true
        out.append(0x7B)
        var from = 0
        while from < found.count {
            let to = found[from...].firstIndex { $0.field.number != found[from].field.number } ?? found.count
            try write(found[from..<to], bytes, isFirst: &isFirst, to: &out)
            from = to
        }
        out.append(0x7D)
    }

    private struct Found {
        let field: WireField
        let entry: WirePlanField
    }

    // All fields of one number; there is at least one.
    private func write(
        _ same: ArraySlice<Found>, _ bytes: Span<UInt8>, isFirst: inout Bool, to out: inout RecordBuffer
    ) throws(RecordError) {
        guard let last = same.last else { return }
        let entry = last.entry
        if entry.form == .map {
            try writeMap(same, bytes, entry, isFirst: &isFirst, to: &out)
        } else if entry.isRepeated {
            let full = same.filter { !($0.entry.isPacked($0.field) && $0.field.payload.isEmpty) }
            guard !full.isEmpty else { return }
            appendKey(entry, isFirst: &isFirst, to: &out)
            for (index, found) in full.enumerated() {
                out.append(index == 0 ? 0x5B : 0x2C)
                try writeElements(found.field, entry, bytes, to: &out)
            }
            out.append(0x5D)
        } else if entry.form == .message {
            // Messages one behind the other are, by the rules of the wire format, the merged message.
            var merged = RecordBuffer(capacity: same.reduce(0) { $0 + $1.field.payload.count })
            for found in same { merged.append(bytes.extracting(found.field.payload)) }
            appendKey(entry, isFirst: &isFirst, to: &out)
            try write(entry.child, merged.bytes, in: 0..<merged.count, to: &out)
        } else if !entry.isDefault(last.field) {
            appendKey(entry, isFirst: &isFirst, to: &out)
            try writeValue(last.field, entry, bytes, to: &out)
        }
    }

    private func writeMap(
        _ same: ArraySlice<Found>, _ bytes: Span<UInt8>, _ entry: WirePlanField, isFirst: inout Bool,
        to out: inout RecordBuffer
    ) throws(RecordError) {
        var pairs: [MapEntry] = []
        for found in same { pairs.append(try MapEntry(found.field, bytes)) }
        let order = Self.order(of: pairs, in: bytes)
        appendKey(entry, isFirst: &isFirst, to: &out)
        var previous: MapEntry?
        for index in order {
            let pair = pairs[index]
            // The later of two entries with one key comes first in the order, and wins.
            if let previous, !bytes.precedes(previous.key, pair.key) { continue }
            out.append(previous == nil ? 0x7B : 0x2C)
            try write(pair, bytes, to: &out)
            previous = pair
        }
        out.append(0x7D)
    }

    // By key, and for the same key the last one first. A span cannot be captured, so the keys are copied.
    private static func order(of pairs: [MapEntry], in bytes: Span<UInt8>) -> [Int] {
        var keys: [[UInt8]] = []
        for pair in pairs {
            var key: [UInt8] = []
            key.append(bytes.extracting(pair.key))
            keys.append(key)
        }
        return pairs.indices.sorted { left, right in
            if keys[left] == keys[right] { return left > right }
            return keys[left].lexicographicallyPrecedes(keys[right])
        }
    }
}
