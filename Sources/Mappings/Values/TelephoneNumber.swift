import CanonicalRecords

/// Mobile numbers and landlines of the Chinese numbering plan.
enum TelephoneNumber {
    /// Converts a mobile number to its 11 digits: +86, 0086, 86, a leading 0, blanks, hyphens and brackets go.
    static func convertMobile(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        if isMobile(raw) {
            output.append(raw)
            return .text()
        }
        var folded = FoldedValue(raw)
        if let outcome = unusable(folded) { return outcome }
        let several = hasSeveral(folded)
        strip(&folded)
        if isMobile(folded.span) {
            output.append(folded.span)
            return .text()
        }
        if several { return .rejected(.mobileSeveral) }
        return .rejected(isLandline(folded.span) ? .mobileLandline : .mobileFormat)
    }

    /// Converts a telephone number of any kind: a mobile number, `0537-7900000`, an extension as `-123`, 400/800 and short
    /// numbers. A local number without its area code is kept as it is.
    static func convertPhone(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        if isMobile(raw) {
            output.append(raw)
            return .text()
        }
        var folded = FoldedValue(raw)
        if let outcome = unusable(folded) { return outcome }
        var `extension` = FoldedValue(Span())
        splitExtension(&folded, &`extension`)
        strip(&folded)
        let number = folded.span
        guard isMobile(number) || isLandline(number) || isService(number) else { return .rejected(.phoneFormat) }
        let area = number[0] == 0x30 ? areaLength(number) : 0
        output.append(number.extracting(0..<area))
        if area > 0 { output.append(0x2D) }
        output.append(number.extracting(area..<number.count))
        if !`extension`.isEmpty {
            output.append(0x2D)
            output.append(`extension`.span)
        }
        return .text()
    }

    private static func unusable(_ folded: FoldedValue) -> ValueOutcome? {
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.tooLong) }
        return Digits.isScientific(folded.span) ? .rejected(.lostDigits) : nil
    }

    @inline(__always)
    private static func isMobile(_ number: Span<UInt8>) -> Bool {
        number.count == 11 && number[0] == 0x31 && number[1] >= 0x33 && Digits.areEight(number, at: 1)
            && Digits.areEight(number, at: 3)
    }

    // With or without its area code.
    private static func isLandline(_ number: Span<UInt8>) -> Bool {
        guard number.count >= 7, number.count <= 12, Digits.areAll(number, in: 0..<number.count) else { return false }
        let area = number[0] == 0x30 ? areaLength(number) : 0
        let local = number.count - area
        return local >= 7 && local <= 8 && number[area] >= 0x32
    }

    // 110, 12345, 95588, 400-xxx-xxxx, 800-xxx-xxxx.
    private static func isService(_ number: Span<UInt8>) -> Bool {
        guard number.count > 0, Digits.areAll(number, in: 0..<number.count) else { return false }
        if number.count == 10 {
            return (number[0] == 0x34 || number[0] == 0x38) && number[1] == 0x30 && number[2] == 0x30
        }
        return (3...6).contains(number.count) && (number[0] == 0x31 || number[0] == 0x39)
    }

    // 010 and 02x have three digits, all other area codes four.
    private static func areaLength(_ number: Span<UInt8>) -> Int {
        number.count > 2 && (number[1] == 0x31 || number[1] == 0x32) ? 3 : min(4, number.count)
    }

    private static func strip(_ folded: inout FoldedValue) {
        folded.remove(0x2D)
        folded.remove(0x28)
        folded.remove(0x29)
        if folded[0] == 0x2B { folded.removeFirst(1) }
        if folded.count > 13, folded[0] == 0x30, folded[1] == 0x30, folded[2] == 0x38, folded[3] == 0x36 {
            folded.removeFirst(4)
        }
        if folded.count >= 12, folded[0] == 0x38, folded[1] == 0x36 { folded.removeFirst(2) }
        if folded.count == 12, folded[0] == 0x30, folded[1] == 0x31, folded[2] >= 0x33 { folded.removeFirst(1) }
        if folded.count == 13, folded[11] == 0x2E, folded[12] == 0x30 { folded.truncate(to: 11) }
    }

    // 、 ， ; / and line breaks between two numbers.
    private static func hasSeveral(_ folded: FoldedValue) -> Bool {
        guard folded.count >= 15 else { return false }
        var digits = 0
        for index in 0..<folded.count where folded[index] &- 0x30 <= 9 { digits += 1 }
        return digits >= 15
    }

    // 转123, x123, or a third group of hyphens.
    private static func splitExtension(_ folded: inout FoldedValue, _ extension: inout FoldedValue) {
        var start = -1
        var width = 1
        var index = 0
        var digits = 0
        while index < folded.count {
            let at = index
            let scalar = Scalars.next(in: folded.span, at: &index, end: folded.count)
            if scalar >= 0x30, scalar <= 0x39 { digits += 1 }
            if scalar == 0x8F6C || scalar == 0x78 || scalar == 0x58
                || scalar == 0x2D && digits >= 10 && folded[0] == 0x30
            {
                (start, width) = (at, index - at)
                break
            }
        }
        guard start > 0, start + width < folded.count, folded.count - start - width <= 6,
            Digits.areAll(folded.span, in: start + width..<folded.count)
        else { return }
        for index in start + width..<folded.count { `extension`.append(byte: folded[index]) }
        folded.truncate(to: start)
    }
}
