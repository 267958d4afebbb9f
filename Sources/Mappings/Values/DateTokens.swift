/// A date as people write one, cut into numbers and the marks behind them.
///
/// `1985年3月` becomes 1985 年, 3 月; `2026/11/21 8:00` becomes 2026 /, 11 /, 21 blank, 8 :, 0. Chinese numerals count as numbers:
/// 二〇二三 is 2023, 十二 is 12.
struct DateTokens {
    /// Numbers that are kept; no form has more.
    static let capacity = 9

    private var values = InlineArray<9, Int32>(repeating: 0)
    private var widths = InlineArray<9, UInt8>(repeating: 0)
    private var marks = InlineArray<9, DateMark>(repeating: .end)
    /// Numbers found.
    private(set) var count = 0
    /// Something stands there that no form of date has.
    private(set) var isForeign = false
    /// 下午, PM: twelve hours later.
    private(set) var isAfternoon = false
    /// 上午, AM.
    private(set) var isMorning = false

    init(_ folded: FoldedValue) {
        // The bytes, not the value around them: taking one byte of that would copy it.
        let text = folded.span
        var index = 0
        while index < text.count, !isForeign {
            index = step(text, at: index)
        }
    }

    /// The number at `index`; 0 behind the end.
    func value(_ index: Int) -> Int { index < count ? Int(values[index]) : 0 }
    /// How many digits it was written with; 0 behind the end.
    func width(_ index: Int) -> Int { index < count ? Int(widths[index]) : 0 }
    /// The mark behind it.
    func mark(_ index: Int) -> DateMark { index < count ? marks[index] : .end }

    private mutating func step(_ text: Span<UInt8>, at start: Int) -> Int {
        var index = start
        if text[index] &- 0x30 <= 9 {
            var value: Int32 = 0
            while index < text.count, text[index] &- 0x30 <= 9, index - start < 9 {
                value = value * 10 + Int32(text[index] &- 0x30)
                index += 1
            }
            // Nine digits and more belong to the compact forms, which are read before any tokens.
            if index < text.count, text[index] &- 0x30 <= 9 { isForeign = true }
            add(value, width: index - start)
            return index
        }
        let scalar = Scalars.next(in: text, at: &index, end: text.count)
        if scalar >= 0x80, ChineseNumerals.digit(scalar) != nil || ChineseNumerals.isTen(scalar) {
            let number = ChineseNumerals.read(text, at: start)
            add(number.value, width: number.width)
            return number.end
        }
        mark(scalar, text, &index)
        return index
    }

    private mutating func add(_ value: Int32, width: Int) {
        guard count < Self.capacity, count == 0 || marks[count - 1] != .end else {
            isForeign = true
            return
        }
        values[count] = value
        widths[count] = UInt8(clamping: width)
        count += 1
    }

    private mutating func mark(_ scalar: UInt32, _ text: Span<UInt8>, _ index: inout Int) {
        switch scalar {
        // 上, 早, 凌, a, A
        case 0x4E0A, 0x65E9, 0x51CC, 0x61, 0x41: half(morning: true, text, &index)
        // 下, 晚, p, P
        case 0x4E0B, 0x665A, 0x70, 0x50: half(morning: false, text, &index)
        default: place(DateMark(scalar: scalar))
        }
    }

    // 上午, 早上, 凌晨, 下午, 晚上, AM, PM: two characters each.
    private mutating func half(morning: Bool, _ text: Span<UInt8>, _ index: inout Int) {
        guard index < text.count else {
            isForeign = true
            return
        }
        let second = Scalars.next(in: text, at: &index, end: text.count)
        switch Unicode.Scalar(second) {
        case "午", "上", "晨", "m", "M": (isMorning, isAfternoon) = (morning, !morning)
        default: isForeign = true
        }
    }

    // A blank gives way to the mark beside it: `2026年11月21日 8时`, `8:00 +08:00`.
    private mutating func place(_ mark: DateMark?) {
        guard let mark, count > 0 else {
            isForeign = mark != .blank
            return
        }
        let current = marks[count - 1]
        if current == .end || current == .blank {
            marks[count - 1] = mark
        } else if mark == .blank {
            return
        } else {
            isForeign = true
        }
    }
}

/// What can stand behind a number of a date.
enum DateMark: UInt8, Sendable {
    case end, hyphen, slash, dot, year, month, day, hour, minute, second, colon, time, blank, plus, zulu

    init?(scalar: UInt32) {
        switch scalar {
        case 0x2D: self = .hyphen
        case 0x2F: self = .slash
        // The full-width and the ideographic one, too.
        case 0x2E, 0xFF0E, 0x3002: self = .dot
        case 0x3A: self = .colon
        case 0x20: self = .blank
        case 0x54, 0x74: self = .time
        case 0x2B: self = .plus
        case 0x5A, 0x7A: self = .zulu
        case 0x5E74: self = .year  // 年
        case 0x6708: self = .month  // 月
        case 0x65E5, 0x53F7, 0x865F: self = .day  // 日, 号, 號
        case 0x65F6, 0x6642, 0x70B9, 0x9EDE: self = .hour  // 时, 時, 点, 點
        case 0x5206: self = .minute  // 分
        case 0x79D2: self = .second  // 秒
        default: return nil
        }
    }
}

/// Numbers up to four digits in Chinese numerals: 二〇二三 by position, 三十一 by value.
enum ChineseNumerals {
    /// The digit that a scalar writes.
    static func digit(_ scalar: UInt32) -> Int32? {
        switch scalar {
        case 0x3007, 0x25CB, 0x96F6, 0xFF2F, 0x25EF: 0  // 〇, ○, 零, Ｏ, ◯
        case 0x4E00: 1
        case 0x4E8C: 2
        case 0x4E09: 3
        case 0x56DB: 4
        case 0x4E94: 5
        case 0x516D: 6
        case 0x4E03: 7
        case 0x516B: 8
        case 0x4E5D: 9
        default: nil
        }
    }

    /// 十, and 廿 and 卅, which stand for two and three of them.
    static func isTen(_ scalar: UInt32) -> Bool {
        scalar == 0x5341 || scalar == 0x5EFF || scalar == 0x5345
    }

    /// Reads the numerals at `start`: their value, the digits it would have, and where they end.
    static func read(_ text: Span<UInt8>, at start: Int) -> (value: Int32, width: Int, end: Int) {
        var index = start
        var value: Int32 = 0
        var digits = 0
        var hasTen = false
        while index < text.count, digits < 8 {
            var next = index
            let scalar = Scalars.next(in: text, at: &next, end: text.count)
            if let digit = digit(scalar) {
                value = hasTen ? value + digit : value * 10 + digit
            } else if isTen(scalar), !hasTen, value < 10 {
                value = (scalar == 0x5EFF ? 2 : scalar == 0x5345 ? 3 : max(1, value)) * 10
                hasTen = true
            } else {
                break
            }
            digits += 1
            index = next
        }
        return (value, hasTen ? 2 : digits, index)
    }
}
