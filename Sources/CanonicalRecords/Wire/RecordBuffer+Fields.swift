extension RecordBuffer {
    /// Appends the tag of a field.
    @inlinable
    @inline(__always)
    public mutating func appendTag(field number: Int, _ wireType: WireType) {
        appendVarint(UInt64(truncatingIfNeeded: number) << 3 | UInt64(wireType.rawValue))
    }

    /// Appends a string or bytes field, empty or not.
    @inlinable
    @inline(__always)
    public mutating func appendField(_ number: Int, text: Span<UInt8>) {
        appendTag(field: number, .lengthDelimited)
        appendVarint(UInt64(text.count))
        append(text)
    }

    /// Appends a string field, empty or not.
    public mutating func appendField(_ number: Int, string: String) {
        var string = string
        string.makeContiguousUTF8()
        appendField(number, text: string.utf8.span)
    }

    /// Appends an unsigned number, or the number of an enum value that is not negative.
    @inlinable
    @inline(__always)
    public mutating func appendField(_ number: Int, varint value: UInt64) {
        appendTag(field: number, .varint)
        appendVarint(value)
    }

    /// Appends a signed number (`int32`, `int64`) or an enum value. Negative numbers take ten bytes.
    @inlinable
    @inline(__always)
    public mutating func appendField(_ number: Int, integer value: Int64) {
        appendField(number, varint: UInt64(bitPattern: value))
    }

    /// Appends a yes or no.
    @inlinable
    @inline(__always)
    public mutating func appendField(_ number: Int, bool value: Bool) {
        appendField(number, varint: value ? 1 : 0)
    }

    /// Appends a `double`.
    @inlinable
    @inline(__always)
    public mutating func appendField(_ number: Int, double value: Double) {
        appendTag(field: number, .fixed64)
        appendFixed64(value.bitPattern)
    }

    /// Starts a nested message; what is appended until ``endMessage(_:)`` is its body.
    ///
    /// - Returns: The mark to end it with. Messages end in the reverse order of their beginning.
    @inlinable
    @inline(__always)
    public mutating func beginMessage(field number: Int) -> Int {
        appendTag(field: number, .lengthDelimited)
        return beginDelimited()
    }

    /// Ends the message that began with `mark`, and writes its length in front of it.
    @inlinable
    public mutating func endMessage(_ mark: Int) {
        closeLength(at: mark)
    }

    /// Starts a record of a delimited stream: a length without a tag. It ends with ``endMessage(_:)``.
    @inlinable
    @inline(__always)
    public mutating func beginDelimited() -> Int {
        append(0)
        return count - 1
    }
}
