import Findings

/// A piece of a ``PackageInput`` in memory, which moves along as its bytes are asked for.
struct InputWindow: Sendable {
    /// How many bytes are read at once where the whole of them will be used.
    static let streaming = 256 << 10
    /// How long a piece must be for reading it past the window.
    static let direct = 64 << 10

    let input: any PackageInput
    private let capacity: Int
    private(set) var bytes: [UInt8] = []
    // The offset of `bytes[0]` in the input.
    private(set) var start: Int64 = 0

    init(_ input: any PackageInput, capacity: Int) {
        self.input = input
        self.capacity = capacity
    }

    /// The byte at `offset`.
    mutating func byte(at offset: Int64) throws(PackageFault) -> UInt8 {
        if offset < start || offset >= start + Int64(bytes.count) {
            try load(at: offset)
        }
        return bytes[Int(offset - start)]
    }

    /// The range of ``bytes`` that holds what is at `offset`: at least one byte, at most `count`.
    mutating func range(at offset: Int64, atMost count: Int64) throws(PackageFault) -> Range<Int> {
        if offset < start || offset >= start + Int64(bytes.count) {
            try load(at: offset)
        }
        let index = Int(offset - start)
        return index..<(index + Int(min(Int64(bytes.count - index), count)))
    }

    // Afterwards the window holds at least the byte at `offset`.
    private mutating func load(at offset: Int64) throws(PackageFault) {
        guard offset >= 0, offset < input.size else {
            throw PackageFault(
                "package", .structure, .packageTruncated, "it ends at byte \(input.size), within a value")
        }
        bytes.removeAll(keepingCapacity: true)
        do {
            try input.read(at: offset, count: capacity, into: &bytes)
        } catch {
            throw PackageFault(reading: error)
        }
        start = offset
        guard !bytes.isEmpty else { throw PackageFault(reading: PackageError.tooShort(at: offset)) }
    }
}

extension PackageError {
    /// The input has fewer bytes than its size says.
    static func tooShort(at offset: Int64) -> PackageError {
        PackageError(
            .inputTooShort, place: "byte \(offset)", retryHelps: true,
            next: "The file changed while it was read; file it again under another name.")
    }
}
