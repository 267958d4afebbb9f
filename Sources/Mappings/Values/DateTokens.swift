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
        var index = 0
        while index < folded.count, !isForeign {
            index = step(folded, at: index)
        }
    }

    /// The number at `index`; 0 behind the end.
    func value(_ index: Int) -> Int { index < count ? Int(values[index]) : 0 }
    /// How many digits it was written with; 0 behind the end.
    func width(_ index: Int) -> Int { index < count ? Int(widths[index]) : 0 }
    /// The mark behind it.
    func mark(_ index: Int) -> DateMark { index < count ? marks[index] : .end }

    private mutating func step(_ folded: FoldedValue, at start: Int) -> Int {
        var index = start
        if folded[index] &- 0x30 <= 9 {
            var value: Int32 = 0
            while folded[index] &- 0x30 <= 9, index - start < 9 {
                value = value * 10 + Int32(folded[index] &- 0x30)
                index += 1
            }
            // Nine digits and more belong to the compact forms, which are read before any tokens.
            if folded[index] &- 0x30 <= 9 { isForeign = true }
            add(value, width: index - start)
            return index
        }
        let scalar = Scalars.next(in: folded.span, at: &index, end: folded.count)
        if ChineseNumerals.digit(scalar) != nil || ChineseNumerals.isTen(scalar) {
            let number = ChineseNumerals.read(folded, at: start)
            add(number.value, width: number.width)
            return number.end
        }
        mark(scalar, folded, &index)
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

    private mutating func mark(_ scalar: UInt32, _ folded: FoldedValue, _ index: inout Int) {
        switch Unicode.Scalar(scalar) {
        case "上", "早", "凌": half(morning: true, folded, &index)
        case "下", "晚": half(morning: false, folded, &index)
        case "a", "A": half(morning: true, folded, &index)
        case "p", "P": half(morning: false, folded, &index)
        case let other: place(other.flatMap(DateMark.init(scalar:)))
        }
    }

    // 上午, 早上, 凌晨, 下午, 晚上, AM, PM: two characters each.
    private mutating func half(morning: Bool, _ folded: FoldedValue, _ index: inout Int) {
        guard index < folded.count else {
            isForeign = true
            return
        }
        let second = Scalars.next(in: folded.span, at: &index, end: folded.count)
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

    init?(scalar: Unicode.Scalar) {
        switch scalar {
        case "-": self = .hyphen
        case "/": self = .slash
        case ".", "．", "。": self = .dot
        case "年": self = .year
        case "月": self = .month
        case "日", "号", "號": self = .day
        case "时", "時", "点", "點": self = .hour
        case "分": self = .minute
        case "秒": self = .second
        case ":": self = .colon
        case "T", "t": self = .time
        case " ": self = .blank
        case "+": self = .plus
        case "Z", "z": self = .zulu
        default: return nil
        }
    }
}

/// Numbers up to four digits in Chinese numerals: 二〇二三 by position, 三十一 by value.
enum ChineseNumerals {
    /// The digit that a scalar writes.
    static func digit(_ scalar: UInt32) -> Int32? {
        switch Unicode.Scalar(scalar) {
        case "〇", "○", "零", "Ｏ", "◯": 0
        case "一": 1
        case "二": 2
        case "三": 3
        case "四": 4
        case "五": 5
        case "六": 6
        case "七": 7
        case "八": 8
        case "九": 9
        default: nil
        }
    }

    /// 十, and 廿 and 卅, which stand for two and three of them.
    static func isTen(_ scalar: UInt32) -> Bool {
        scalar == 0x5341 || scalar == 0x5EFF || scalar == 0x5345
    }

    /// Reads the numerals at `start`: their value, the digits it would have, and where they end.
    static func read(_ folded: FoldedValue, at start: Int) -> (value: Int32, width: Int, end: Int) {
        var index = start
        var value: Int32 = 0
        var digits = 0
        var hasTen = false
        while index < folded.count, digits < 8 {
            var next = index
            let scalar = Scalars.next(in: folded.span, at: &next, end: folded.count)
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
