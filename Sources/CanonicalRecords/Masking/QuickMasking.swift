/// Rewrites records in one pass, by a table of what is done with each tag.
///
/// It gives up at whatever is not known, broken or framed as nobody frames it, for someone who looks closely; what it does
/// write is what looking closely would have written.
struct QuickMasking: Sendable {
    private enum Step: UInt8 {
        case giveUp
        // Let through as it stands.
        case revealText, revealVarint, revealEight
        // A message in which nothing is hidden, and in which there may be something that nobody knows.
        case check
        // A message in which something is hidden.
        case open
        case drop
        case hide
        // A pair of a map, whose value is hidden.
        case hideValue
    }

    // For each message, where its steps begin in `steps`; they stand there by their tags, from 0 on.
    private let first: [Int]
    // A step in the lowest byte; above it the message that follows on the tag, or how a text is hidden.
    private let steps: [UInt32]
    private let concealment: Concealment
    private let root: Int

    // Tags of two bytes are those of fields up to 2047.
    private static let tagLimit = 1 << 14

    /// - Parameters:
    ///   - plan: The schema.
    ///   - treatments: What happens to the field at each place of the plan.
    ///   - isClear: For each message, whether nothing in it is hidden.
    ///   - concealment: Hides texts.
    init(plan: WirePlan, treatments: [RecordPolicy.Treatment], isClear: [Bool], concealment: Concealment) {
        var first: [Int] = []
        var steps: [UInt32] = []
        for message in 0..<plan.messageCount {
            first.append(steps.count)
            let places = plan.places(of: message)
            var table = [UInt32](repeating: 0, count: min(places.count * 8, Self.tagLimit))
            for place in places {
                for type in [WireType.varint, .fixed64, .lengthDelimited] where plan[place].accepts(type) {
                    let tag = (place - places.lowerBound) << 3 | Int(type.rawValue)
                    guard tag < table.count else { continue }
                    table[tag] = Self.step(plan[place], type, treatments[place], isClear: isClear)
                }
            }
            steps += table
        }
        self.first = first + [steps.count]
        self.steps = steps
        self.concealment = concealment
        root = plan.record
    }

    private static func step(
        _ field: WirePlanField, _ type: WireType, _ treatment: RecordPolicy.Treatment, isClear: [Bool]
    ) -> UInt32 {
        func step(_ step: Step, _ detail: Int = 0) -> UInt32 { UInt32(step.rawValue) | UInt32(detail) << 8 }
        switch (treatment, field.form) {
        case (.reveal, .message): return step(isClear[field.child] ? .check : .open, field.child)
        case (.reveal, _):
            return step(type == .lengthDelimited ? .revealText : type == .varint ? .revealVarint : .revealEight)
        case (.drop, _): return step(.drop)
        case (_, .string): return step(.hide, Int(Concealment.Manner(treatment, field.masking).rawValue))
        case (_, .map): return step(.hideValue, Int(Concealment.Manner(treatment, field.masking).rawValue))
        default: return step(.drop)
        }
    }

    /// Appends the rewritten record; false when it has to be looked at closely, and what was appended is worth nothing.
    func rewrite(_ record: Span<UInt8>, to out: inout RecordBuffer) -> Bool {
        rewrite(root, record, 0..<record.count, to: &out)
    }

    private func rewrite(_ message: Int, _ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout RecordBuffer) -> Bool
    {
        let table = steps.span.extracting(first[message]..<first[message &+ 1])
        // What is let through is copied together, up to the next field that is not.
        var copied = range.lowerBound
        var position = range.lowerBound
        while true {
            position = Self.end(ofRevealed: table, bytes, from: position, to: range.upperBound)
            guard position < range.upperBound else { break }
            guard let field = QuickField(bytes, at: position, before: range.upperBound), field.tag < table.count else {
                return false
            }
            let step = table[field.tag]
            let kind = Step(rawValue: UInt8(truncatingIfNeeded: step))
            let start = position
            position = field.end
            if kind == .revealText || kind == .revealVarint || kind == .revealEight { continue }
            if kind == .check {
                guard isKnown(Int(step &>> 8), bytes, field.payload) else { return false }
                continue
            }
            if copied < start { out.append(bytes.extracting(copied..<start)) }
            copied = position
            switch kind {
            case .hide:
                concealment.append(
                    bytes.extracting(field.payload), Concealment.Manner(step: step), field: field.tag &>> 3, to: &out)
            case .hideValue:
                guard hideValue(of: field, bytes, Concealment.Manner(step: step), to: &out) else { return false }
            case .open:
                let mark = out.beginMessage(field: field.tag &>> 3)
                guard rewrite(Int(step &>> 8), bytes, field.payload, to: &out) else { return false }
                out.endMessage(mark)
            case .drop: continue
            default: return false
            }
        }
        if copied < position { out.append(bytes.extracting(copied..<position)) }
        return true
    }

