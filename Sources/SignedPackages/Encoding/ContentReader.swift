/// Reads the content of a SignedData from its package, from its first byte to its last, in bounded memory.
struct ContentReader: Sendable {
    private var walker: ContentWalker
    private var window: InputWindow
    private var piece: Range<Int64> = 0..<0

    /// - Parameter input: The bytes that `location` is an offset in: the package, decoded when it came as PEM.
    init(_ location: ContentLocation, in input: any PackageInput, limits: PackageLimits) {
        walker = ContentWalker(location, limits: limits)
        window = InputWindow(input, capacity: InputWindow.streaming)
    }

    /// Hands the next bytes to `body`: as many as are at hand, at least one. False at the end of the content.
    mutating func withNext(
        upTo count: Int = .max, _ body: (borrowing Span<UInt8>) throws -> Void
    ) throws -> Bool {
        guard let range = try advance(upTo: count) else { return false }
        try body(window.bytes.span.extracting(range))
        return true
    }

    /// Appends up to `count` bytes of the content; none only at its end.
    mutating func read(upTo count: Int, into buffer: inout [UInt8]) throws(PackageFault) {
        var wanted = count
        while wanted > 0 {
            guard let taken = try readDirectly(upTo: wanted, into: &buffer) else {
                guard let range = try advance(upTo: wanted) else { return }
                buffer.append(contentsOf: window.bytes[range])
                wanted -= range.count
                continue
            }
            wanted -= taken
        }
    }

    // Long pieces go from the input to the caller without a stop in the window. Nil where this is not one.
    private mutating func readDirectly(
        upTo count: Int, into buffer: inout [UInt8]
    ) throws(PackageFault) -> Int? {
        let wanted = min(Int64(count), piece.upperBound - piece.lowerBound)
        guard wanted >= InputWindow.direct else { return nil }
        let before = buffer.count
        do {
            try window.input.read(at: piece.lowerBound, count: Int(wanted), into: &buffer)
        } catch {
            throw PackageFault(reading: error)
        }
        let taken = buffer.count - before
        guard taken > 0 else { throw PackageFault(reading: PackageError.tooShort(at: piece.lowerBound)) }
        piece = (piece.lowerBound + Int64(taken))..<piece.upperBound
        return taken
    }

    private mutating func advance(upTo count: Int) throws(PackageFault) -> Range<Int>? {
        if piece.isEmpty {
            guard let next = try walker.next(in: &window) else { return nil }
            piece = next
        }
        let range = try window.range(
            at: piece.lowerBound, atMost: min(Int64(count), piece.upperBound - piece.lowerBound))
        piece = (piece.lowerBound + Int64(range.count))..<piece.upperBound
        return range
    }
}
