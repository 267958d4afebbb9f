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

    /// Bytes that a block or pieces may have; `nil` when it is not worth trying.
    static func limit(of bytes: [UInt8]) -> Int? {
        let limit = bytes.count - bytes.count / 8
        return limit > 64 && bytes.count <= sizeLimit ? limit : nil
    }

    /// The size that is kept of what was compressed.
    static func keptSize(of bytes: [UInt8]) -> Int { bytes.count > pieceSize ? -bytes.count : bytes.count }

    /// The block or the pieces, and the size that is kept of them; `nil` when they would hardly be shorter.
    static func compress(_ bytes: [UInt8]) -> (block: [UInt8], size: Int)? {
        guard let limit = limit(of: bytes) else { return nil }
        let block = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            count = compress(bytes, into: UnsafeMutableRawBufferPointer(target))
        }
        return block.isEmpty ? nil : (block, keptSize(of: bytes))
    }

    /// Writes the block or the pieces into room for them; how many bytes, 0 when it does not suffice.
    static func compress(_ bytes: [UInt8], into target: UnsafeMutableRawBufferPointer) -> Int {
        let prefix = bytes.count > pieceSize ? prefixSize : 0
        return bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
            var count = 0
            for start in stride(from: 0, to: source.count, by: pieceSize) {
                // Invariant: a piece lies within the source, and `count` bytes of the target are written. The library writes
                // no more than there is room for, and says 0 when that is too little.
                let room = target.count - count - prefix
                guard room > 0 else { return 0 }
                let size = LZ4_compress_fast(
                    from + start, to + count + prefix, Int32(min(pieceSize, source.count - start)),
                    Int32(clamping: room), acceleration)
                guard size > 0 else { return 0 }
                if prefix > 0 { (to + count).storeBytes(of: UInt32(size).littleEndian, as: UInt32.self) }
                count += prefix + Int(size)
            }
            return count
        }
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
