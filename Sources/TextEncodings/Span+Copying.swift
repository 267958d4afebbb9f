extension [UInt8] {
    // The only pointer into a span: it lives for the copy, and the span guarantees that its bytes are alive and initialised.
    mutating func append(copying bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
