/// Holds what a row says about a person against what the identity number says. Nothing is changed: both are kept.
enum IdentityCrossCheck {
    /// What contradicts the identity number.
    ///
    /// - Parameters:
    ///   - identityNumber: 18 characters as ``IdentityNumber/convert(_:into:)`` writes them; anything else contradicts nothing.
    ///   - birthDate: A date as ``DateValue/convert(_:options:into:)`` writes it, of any precision; empty when there is none.
    ///   - sex: GB/T 2261.1: 1 male, 2 female; any other number contradicts nothing.
    static func issues(identityNumber: Span<UInt8>, birthDate: Span<UInt8>, sex: Int32) -> ValueIssues {
        guard identityNumber.count == 18 else { return [] }
        var issues: ValueIssues = []
        if !isDay(birthDate, of: identityNumber), let date = DateValue.parse(normalised: birthDate),
            !date.agrees(with: CalendarDate(identityNumber: identityNumber))
        {
            issues.insert(.identityNumberBirthDate)
        }
        if sex == 1 || sex == 2, sex != IdentityNumber.sex(of: identityNumber) { issues.insert(.identityNumberSex) }
        return issues
    }

    // Most rows say the very day: the same digits, with hyphens among them.
    @inline(__always)
    private static func isDay(_ date: Span<UInt8>, of number: Span<UInt8>) -> Bool {
        date.count == 10 && number.count == 18 && date.word32(at: 0) == number.word32(at: 6) && date[5] == number[10]
            && date[6] == number[11] && date[8] == number[12] && date[9] == number[13]
    }
}
