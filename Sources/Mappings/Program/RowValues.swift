import Findings

/// The raw values of the row in progress, by slot. What they are is up to the format; the record writer asks for no
/// more than this.
///
/// A *value* is a small number that stays good while the row does.
protocol RowValues: ~Copyable {
    /// The first value of a slot, or -1 where the document has none (no such column, no such element).
    func first(_ slot: Int) -> Int
    /// The value behind another of the same slot, or -1.
    func next(_ value: Int) -> Int
    /// The bytes of a value, UTF-8, as the document has them.
    @_lifetime(borrow self)
    func bytes(_ value: Int) -> Span<UInt8>
    /// Whether the value was longer than a field may be, so that its bytes are not there.
    func isTooLong(_ value: Int) -> Bool
    /// Where a value begins; the offset counts bytes of UTF-8.
    mutating func place(_ value: Int) -> SourcePlace?
    /// The slot's name as the document writes it.
    func name(_ slot: Int) -> String
    /// The columns that no field reads, for `extension: rest`: their name and value.
    var restCount: Int { get }
    func restName(_ index: Int) -> [UInt8]
    func restValue(_ index: Int) -> Int
    /// Whether the row is so large that some of its values were not kept.
    var isOverfull: Bool { get }
    /// The 1-based number of the row.
    var row: Int { get }
    /// The 1-based line in which the row begins.
    var rowLine: Int { mutating get }
    /// Where the row begins, in the document as it was filed. To find that costs time where the document was decoded: for
    /// findings only.
    var rowPlace: SourcePlace { mutating get }
}
