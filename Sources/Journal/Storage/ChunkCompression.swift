import CLZ4

/// Shortens chunks of records, which say the same of their filing over and over, to blocks of LZ4.
///
/// Of a damaged block nothing is read beyond its end; what comes out is then not what went in, or nothing.
enum ChunkCompression {
    // LZ4 counts in 32 bits. A damaged size must not take all memory, either: a chunk is never so large.
    static let sizeLimit = 1 << 30
    // Takes a fifth off the time, and adds a thirtieth to the size.
    private static let acceleration: Int32 = 4

    /// The block; `nil` when it would hardly be shorter.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        let limit = bytes.count - bytes.count / 8
        guard limit > 64, bytes.count <= sizeLimit else { return nil }
        var size = 0
        let block = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            // The library writes no more than the target holds, and says 0 when that is too little.
            size = bytes.withUnsafeBytes { source in
                Int(
                    LZ4_compress_fast(
                        source.baseAddress, UnsafeMutableRawPointer(target.baseAddress), Int32(source.count),
                        Int32(limit), acceleration))
            }
            count = max(0, size)
        }
        return size > 0 ? block : nil
    }

    /// What a block was made of; `nil` when it does not come to `size` bytes.
    static func decompress(_ block: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        guard size >= 0, size <= sizeLimit, block.count <= sizeLimit else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            // Reads no more than the block and writes no more than the target; negative when the block is none.
            let found = LZ4_decompress_safe(
                block.baseAddress, UnsafeMutableRawPointer(target.baseAddress), Int32(block.count), Int32(size))
            isWhole = Int(found) == size
            count = isWhole ? size : 0
        }
        return isWhole ? bytes : nil
    }
}
