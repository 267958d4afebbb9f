/// Holds what a row says about a person against what the identity number says. Nothing is changed: both are kept.
enum IdentityCrossCheck {
    /// What contradicts the identity number.
    ///
    /// - Parameters:
    ///   - identityNumber: 18 characters as ``IdentityNumber/convert(_:into:)`` writes them; anything else contradicts nothing.
    ///   - birthDate: A date as ``DateValue/convert(_:options:into:)`` writes it, of any precision; empty when there is none.
    ///   - sex: GB/T 2261.1: 1 male, 2 female; any other number contradicts nothing.
    static func issues(identityNumber: Span<UInt8>, birthDate: Span<UInt8>, sex: Int32) -> ValueIssues {
        guard let facts = IdentityNumberFacts(identityNumber) else { return [] }
        var issues: ValueIssues = []
        if let date = DateValue.parse(normalised: birthDate), !date.agrees(with: facts.birth) {
            issues.insert(.identityNumberBirthDate)
        }
        if sex == 1 || sex == 2, sex != facts.sex { issues.insert(.identityNumberSex) }
        return issues
    }
}
