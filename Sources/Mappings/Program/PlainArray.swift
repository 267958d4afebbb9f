/// A growing array of plain values with one owner: no reference counts and no uniqueness checks, room kept for reuse.
///
/// This is the only file of the module that touches memory by pointer. Invariant: `base` has room for `capacity`
/// elements, of which the first `count` are initialised, and belongs to this value alone; every access is checked against
/// `count`. Elements are bitwise copyable, so nothing is ever deinitialised. It may go to another thread because it cannot
/// be copied: whoever holds it is the only one to reach its memory.
struct PlainArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = max(1, capacity)
        base = Self.room(self.capacity)
    }

    deinit {
        UnsafeMutableRawPointer(base).deallocate()
    }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return base[index]
        }
        @inline(__always) set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            base[index] = newValue
        }
    }

    /// All elements.
    var span: Span<Element> {
        @_lifetime(borrow self)
        @inline(__always)
        get { _overrideLifetime(Span(_unsafeStart: UnsafePointer(base), count: count), borrowing: self) }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(toHold: count + 1) }
        (base + count).initialize(to: element)
        count &+= 1
    }

    /// Appends `length` copies of an element.
    mutating func append(repeating element: Element, count length: Int) {
        precondition(length >= 0)
        if capacity - count < length { grow(toHold: count + length) }
        (base + count).initialize(repeating: element, count: length)
        count += length
    }

    /// Appends `length` elements, each made from its index among them.
    @inline(__always)
    mutating func append(count length: Int, _ make: (Int) -> Element) {
        precondition(length >= 0)
        if capacity - count < length { grow(toHold: count + length) }
        let room = base + count
        for index in 0..<length { (room + index).initialize(to: make(index)) }
        count &+= length
    }

    /// Appends the elements of a span.
    mutating func append(_ elements: Span<Element>) {
        let length = elements.count
        if capacity - count < length { grow(toHold: count + length) }
        elements.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + count).initialize(from: start, count: length)
        }
        count += length
    }

    /// Forgets all elements and keeps the room.
    @inline(__always)
    mutating func removeAll() {
        count = 0
    }

    /// Keeps the first `newCount` elements.
    @inline(__always)
    mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        count = newCount
    }

    // Large ones begin at a cache line, so that elements whose size divides one lie in a single line. Aligning the many small
    // ones of a small document would take more time than it spares.
    private static func room(_ capacity: Int) -> UnsafeMutablePointer<Element> {
        let size = max(1, capacity * MemoryLayout<Element>.stride)
        return UnsafeMutableRawPointer.allocate(
            byteCount: size, alignment: size > 4096 ? 64 : max(16, MemoryLayout<Element>.alignment)
        ).bindMemory(to: Element.self, capacity: capacity)
    }

    private mutating func grow(toHold needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = Self.room(larger)
        moved.initialize(from: base, count: count)
        UnsafeMutableRawPointer(base).deallocate()
        base = moved
        capacity = larger
    }
}
