/// Passes over fields that are let through as they stand, by a table of what follows on each tag.
///
/// It only ever stops too early: at whatever is not known, hidden, long or broken, for someone who looks closely.
struct ClearPassage: Sendable {
    private enum Step: UInt8 {
        case stop, varint, eight, text, message
    }

    // For each message, where its steps begin in `steps`; they stand there by their tags, from 0 on.
    private let first: [Int]
    // A step in the lowest byte, above it the message that follows on the tag, for those that one follows on.
    private let steps: [UInt32]

    // Tags of two bytes are those of fields up to 2047.
    private static let tagLimit = 1 << 14

    /// - Parameters:
    ///   - plan: The schema.
    ///   - isVisible: Whether the field at a place of the plan is let through, or what is in it, if it is a message.
    ///   - isClear: Whether nothing in a message is hidden.
    init(plan: WirePlan, isVisible: (Int) -> Bool, isClear: (Int) -> Bool) {
        var first: [Int] = []
        var steps: [UInt32] = []
        for message in 0..<plan.messageCount {
            first.append(steps.count)
            let places = plan.places(of: message)
            var table = [UInt32](repeating: 0, count: min(places.count * 8, Self.tagLimit))
            for place in places where isVisible(place) {
                let field = plan[place]
                for type in [WireType.varint, .fixed64, .lengthDelimited] where field.accepts(type) {
                    let tag = (place - places.lowerBound) << 3 | Int(type.rawValue)
                    guard tag < table.count else { continue }
                    switch type {
                    case .varint: table[tag] = UInt32(Step.varint.rawValue)
                    case .fixed64: table[tag] = UInt32(Step.eight.rawValue)
                    default:
                        guard field.form == .message else {
                            table[tag] = UInt32(Step.text.rawValue)
                            continue
                        }
                        guard isClear(field.child) else { continue }
                        table[tag] = UInt32(Step.message.rawValue) | UInt32(field.child) << 8
                    }
                }
            }
            steps += table
        }
        self.first = first + [steps.count]
        self.steps = steps
    }

    /// Where the first field begins that has to be looked at; the end of the message when there is none.
    func end(of message: Int, _ bytes: Span<UInt8>, in range: Range<Int>) -> Int {
        let (start, count) = (first[message], first[message &+ 1] &- first[message])
        let end = range.upperBound
        var position = range.lowerBound
        while position < end {
            var at = position
            var tag = Int(bytes[at])
            at &+= 1
            if tag >= 0x80 {
                guard at < end, bytes[at] < 0x80 else { return position }
                tag = tag & 0x7F | Int(bytes[at]) << 7
                at &+= 1
            }
            guard tag < count else { return position }
            let step = steps[start &+ tag]
            switch Step(rawValue: UInt8(truncatingIfNeeded: step)) {
            case .varint:
                let limit = min(end, at &+ 9)
                while at < limit, bytes[at] >= 0x80 { at &+= 1 }
                guard at < limit else { return position }
                at &+= 1
            case .eight:
                guard end &- at >= 8 else { return position }
                at &+= 8
            case .text, .message:
                guard at < end else { return position }
                var length = Int(bytes[at])
                at &+= 1
                if length >= 0x80 {
                    guard at < end, bytes[at] < 0x80 else { return position }
                    length = length & 0x7F | Int(bytes[at]) << 7
                    at &+= 1
                }
                guard length <= end &- at else { return position }
                let inner = at..<(at &+ length)
                at = inner.upperBound
                // Nothing is hidden in it, so what is not passed over may be something that nobody knows.
                if UInt8(truncatingIfNeeded: step) == Step.message.rawValue,
                    self.end(of: Int(step >> 8), bytes, in: inner) < inner.upperBound
                {
                    return position
                }
            default: return position
            }
            position = at
        }
        return end
    }
}
