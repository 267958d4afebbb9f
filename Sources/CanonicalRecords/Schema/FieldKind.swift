/// What a field holds. The kind decides how a value is normalised and what makes it valid.
///
/// The cases and numbers are those of `Kind` in `Protos/options.proto`, which says more about each.
public enum FieldKind: Int, Sendable, Hashable, CaseIterable {
    /// No kind is declared; no field of a record is so.
    case unspecified = 0
    /// Free text; line breaks are kept.
    case text = 1
    /// The name of an organisation, a place or a thing, on one line.
    case name = 2
    /// The name of a natural person.
    case personName = 3
    /// A resident identity number of 18 characters (GB 11643).
    case residentIdentityNumber = 4
    /// The number of some other identity document.
    case identityDocumentNumber = 5
    /// A unified social credit code of 18 characters (GB 32100).
    case unifiedSocialCreditCode = 6
    /// A mainland mobile number of 11 digits.
    case mobileNumber = 7
    /// A mobile number or a landline.
    case phoneNumber = 8
    /// An area code of 6, 9 or 12 digits (GB/T 2260, GB/T 10114, statistical).
    case areaCode = 9
    /// The code of a place of any length.
    case placeCode = 10
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY` (GB/T 7408.1).
    case date = 11
    /// `YYYY-MM-DDThh:mm:ss+08:00`.
    case dateTime = 12
    /// An amount of money in fen.
    case moneyFen = 13
    /// A number of people, households or things.
    case count = 14
    /// A number with decimals.
    case decimal = 15
    /// A share in per cent.
    case percentage = 16
    /// A number or code that someone gave, kept as it is written.
    case code = 17
    /// The id of another record.
    case reference = 18
    /// A value of an enum.
    case enumeration = 19
    /// Yes or no.
    case boolean = 20
    /// A message of its own.
    case structure = 21
    /// Degrees of longitude, up to 180.
    case longitude = 22
    /// Degrees of latitude, up to 90.
    case latitude = 23
}
