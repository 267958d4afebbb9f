/// A growing buffer that protobuf bytes are written into, and that keeps its memory when it is emptied.
///
/// Fields are written in the order of their numbers; nested messages get their length when they end:
///
/// ```swift
/// let person = buffer.beginMessage(field: 11)
/// buffer.appendField(1, text: name)
/// buffer.endMessage(person)
/// ```
///
/// This is the only file of the module that touches memory without checks. Invariant: `base` points to `capacity`
/// bytes owned by this value alone; the first `filled` of them are initialised; `0 <= filled <= capacity`. Each write
/// is preceded by `reserve`, which makes room for it. It may be sent to another task, which the compiler cannot check:
/// the value cannot be copied, so whoever holds it is the only one to reach its memory.
public struct RecordBuffer: ~Copyable, @unchecked Sendable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var filled: Int

    /// Creates an empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 4096) {
        self.capacity = max(16, capacity)
        self.base = .allocate(capacity: self.capacity)
        self.filled = 0
    }

    deinit {
        base.deallocate()
    }

    /// How many bytes have been written.
    @inlinable public var count: Int { filled }

    /// What has been written.
    public var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        @inlinable
        get {
            // `filled` bytes from `base` on are initialised and live as long as this value is borrowed.
            _overrideLifetime(Span(_unsafeStart: UnsafePointer(base), count: filled), borrowing: self)
        }
    }

    /// A copy of what has been written.
    public func copied() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: filled) { target, initialised in
            target.baseAddress?.initialize(from: base, count: filled)
            initialised = filled
        }
    }

    /// Forgets what has been written, and keeps the memory.
    @inlinable
    public mutating func removeAll() {
        filled = 0
    }

    /// Takes back what was written after the first `count` bytes.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= filled, "A buffer cannot be truncated to more than it holds")
        filled = count
    }

    /// Forgets the first `count` bytes and moves the others to the front.
    public mutating func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= filled, "A buffer cannot lose more than it holds")
        base.update(from: base + count, count: filled - count)
        filled -= count
    }

    /// Makes room for `additional` more bytes.
    @inlinable
    public mutating func reserve(_ additional: Int) {
        if capacity &- filled < additional { grow(by: additional) }
    }

    @usableFromInline
    mutating func grow(by additional: Int) {
        let (needed, overflow) = filled.addingReportingOverflow(additional)
        precondition(!overflow && additional >= 0, "A buffer cannot grow by \(additional) bytes")
        let larger = max(needed, capacity &* 2)
        let target = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        target.initialize(from: base, count: filled)
        base.deallocate()
        base = target
        capacity = larger
    }

    /// Appends one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        base[filled] = byte
        filled &+= 1
    }

    /// Appends bytes as they are.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>) {
        let length = bytes.count
        reserve(length)
        bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + filled).initialize(from: start, count: length)
        }
        filled &+= length
    }

    /// Appends a varint.
    @inlinable
    public mutating func appendVarint(_ value: UInt64) {
        reserve(10)
        var rest = value
        var at = filled
        while rest >= 0x80 {
            base[at] = UInt8(truncatingIfNeeded: rest) | 0x80
            at &+= 1
            rest >>= 7
        }
        base[at] = UInt8(truncatingIfNeeded: rest)
        filled = at &+ 1
    }

    /// Appends the eight bytes of `bits`, lowest first.
    @inlinable
    public mutating func appendFixed64(_ bits: UInt64) {
        reserve(8)
        UnsafeMutableRawPointer(base + filled).storeBytes(of: bits.littleEndian, as: UInt64.self)
        filled &+= 8
    }

    /// Puts the length of what follows `mark` in front of it; it was left one byte of room.
    @usableFromInline
    mutating func closeLength(at mark: Int) {
        precondition(mark >= 0 && mark < filled, "A message ends that did not begin here")
        let length = filled - mark - 1
        guard length >= 0x80 else {
            base[mark] = UInt8(truncatingIfNeeded: length)
            return
        }
        let extra = (UInt64(length).bitWidth - UInt64(length).leadingZeroBitCount + 6) / 7 - 1
        reserve(extra)
        let body = base + mark + 1
        (body + extra).update(from: body, count: length)
        // There is room for the varint: the body behind it, which `filled` leaves out for a moment, has over 127 bytes.
        filled = mark
        appendVarint(UInt64(length))
        filled += length
    }
}

extension Array<UInt8> {
    /// Appends bytes as they are.
    public mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
