import Findings

/// Everything a value machine can notice; ``kind`` is the finding that tells it.
///
/// Issues travel as bits of ``ValueIssues``, so there are at most 64 of them.
enum ValueIssue: UInt8, Sendable, CaseIterable {
    case lostDigits
    case controlCharacter
    case tooLong
    case personNameCharacters
    case identityNumberLostDigits
    case identityNumberMasked
    case identityNumberLength
    case identityNumberCharacters
    case identityNumberDate
    case identityNumberSequence
    case identityNumberChecksum
    case identityNumberArea
    case identityNumberUpgraded
    case identityNumberOtherDocument
    case identityNumberBirthDate
    case identityNumberSex
    case identityDocumentUnknown
    case socialCreditCodeLength
    case socialCreditCodeCharacters
    case socialCreditCodeChecksum
    case socialCreditCodeOrganisation
    case mobileFormat
    case mobileLandline
    case mobileSeveral
    case phoneFormat
    case areaCodeFormat
    case areaCodeUnknown
    case areaCodeSeveral
    case dateFormat
    case dateImpossible
    case dateAmbiguous
    case dateTwoDigitYear
    case dateSerial
    case dateLostZero
    case dateTimeFormat
    case dateTimeImpossible
    case dateTimeDateOnly
    case moneyFormat
    case moneyPrecision
    case numberFormat
    case numberRange
    case countAtLeast
    case countApproximate
    case percentageFormat
    case percentageRange
    case coordinateRange
    case coordinateSwapped
    case booleanUnknown
    case enumerationUnknown
    case codeTableUnknown

    /// The finding that tells people about the issue.
    var kind: FindingKind { ValueFindings.all[Int(rawValue)] }
}
