import CanonicalRecords

/// Small readings of ASCII digits.
enum Digits {
    /// The number that the digits in `range` write; other bytes give nonsense, never a trap.
    ///
    /// - Precondition: the range lies within the span and is at most 18 long.
    @inline(__always)
    static func value(of bytes: Span<UInt8>, in range: Range<Int>) -> Int {
        var value = 0
        for index in range { value = value &* 10 &+ Int(bytes[index] &- 0x30) }
        return value
    }

    /// Whether the bytes in `range` are all digits.
    @inline(__always)
    static func areAll(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        for index in range where bytes[index] &- 0x30 > 9 { return false }
        return true
    }

    /// Whether the eight bytes from `start` on are all digits.
    @inline(__always)
    static func areEight(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        // The high half of each byte is 3, and adding 6 to the low half does not carry into it.
        let word = bytes.word64(at: start)
        return (word & 0xF0F0_F0F0_F0F0_F0F0) | ((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) &>> 4
            == 0x3333_3333_3333_3333
    }

    /// The eight bytes from `start` on, where they are digits and signs as `form` says; nil otherwise.
    ///
    /// - Parameter form: The signs as they are, and zeros for digits.
    /// - Returns: The values of the digits, first one lowest, and zeros for the signs.
    @inline(__always)
    static func eight(_ bytes: Span<UInt8>, at start: Int, like form: DigitForm) -> UInt64? {
        let word = bytes.word64(at: start) ^ form.text
        // Values over 9, and signs that differ, reach the highest bit of their byte.
        return (word | (word &+ form.reach)) & 0x8080_8080_8080_8080 == 0 ? word : nil
    }

    /// The sum of eight digits from `start` on, each twice as heavy as the next one.
    @inline(__always)
    static func doublingSum(_ bytes: Span<UInt8>, at start: Int) -> Int {
        let digits = bytes.word64(at: start) & 0x0F0F_0F0F_0F0F_0F0F
        let pairs = (digits &* 2 &+ digits &>> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 4 &+ pairs &>> 16) & 0x0000_FFFF_0000_FFFF
        return Int(truncatingIfNeeded: (fours &* 16 &+ fours &>> 32) & 0xFFFF)
    }

    /// Two digits of ``eight(_:at:like:)``, or of a word of digits, as a number.
    @inline(__always)
    static func pair(_ word: UInt64, at index: UInt64) -> Int {
        let two = word &>> (index &* 8)
        return Int(truncatingIfNeeded: (two & 0xF) &* 10 &+ (two &>> 8 & 0xF))
    }

    /// Appends two digits.
    ///
    /// - Precondition: 0 ≤ value ≤ 99.
    @inline(__always)
    static func appendTwo(_ value: Int, to output: inout RecordBuffer) {
        let tens = UInt32(truncatingIfNeeded: value) / 10
        let ones = UInt32(truncatingIfNeeded: value) &- tens &* 10
        output.append(packed: 0x3030 | tens | ones << 8, count: 2)
    }

    /// Appends two digits and a mark.
    ///
    /// - Precondition: 0 ≤ value ≤ 99.
    @inline(__always)
    static func appendTwo(_ value: Int, _ mark: UInt8, to output: inout RecordBuffer) {
        let tens = UInt32(truncatingIfNeeded: value) / 10
        let ones = UInt32(truncatingIfNeeded: value) &- tens &* 10
        output.append(packed: 0x3030 | tens | ones << 8 | UInt32(mark) << 16, count: 3)
    }

    /// Appends `value` with at least `width` digits.
    ///
    /// - Precondition: `value >= 0`.
    static func append(_ value: Int, width: Int, to output: inout RecordBuffer) {
        var divisor = 1
        for _ in 1..<max(1, width) { divisor *= 10 }
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(truncatingIfNeeded: 0x30 + value / divisor % 10))
            divisor /= 10
        }
    }

    /// Whether a spreadsheet has written the value as `3.70405E+17`.
    static func isScientific(_ bytes: Span<UInt8>) -> Bool {
        guard let mark = firstExponent(in: bytes), mark > 0, mark + 1 < bytes.count else { return false }
        for index in 0..<mark where bytes[index] != 0x2E && bytes[index] &- 0x30 > 9 { return false }
        var index = mark + 1
        if bytes[index] == 0x2B { index += 1 }
        return index < bytes.count && bytes.count - index <= 2 && areAll(bytes, in: index..<bytes.count)
            && (bytes[mark + 1] == 0x2B || hasPoint(bytes, before: mark))
    }

    private static func firstExponent(in bytes: Span<UInt8>) -> Int? {
        for index in 0..<bytes.count where bytes[index] | 0x20 == 0x65 { return index }
        return nil
    }

    private static func hasPoint(_ bytes: Span<UInt8>, before end: Int) -> Bool {
        for index in 0..<end where bytes[index] == 0x2E { return true }
        return false
    }
}

/// Where eight characters have digits, and which signs stand between them.
struct DigitForm: Sendable {
    fileprivate let text: UInt64
    fileprivate let reach: UInt64

    /// A number, so that the compiler knows all of a form: a constant made of a text would have to be asked for.
    ///
    /// - Parameter text: Eight ASCII characters, the first one lowest; `0` stands for a digit.
    @inline(__always)
    init(_ text: UInt64) {
        self.text = text
        // One in each byte that stands for a digit.
        let other = text ^ 0x3030_3030_3030_3030
        let digits = ~(other | (other &+ 0x7F7F_7F7F_7F7F_7F7F)) &>> 7 & 0x0101_0101_0101_0101
        reach = 0x7F7F_7F7F_7F7F_7F7F &- 9 &* digits
    }
}
