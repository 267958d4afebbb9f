public import Inbound
public import SignedPackages

/// A filing's bytes, as the verifier of packages reads them.
public struct FilingInput: PackageInput {
    private let bytes: FilingBytes

    /// Wraps the bytes of an open file.
    public init(_ bytes: FilingBytes) {
        self.bytes = bytes
    }

    /// How many bytes there are.
    public var size: Int64 { Int64(bytes.size) }

    /// Appends up to `count` bytes from `offset` on; fewer only at the end.
    public func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
        try bytes.read(at: Int(offset), count: count, into: &buffer)
    }
}
