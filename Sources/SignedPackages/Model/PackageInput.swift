/// Random access to the bytes of a package or document; where they come from is the caller's business.
///
/// The bytes must stay the same between two reads: a package is read several times, and what is handed out is hashed
/// again to show that they did.
public protocol PackageInput: Sendable {
    /// How many bytes there are.
    var size: Int64 { get }
    /// Appends up to `count` bytes from `offset` on to `buffer`; fewer only at the end.
    func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws
}

extension PackageInput {
    /// The bytes from `offset` on, up to `count` of them; fewer only at the end.
    func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
        var buffer: [UInt8] = []
        try read(at: offset, count: count, into: &buffer)
        return buffer
    }
}

/// Bytes in memory, for small packages and for tests.
public struct BytesInput: PackageInput {
    private let bytes: [UInt8]

    /// Wraps the bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How many bytes there are.
    public var size: Int64 { Int64(bytes.count) }

    /// Appends up to `count` bytes from `offset` on; fewer only at the end.
    public func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
        guard offset >= 0, offset < size, count > 0 else { return }
        let start = Int(offset)
        buffer.append(contentsOf: bytes[start..<(start + min(count, bytes.count - start))])
    }
}

/// A part of another input, as an input of its own.
struct InputSlice: PackageInput {
    private let base: any PackageInput
    private let start: Int64
    let size: Int64

    /// The `size` bytes of `base` from `start` on; cut to what `base` has.
    init(_ base: any PackageInput, start: Int64, size: Int64) {
        self.base = base
        self.start = min(max(0, start), base.size)
        self.size = min(max(0, size), base.size - self.start)
    }

    func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
        guard offset >= 0, offset < size, count > 0 else { return }
        try base.read(at: start + offset, count: Int(min(Int64(count), size - offset)), into: &buffer)
    }
}
