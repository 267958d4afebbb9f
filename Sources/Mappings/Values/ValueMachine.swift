import CanonicalRecords

/// Turns the text of one cell or element into the value of one record field: evened out, checked, told.
///
/// A machine is made once per field when a mapping is compiled and used for every row. It appends normalised bytes to the
/// caller's buffer (``ValueResult/text``) or hands back a number; it allocates nothing but what the buffer needs to grow.
final class ValueMachine: Sendable {
    /// What the field holds.
    let kind: ValueKind
    /// How the document writes its values.
    let options: ValueOptions
    /// The list of an enumeration or code table; nil for all other kinds.
    let terms: TermIndex?
    // The same: it lives as long as the machine.
    private let pinnedTerms: Pinned<TermIndex>?

    /// Makes the machine of a kind.
    ///
    /// - Parameter terms: Needed by ``ValueKind/enumeration`` and ``ValueKind/codeTable``; without it every value is unknown.
    init(_ kind: ValueKind, options: ValueOptions = ValueOptions(), terms: TermIndex? = nil) {
        self.kind = kind
        self.options = options
        self.terms = terms
        pinnedTerms = terms.map(Pinned.init)
    }

    /// Converts one value.
    ///
    /// - Parameters:
    ///   - raw: UTF-8 as the document has it, quotes and entities resolved, nothing trimmed.
    ///   - output: Receives the normalised UTF-8 when the outcome is ``ValueResult/text``; otherwise it is left as it was.
    @inline(__always)
    func convert(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        switch kind {
        case .text: TextValue.convert(raw, keepLineBreaks: options.keepsLineBreaks, into: &output)
        case .name: TextValue.convert(raw, keepLineBreaks: false, into: &output)
        case .code: TextValue.convertCode(raw, into: &output)
        case .personName: PersonNameValue.convert(raw, into: &output)
        case .identityNumber: IdentityNumber.convert(raw, into: &output)
        case .identityDocumentNumber: IdentityDocument.convert(raw, into: &output)
        case .socialCreditCode: SocialCreditCode.convert(raw, into: &output)
        case .mobile: TelephoneNumber.convertMobile(raw, into: &output)
        case .phone: TelephoneNumber.convertPhone(raw, into: &output)
        case .areaCode: AreaCode.convert(raw, into: &output)
        case .placeCode: AreaCode.convertCode(raw, into: &output)
        case .date: DateValue.convert(raw, options: options, into: &output)
        case .dateTime: DateTimeValue.convert(raw, options: options, into: &output)
        case .money: MoneyValue.convert(raw, options: options)
        case .count: NumberValue.convertCount(raw)
        case .decimal: NumberValue.convertDecimal(raw)
        case .percentage: NumberValue.convertPercentage(raw)
        case .longitude: CoordinateValue.convertLongitude(raw)
        case .latitude: CoordinateValue.convertLatitude(raw)
        case .boolean: ChoiceValue.convertBoolean(raw)
        case .enumeration: choose(raw, unknown: .enumerationUnknown)
        case .codeTable: choose(raw, unknown: .codeTableUnknown)
        }
    }

    /// Whether text for which ``TextValue/isClean(_:)`` holds, unless it says "nothing", is converted to itself.
    var keepsCleanText: Bool { kind == .text || kind == .name }

    /// Converts one value where it does not matter how fast.
    func convert(_ raw: Span<UInt8>, into output: inout [UInt8]) -> ValueOutcome {
        var buffer = RecordBuffer(capacity: 64)
        let outcome = convert(raw, into: &buffer)
        output.append(buffer.bytes)
        return outcome
    }

    private func choose(_ raw: Span<UInt8>, unknown: ValueIssue) -> ValueOutcome {
        guard let pinnedTerms else { return .rejected(unknown) }
        return pinnedTerms.object { ChoiceValue.convert(raw, terms: $0, unknown: unknown) }
    }
}

/// The kinds of values that there are machines for.
enum ValueKind: UInt8, Sendable, CaseIterable {
    /// Free text; see ``TextValue``.
    case text
    /// Text on one line.
    case name
    /// A number or code as it was given; see ``TextValue/convertCode(_:into:)``.
    case code
    case personName
    case identityNumber
    case identityDocumentNumber
    case socialCreditCode
    case mobile
    case phone
    case areaCode
    /// The code of a place of any length; see ``AreaCode/convertCode(_:into:)``.
    case placeCode
    case date
    case dateTime
    /// Gives fen.
    case money
    case count
    /// Gives digits and a scale.
    case decimal
    /// Gives percent, as digits and a scale.
    case percentage
    /// Gives degrees, as digits and a scale.
    case longitude
    case latitude
    /// Gives 0 or 1.
    case boolean
    /// Gives the number of the enumeration's value.
    case enumeration
    /// Gives the row of the code table.
    case codeTable
}
