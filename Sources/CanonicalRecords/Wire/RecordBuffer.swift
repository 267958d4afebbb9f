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
/// bytes that this value alone may touch; the first `filled` of them are initialised; `0 <= filled <= capacity`. They
/// are its own to free unless `base` is `lender`: then they are those of an array that is being made, see
/// ``Swift/Array/init(capacity:writing:)``. Each write is preceded by `reserve`, which makes room for it. It may be sent
/// to another task, which the compiler cannot check: the value cannot be copied, so whoever holds it is the only one to
/// reach its memory.
public struct RecordBuffer: ~Copyable, @unchecked Sendable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var filled: Int
    // The memory that was lent, whether or not it is still written into.
    private var lender: UnsafeMutablePointer<UInt8>?

    /// Creates an empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 4096) {
        self.capacity = max(16, capacity)
        self.base = .allocate(capacity: self.capacity)
        self.filled = 0
    }

    // Room for nothing is lent like any other: the first write grows out of it.
    fileprivate init(lending memory: UnsafeMutableBufferPointer<UInt8>) {
        self.init(capacity: 0)
        guard let start = memory.baseAddress else { return }
        base.deallocate()
        base = start
        capacity = memory.count
        lender = start
    }

    fileprivate func isLent(by memory: UnsafeMutableBufferPointer<UInt8>) -> Bool { lender == memory.baseAddress }

    fileprivate var isInLentMemory: Bool { base == lender }

    deinit {
        if base != lender { base.deallocate() }
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
    @inline(__always)
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
        if base != lender { base.deallocate() }
        base = target
        capacity = larger
    }

    /// Appends one byte.
    @inlinable
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        base[filled] = byte
        filled &+= 1
    }

    /// Appends bytes as they are.
    @inlinable
    @inline(__always)
    public mutating func append(_ bytes: Span<UInt8>) {
        let length = bytes.count
        reserve(length)
        bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            Self.copy(start, to: base + filled, length)
        }
        filled &+= length
    }

    // Most texts are short: two loads that may overlap take less than a call.
    @inlinable
    @inline(__always)
    static func copy(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ length: Int) {
        let from = UnsafeRawPointer(source)
        let to = UnsafeMutableRawPointer(target)
        if length > 64 {
            target.initialize(from: source, count: length)
        } else if length >= 32 {
            copyEnds(from, to, length, as: SIMD32<UInt8>.self)
        } else if length >= 16 {
            copyEnds(from, to, length, as: SIMD16<UInt8>.self)
        } else if length >= 8 {
            copyEnds(from, to, length, as: UInt64.self)
        } else if length >= 4 {
            copyEnds(from, to, length, as: UInt32.self)
        } else {
            for index in 0..<length { target[index] = source[index] }
        }
    }

    // Copies the first and the last bytes, as many as a word has; the length is one to two words.
    @inlinable
    @inline(__always)
    static func copyEnds<Word: BitwiseCopyable>(
        _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ length: Int, as word: Word.Type
    ) {
        let last = length &- MemoryLayout<Word>.size
        let head = from.loadUnaligned(as: Word.self)
        let tail = from.loadUnaligned(fromByteOffset: last, as: Word.self)
        to.storeBytes(of: head, as: Word.self)
        to.storeBytes(of: tail, toByteOffset: last, as: Word.self)
    }

    /// Takes out the bytes of a range and closes the gap.
    public mutating func removeSubrange(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= filled, "A range is not in the buffer")
        (base + range.lowerBound).update(from: base + range.upperBound, count: filled - range.upperBound)
        filled -= range.count
    }

    /// The last byte; nil when the buffer is empty.
    public var last: UInt8? { filled > 0 ? base[filled - 1] : nil }

    /// Appends a varint.
    @inlinable
    @inline(__always)
    public mutating func appendVarint(_ value: UInt64) {
        reserve(10)
        if value < 0x80 {
            base[filled] = UInt8(truncatingIfNeeded: value)
            filled &+= 1
        } else if value < 0x4000 {
            // Most lengths of records.
            base[filled] = UInt8(truncatingIfNeeded: value) | 0x80
            base[filled &+ 1] = UInt8(truncatingIfNeeded: value &>> 7)
            filled &+= 2
        } else {
            appendLongVarint(value)
        }
    }

    /// Bytes of a number as a varint.
    @inlinable
    @inline(__always)
    public static func varintSize(_ value: UInt64) -> Int {
        // Most are lengths of fields and records.
        value < 0x80 ? 1 : value < 0x4000 ? 2 : (70 &- value.leadingZeroBitCount) / 7
    }

    @usableFromInline
    mutating func appendLongVarint(_ value: UInt64) {
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

    /// Appends the `count` low bytes of `bytes`, lowest first: a tag that was encoded before.
    @inlinable
    @inline(__always)
    public mutating func append(packed bytes: UInt32, count: Int) {
        precondition(count >= 0 && count <= 4, "A word of 32 bits has four bytes")
        reserve(4)
        UnsafeMutableRawPointer(base + filled).storeBytes(of: bytes.littleEndian, as: UInt32.self)
        filled &+= count
    }

    /// Thirty-two bytes.
    public typealias Words = (UInt64, UInt64, UInt64, UInt64)

    /// Appends the first `count` bytes of four words.
    @inlinable
    @inline(__always)
    public mutating func append(words: Words, count: Int) {
        precondition(count >= 0 && count <= 32, "Four words have 32 bytes")
        reserve(32)
        let target = UnsafeMutableRawPointer(base + filled)
        target.storeBytes(of: words.0, as: UInt64.self)
        target.storeBytes(of: words.1, toByteOffset: 8, as: UInt64.self)
        target.storeBytes(of: words.2, toByteOffset: 16, as: UInt64.self)
        target.storeBytes(of: words.3, toByteOffset: 24, as: UInt64.self)
        filled &+= count
    }

    /// The bytes from `start` on as words, as many as there are; zeros behind them.
    public func words(from start: Int) -> Words {
        precondition(start >= 0 && start <= filled, "The words begin behind the end of the buffer")
        var words: Words = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: base + start, count: min(32, filled - start)))
        }
        return words
    }

    /// Appends the eight bytes of `bits`, lowest first.
    @inlinable
    public mutating func appendFixed64(_ bits: UInt64) {
        reserve(8)
        UnsafeMutableRawPointer(base + filled).storeBytes(of: bits.littleEndian, as: UInt64.self)
        filled &+= 8
    }

    /// Puts the length of what follows `mark` in front of it; it was left one byte of room.
    @inlinable
    @inline(__always)
    mutating func closeLength(at mark: Int) {
        precondition(mark >= 0 && mark < filled, "A message ends that did not begin here")
        let length = filled &- mark &- 1
        if length < 0x80 { base[mark] = UInt8(truncatingIfNeeded: length) } else { closeLongLength(at: mark, length) }
    }

    @usableFromInline
    mutating func closeLongLength(at mark: Int, _ length: Int) {
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
    /// Makes an array of what is written into a buffer. The buffer writes into the array's own memory for as long as that
    /// suffices, so that nothing is copied.
    ///
    /// - Parameters:
    ///   - capacity: Bytes that the array has room for from the start.
    ///   - write: Writes. The buffer may be exchanged meanwhile, and must be back in its place at the end.
    public init(capacity: Int, writing write: (inout RecordBuffer) -> Void) {
        var outgrown: [UInt8]?
        self.init(unsafeUninitializedCapacity: capacity) { memory, count in
            var buffer = RecordBuffer(lending: memory)
            write(&buffer)
            precondition(buffer.isLent(by: memory), "A buffer that was lent was kept")
            if buffer.isInLentMemory { count = buffer.count } else { outgrown = buffer.copied() }
        }
        if let outgrown { self = outgrown }
    }

    /// Appends bytes as they are.
    public mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
