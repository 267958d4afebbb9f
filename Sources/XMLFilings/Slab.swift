/// A growing array of plain values that a reader owns alone: no reference counts, no uniqueness checks, room kept for
/// reuse.
///
/// This is the only file of the module that touches memory by pointer. The invariant of a slab: `base` points to
/// `capacity` elements and `padding` bytes behind them, all of them initialised (zeroed when allocated); `0 <= count <=
/// capacity`; every access is checked against these numbers, so wide loads that begin within the elements stay inside
/// the allocation.
///
/// It may go to another thread because it cannot be copied: there is one owner at any time, and nothing else has
/// `base`.
struct Slab<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    fileprivate var base: UnsafeMutableRawPointer
    fileprivate var capacity: Int
    fileprivate(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = Self.allocate(capacity)
    }

    deinit {
        base.deallocate()
    }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return base.load(fromByteOffset: index &* MemoryLayout<Element>.stride, as: Element.self)
        }
        @inline(__always) set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            base.storeBytes(of: newValue, toByteOffset: index &* MemoryLayout<Element>.stride, as: Element.self)
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(toHold: count + 1) }
        base.storeBytes(of: element, toByteOffset: count &* MemoryLayout<Element>.stride, as: Element.self)
        count &+= 1
    }

    /// All elements.
    var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            let start = UnsafePointer(base.assumingMemoryBound(to: Element.self))
            return _overrideLifetime(Span(_unsafeStart: start, count: count), borrowing: self)
        }
    }

    /// Keeps the first `newCount` elements.
    @inline(__always)
    mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        count = newCount
    }

    fileprivate mutating func grow(toHold needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = Self.allocate(larger)
        moved.copyMemory(from: base, byteCount: count * MemoryLayout<Element>.stride)
        base.deallocate()
        base = moved
        capacity = larger
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
        let blocks = (capacity * MemoryLayout<Element>.stride + padding + 63) / 64
        // Large ones begin at a cache line. A small filing has some two hundred small ones, and aligning takes time.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: blocks * 64, alignment: blocks * 64 > 4096 ? 64 : MemoryLayout<SIMD2<UInt64>>.alignment)
        memory.initializeMemory(as: SIMD64<UInt8>.self, repeating: SIMD64(), count: blocks)
        return memory
    }

    fileprivate static var padding: Int { 32 }
}

/// A slab of bytes that is filled with ``append(_:)`` has zero bytes behind its last one, so a scanner that stops at
/// NUL (which no XML document may hold) needs no other check for the end.
extension Slab where Element == UInt8 {
    /// The byte at `index`; 0 at the end and a few bytes behind it.
    @inline(__always)
    func peek(_ index: Int) -> UInt8 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count &+ Self.padding))
        return base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// Sixteen bytes from `index` on; `index` may be the end, and one behind it.
    @inline(__always)
    func wide(_ index: Int) -> SIMD16<UInt8> {
        precondition(UInt(bitPattern: index) <= UInt(bitPattern: count &+ 1))
        return UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
    }

    /// Sixteen bytes from `index` on as two little-endian words.
    @inline(__always)
    func words(_ index: Int) -> SIMD2<UInt64> {
        let pair = unsafeBitCast(wide(index), to: SIMD2<UInt64>.self)
        return SIMD2(UInt64(littleEndian: pair.x), UInt64(littleEndian: pair.y))
    }

    /// The bytes `start..<end`, without a copy.
    @_lifetime(borrow self)
    func span(_ start: Int, _ end: Int) -> Span<UInt8> {
        _overrideLifetime(Span(_unsafeStart: pointer(start, end), count: end - start), borrowing: self)
    }

    @inline(__always)
    fileprivate func pointer(_ start: Int, _ end: Int) -> UnsafePointer<UInt8> {
        precondition(0 <= start && start <= end && end <= count)
        return UnsafePointer(base.assumingMemoryBound(to: UInt8.self)) + start
    }

    /// Adds bytes, and zeroes the padding behind them.
    mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { append(raw: $0) }
    }

    /// Adds the bytes `start..<end` of another slab, and zeroes the padding behind them.
    mutating func append(from other: borrowing Slab<UInt8>, _ start: Int, _ end: Int) {
        precondition(0 <= start && start <= end && end <= other.count)
        append(raw: UnsafeRawBufferPointer(start: other.base + start, count: end - start))
    }

    private mutating func append(raw bytes: UnsafeRawBufferPointer) {
        let needed = count + bytes.count
        if needed > capacity { grow(toHold: needed) }
        if let source = bytes.baseAddress {
            (base + count).copyMemory(from: source, byteCount: bytes.count)
        }
        count = needed
        zeroPadding()
    }

    /// Moves what follows the first `number` bytes to the front.
    mutating func removeFirst(_ number: Int) {
        precondition(number >= 0 && number <= count)
        base.copyMemory(from: base + number, byteCount: count - number)
        count -= number
        zeroPadding()
    }

    private func zeroPadding() {
        base.storeBytes(of: SIMD16<UInt8>(), toByteOffset: count, as: SIMD16<UInt8>.self)
        base.storeBytes(of: SIMD16<UInt8>(), toByteOffset: count + 16, as: SIMD16<UInt8>.self)
    }

    /// How many bytes fit without moving to a larger allocation.
    var room: Int { capacity }
}

/// A large value on the heap with one owner, so that handing its owner on, or asking it something, copies one pointer.
///
/// The invariant: `pointer` is allocated and initialised from `init` to `deinit`, and nobody else has it; so where the
/// value may go to another thread, the box may.
struct Box<Value: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
    private let pointer: UnsafeMutablePointer<Value>

    init(_ value: consuming Value) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: value)
    }

    deinit {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    var value: Value {
        @inline(__always) unsafeAddress { UnsafePointer(pointer) }
        @inline(__always) unsafeMutableAddress { pointer }
    }
}

extension Box where Value == XMLMachine {
    /// The bytes of a slice, without a copy. They belong to the box as long as nothing changes what is in it.
    @_lifetime(borrow self)
    func bytes(_ slice: XMLMachine.Slice) -> Span<UInt8> {
        let pointer =
            slice.isInScratch
            ? value.scratch.pointer(slice.start, slice.end) : value.buffer.pointer(slice.start, slice.end)
        return _overrideLifetime(Span(_unsafeStart: pointer, count: slice.end - slice.start), borrowing: self)
    }

    /// The runs that were passed over last; as for ``bytes(_:)``.
    var passedRuns: Span<XMLRun> {
        @_lifetime(borrow self)
        get { _overrideLifetime(value.passed.span, borrowing: self) }
    }

    /// The values of the attributes of those; as for ``bytes(_:)``.
    var passedAttributes: Span<XMLStretch> {
        @_lifetime(borrow self)
        get { _overrideLifetime(value.passedValues.span, borrowing: self) }
    }
}
