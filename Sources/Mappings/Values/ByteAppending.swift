// The only unsafe accesses of the value machines.

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        // The pointer is used only inside the closure, while the span keeps its bytes alive.
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}

extension Span<UInt8> {
    /// Eight bytes as a little-endian number; bounds are checked.
    @inline(__always)
    func word64(at offset: Int) -> UInt64 {
        // Every bit pattern is a valid integer, so an unaligned load of initialised bytes is sound.
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Four bytes as a little-endian number; bounds are checked.
    @inline(__always)
    func word32(at offset: Int) -> UInt64 {
        UInt64(UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
