/// A decimal number as people write one, read exactly: no floating point anywhere.
struct DecimalNumber: Sendable, Hashable {
    /// The digits as an integer.
    var mantissa: Int64
    /// Digits behind the point.
    var scale: Int
    /// Where the number ends in the text.
    var end: Int

    /// Why no number was read.
    enum Failure: Error {
        case format
        case range
    }

    /// Reads `-1,234.50` at `start`. Separators must stand between groups of three.
    static func read(_ text: Span<UInt8>, at start: Int) throws(Failure) -> DecimalNumber {
        var index = start
        var isNegative = false
        if index < text.count, text[index] == 0x2D || text[index] == 0x2B {
            isNegative = text[index] == 0x2D
            index += 1
        }
        var number = DecimalNumber(mantissa: 0, scale: 0, end: index)
        let digits = try number.readWhole(text)
        let fraction = try number.readFraction(text)
        guard digits + fraction > 0 else { throw .format }
        if isNegative { number.mantissa = -number.mantissa }
        return number
    }

    /// The value with `scale` digits behind the point; nil when it has more that are not zero, or is too big.
    func scaled(to wanted: Int) throws(Failure) -> Int64? {
        var value = mantissa
        var digits = scale
        while digits > wanted {
            if value % 10 != 0 { return nil }
            value /= 10
            digits -= 1
        }
        while digits < wanted {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { throw .range }
            value = product
            digits += 1
        }
        return value
    }

    private mutating func readWhole(_ text: Span<UInt8>) throws(Failure) -> Int {
        var digits = 0
        var group = 0
        var isGrouped = false
        while end < text.count {
            let byte = text[end]
            if byte &- 0x30 <= 9 {
                try push(byte)
                digits += 1
                group += 1
            } else if byte == 0x2C {
                guard isGrouped ? group == 3 : group >= 1 && group <= 3 else { throw .format }
                (isGrouped, group) = (true, 0)
            } else {
                break
            }
            end += 1
        }
        guard !isGrouped || group == 3 else { throw .format }
        return digits
    }

    private mutating func readFraction(_ text: Span<UInt8>) throws(Failure) -> Int {
        guard end < text.count, text[end] == 0x2E else { return 0 }
        end += 1
        var digits = 0
        while end < text.count, text[end] &- 0x30 <= 9 {
            try push(text[end])
            digits += 1
            end += 1
        }
        scale = digits
        guard digits > 0 else { throw .format }
        return digits
    }

    private mutating func push(_ byte: UInt8) throws(Failure) {
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int64(byte &- 0x30))
        guard !overflow, !carry else { throw .range }
        mantissa = sum
    }
}
