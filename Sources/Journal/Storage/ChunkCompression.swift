import CLZ4

/// Shortens chunks of records, which say the same of their filing over and over, to blocks of LZ4.
///
/// What is longer than a piece is a block for each piece, with the block's size in front, four bytes, little-endian; the size
/// of the whole is then kept as a negative number. Pieces stay in the nearest caches: they take a fifth less time than a
/// whole chunk, and no more room. What earlier versions have stored is one block of any size.
///
/// Of a damaged block nothing is read beyond its end; what comes out is then not what went in, or nothing.
enum ChunkCompression {
    // LZ4 counts in 32 bits. A damaged size must not take all memory, either: a chunk is never so large.
    static let sizeLimit = 1 << 30
    // Takes a fifth off the time, and adds a thirtieth to the size.
    private static let acceleration: Int32 = 4

    private static let pieceSize = 64 << 10
    private static let prefixSize = 4

    /// The block or the pieces, and the size that is kept of them; `nil` when they would hardly be shorter.
    static func compress(_ bytes: [UInt8]) -> (block: [UInt8], size: Int)? {
        let limit = bytes.count - bytes.count / 8
        guard limit > 64, bytes.count <= sizeLimit else { return nil }
        let prefix = bytes.count > pieceSize ? prefixSize : 0
        let block = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            bytes.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = UnsafeMutableRawPointer(target.baseAddress) else {
                    return
                }
                for start in stride(from: 0, to: source.count, by: pieceSize) {
                    // Invariant: a piece lies within the source, and `count` bytes of the target are written. The library
                    // writes no more than there is room for, and says 0 when that is too little.
                    let room = limit - count - prefix
                    let size =
                        room <= 0
                        ? 0
                        : LZ4_compress_fast(
                            from + start, to + count + prefix, Int32(min(pieceSize, source.count - start)),
                            Int32(room), acceleration)
                    guard size > 0 else {
                        count = 0
                        return
                    }
                    if prefix > 0 { (to + count).storeBytes(of: UInt32(size).littleEndian, as: UInt32.self) }
                    count += prefix + Int(size)
                }
            }
        }
        return block.isEmpty ? nil : (block, prefix > 0 ? -bytes.count : bytes.count)
    }

    /// What a block or pieces were made of; `nil` when that is not of the size that was kept.
    static func decompress(_ block: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        guard size.magnitude <= UInt(sizeLimit), block.count <= sizeLimit else { return nil }
        return size < 0 ? pieces(of: block, size: -size) : decompressOne(block, size: size)
    }

    private static func pieces(of block: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            guard let from = block.baseAddress, let to = UnsafeMutableRawPointer(target.baseAddress) else { return }
            var place = 0
            while count < size {
                guard block.count - place >= prefixSize else { return }
                let stored = Int(UInt32(littleEndian: from.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
                place += prefixSize
                guard stored <= block.count - place else { return }
                // Invariant: what is read lies within the block, what is written within the target, of which `count` bytes
                // are written.
                let wanted = min(pieceSize, size - count)
                guard LZ4_decompress_safe(from + place, to + count, Int32(stored), Int32(wanted)) == Int32(wanted)
                else { return }
                place += stored
                count += wanted
            }
            isWhole = place == block.count
        }
        return isWhole ? bytes : nil
    }

    private static func decompressOne(_ block: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
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
