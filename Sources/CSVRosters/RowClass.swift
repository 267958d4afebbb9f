/// What a row below the header is.
public enum RowClass: Sendable, Hashable {
    /// To be converted.
    case data
    /// Nothing but blanks.
    case blank
    /// Sums: the row's label, as the classifier was given it, e.g. `合计`.
    case total(label: String)
    /// Nothing but numbers, such as the row of column numbers below a header.
    case numbersOnly
    /// A line for people below the data: `填报人：…`, `备注：…`.
    case remark
}