    // Whether a message in which nothing is hidden holds nothing that would be left out.
    private func isKnown(_ message: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let table = steps.span.extracting(first[message]..<first[message &+ 1])
        var position = range.lowerBound
        while true {
            position = Self.end(ofRevealed: table, bytes, from: position, to: range.upperBound)
            guard position < range.upperBound else { return true }
            guard let field = QuickField(bytes, at: position, before: range.upperBound), field.tag < table.count else {
                return false
            }
            let step = table[field.tag]
            position = field.end
            switch Step(rawValue: UInt8(truncatingIfNeeded: step)) {
            case .revealText, .revealVarint, .revealEight: continue
            case .check where isKnown(Int(step &>> 8), bytes, field.payload): continue
            default: return false
            }
        }
    }

    // Passes over fields that are let through as they stand, with tags and lengths of one byte, as most have. Ends where
    // there is anything else.
    @inline(__always)
    private static func end(
        ofRevealed table: Span<UInt32>, _ bytes: Span<UInt8>, from start: Int, to end: Int
    ) -> Int {
        let raw = bytes.bytes
        var position = start
        while end &- position >= 2 {
            // Any two bytes are a valid word, and the load is checked against the bounds of the span.
            let word = UInt16(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt16.self))
            let (tag, length) = (Int(word & 0xFF), Int(word &>> 8))
            guard word & 0x8080 == 0, tag < table.count else { break }
            if table[tag] == UInt32(Step.revealText.rawValue) {
                guard length <= end &- position &- 2 else { break }
                position &+= 2 &+ length
            } else if table[tag] == UInt32(Step.revealVarint.rawValue) {
                position &+= 2
            } else {
                break
            }
        }
        return position
    }

    private func hideValue(
        of field: QuickField, _ bytes: Span<UInt8>, _ manner: Concealment.Manner, to out: inout RecordBuffer
    ) -> Bool {
        // A key and a value, as everybody writes them.
        guard let key = QuickField(bytes, at: field.payload.lowerBound, before: field.end), key.tag == 1 << 3 | 2,
            let value = QuickField(bytes, at: key.end, before: field.end), value.tag == 2 << 3 | 2,
            value.end == field.end
        else { return false }
        concealment.append(
            key: bytes.extracting(key.payload), value: bytes.extracting(value.payload), manner, field: field.tag &>> 3,
            to: &out)
        return true
    }
}

/// A field on the wire, read in the forms that nearly all have.
struct QuickField {
    /// Number and wire type.
    let tag: Int
    /// The content of what has a length; for numbers nothing that means anything.
    let payload: Range<Int>
    /// The offset behind it.
    var end: Int { payload.upperBound }

    /// Nil for fields that are in no message that we write, for tags and lengths that are very long, and for what is broken.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, at position: Int, before end: Int) {
        guard position < end else { return nil }
        var at = position
        var tag = Int(bytes[at])
        at &+= 1
        if tag >= 0x80 {
            guard at < end, bytes[at] < 0x80 else { return nil }
            tag = tag & 0x7F | Int(bytes[at]) &<< 7
            at &+= 1
        }
        self.tag = tag
        switch tag & 7 {
        case 2:
            guard at < end else { return nil }
            var length = Int(bytes[at])
            at &+= 1
            if length >= 0x80 {
                guard at < end, bytes[at] < 0x80 else { return nil }
                length = length & 0x7F | Int(bytes[at]) &<< 7
                at &+= 1
            }
            guard length <= end &- at else { return nil }
            payload = Range(uncheckedBounds: (at, at &+ length))
        case 0:
            // The tenth byte has room for one bit.
            let limit = min(end, at &+ 9)
            while at < limit, bytes[at] >= 0x80 { at &+= 1 }
            guard at < limit else { return nil }
            payload = Range(uncheckedBounds: (at, at &+ 1))
        case 1:
            guard end &- at >= 8 else { return nil }
            payload = Range(uncheckedBounds: (at, at &+ 8))
        default: return nil
        }
    }
}
