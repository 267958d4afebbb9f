/// A field of the current row: where its text is, in bytes from the start of ``CSVReader/row``.
public struct CSVField: Sendable, BitwiseCopyable {
    @usableFromInline let first: UInt32
    // The two highest bits are flags; rows are below 256 MiB.
    @usableFromInline let last: UInt32

    @inline(__always)
    init(start: Int, end: Int, isQuoted: Bool = false, isRewritten: Bool = false) {
        first = UInt32(truncatingIfNeeded: start)
        last = UInt32(truncatingIfNeeded: end) | (isQuoted ? 1 << 31 : 0) | (isRewritten ? 1 << 30 : 0)
    }

    /// Where the text begins.
    @inlinable public var start: Int { Int(first) }
    /// Behind the text; of a rewritten field, the index of its text among the rewritten ones.
    @inlinable public var end: Int { Int(last & 0x3FFF_FFFF) }
    /// Whether it is written in quotes.
    @inlinable public var isQuoted: Bool { last >> 31 != 0 }
    /// Whether the text differs from what is written in the row, so that ``CSVReader/field(_:)`` must be asked for it.
    @inlinable public var isRewritten: Bool { last >> 30 & 1 != 0 }
    /// Where the field begins, its quote included.
    @inlinable public var origin: Int { Int(first) - (isQuoted ? 1 : 0) }
}

/// The fields of a row: an array that one owner appends to, without the check for other owners that arrays make each time.
///
/// Invariant of the pointer: it has room for `capacity` fields, of which the first `count` are initialised, and belongs to
/// this value alone. Every access is checked against `count`. `CSVField` is trivial, so nothing is ever deinitialised.
/// Sendable because there is one owner: the value cannot be copied, and the pointer never leaves it.
struct CSVFields: ~Copyable, @unchecked Sendable {
    private var storage: UnsafeMutablePointer<CSVField>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 128) {
        self.capacity = max(1, capacity)
        storage = .allocate(capacity: self.capacity)
    }

    deinit {
        storage.deallocate()
    }

    /// All fields.
    var span: Span<CSVField> {
        @_lifetime(borrow self)
        get { _overrideLifetime(Span(_unsafeStart: UnsafePointer(storage), count: count), borrowing: self) }
    }

    subscript(index: Int) -> CSVField {
        precondition(index >= 0 && index < count)
        return storage[index]
    }

    @inline(__always)
    mutating func append(_ field: CSVField) {
        reserve(1)
        (storage + count).initialize(to: field)
        count &+= 1
    }

    /// Appends the fields that end at the next marks, as long as those are delimiters of one byte; none where a limit is
    /// near.
    ///
    /// - Parameters:
    ///   - marks: Bit i is a mark at `base` + i; those that end a field are cleared.
    ///   - start: Where the first field begins; afterwards, where the next one does.
    @inline(__always)
    mutating func appendPlain(
        _ bytes: Span<UInt8>, marks: inout UInt64, base: Int, start: inout Int, delimiter: UInt8, limits: CSVLimits
    ) {
        let end = base &+ 64
        guard end <= limits.rowSize, end &- start <= limits.fieldSize, count &+ 64 <= limits.columns else { return }
        reserve(64)
        // There are at most 64 marks, and room for as many behind `count`.
        var room = storage + count
        var (rest, fieldStart) = (marks, start)
        while rest != 0 {
            let index = base &+ rest.trailingZeroBitCount
            guard bytes[index] == delimiter else { break }
            room.initialize(to: CSVField(start: fieldStart, end: index))
            room += 1
            fieldStart = index &+ 1
            rest &= rest &- 1
        }
        count = room - storage
        (marks, start) = (rest, fieldStart)
    }

    mutating func removeAll() {
        count = 0
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(by: more) }
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        let needed = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<CSVField>.allocate(capacity: needed)
        larger.initialize(from: storage, count: count)
        storage.deallocate()
        storage = larger
        capacity = needed
    }
}
