import BulkFiles
import FoundationEssentials
import Glibc

// The unsafe pointers of the module are here and where LZ4 is called, in ChunkCompression.

/// Catches what the disk did to a chunk behind the store's back. Not against intent.
enum Checksum {
    /// Eight bytes at a time, multiplied and folded.
    static func of(_ bytes: [UInt8]) -> Int64 { bytes.withUnsafeBytes { of($0) } }

    static func of(_ raw: UnsafeRawBufferPointer) -> Int64 {
        var hash = UInt64(raw.count) &* 0x9E37_79B9_7F4A_7C15
        // Invariant: every load lies within `raw`, the words before `whole`, the single bytes behind it.
        let whole = raw.count & ~7
        for offset in stride(from: 0, to: whole, by: 8) {
            hash = mix(hash, raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
        }
        for offset in whole..<raw.count { hash = mix(hash, UInt64(raw[offset])) }
        return Int64(bitPattern: hash)
    }

    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
        return product ^ (product >> 32)
    }
}

/// Keys as they lie in a leaf: in the order of their ids, 28 bytes each, all numbers little-endian: the high and the low half
/// of the id, the content, the body number.
enum LeafBytes {
    static let keySize = 28

    static func encode(_ keys: ArraySlice<StatedKey>) -> Data {
        var data = Data(count: keys.count * keySize)
        data.withUnsafeMutableBytes { raw in
            // Invariant: key n writes to n * 28 ..< (n + 1) * 28, and there is room for all of them.
            for (index, key) in keys.enumerated() {
                let start = index * keySize
                raw.storeBytes(of: key.id.high.littleEndian, toByteOffset: start, as: UInt64.self)
                raw.storeBytes(of: key.id.low.littleEndian, toByteOffset: start + 8, as: UInt64.self)
                raw.storeBytes(of: key.content.littleEndian, toByteOffset: start + 16, as: UInt64.self)
                raw.storeBytes(of: key.bodyNumber.littleEndian, toByteOffset: start + 24, as: Int32.self)
            }
        }
        return data
    }

    static func decode(_ bytes: some ContiguousBytes) -> [StatedKey] {
        bytes.withUnsafeBytes { raw in (0..<(raw.count / keySize)).map { key(in: raw, at: $0) } }
    }

    /// The key with this id, if the leaf has it, and the highest id of the leaf.
    static func find(_ id: Fingerprint, in bytes: [UInt8]) -> (key: StatedKey?, last: Fingerprint?) {
        bytes.withUnsafeBytes { raw in
            let count = raw.count / keySize
            guard count > 0 else { return (nil, nil) }
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if Fingerprint.precedes(self.id(in: raw, at: middle), id) { low = middle + 1 } else { high = middle }
            }
            let found = low < count && self.id(in: raw, at: low) == id ? key(in: raw, at: low) : nil
            return (found, self.id(in: raw, at: count - 1))
        }
    }

    // Invariant of these: `index` is below `raw.count / 28`.
    private static func id(in raw: UnsafeRawBufferPointer, at index: Int) -> Fingerprint {
        fingerprint(in: raw, at: index * keySize)
    }

    private static func key(in raw: UnsafeRawBufferPointer, at index: Int) -> StatedKey {
        let start = index * keySize
        return StatedKey(
            id: fingerprint(in: raw, at: start),
            content: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self)),
            bodyNumber: Int32(littleEndian: raw.loadUnaligned(fromByteOffset: start + 24, as: Int32.self)),
            differs: false)
    }

    private static func fingerprint(in raw: UnsafeRawBufferPointer, at offset: Int) -> Fingerprint {
        Fingerprint(
            high: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            low: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
    }
}

extension LeafReference {
    /// What a row has; nil when it has keys.
    init?(_ stored: Data) {
        guard stored.count == Self.size else { return nil }
        self = stored.withUnsafeBytes { raw in
            // Invariant: there are 20 bytes: the place, the checksum, the count.
            LeafReference(
                place: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 0, as: Int64.self)),
                count: Int32(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: Int32.self)),
                checksum: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: Int64.self)))
        }
    }
}

extension LeafBytes {
    /// What a row has whose leaf lies in a file.
    static func encode(_ reference: LeafReference) -> Data {
        var data = Data(count: LeafReference.size)
        data.withUnsafeMutableBytes { raw in
            // Invariant: there are 20 bytes.
            raw.storeBytes(of: reference.place.littleEndian, toByteOffset: 0, as: Int64.self)
            raw.storeBytes(of: reference.checksum.littleEndian, toByteOffset: 8, as: Int64.self)
            raw.storeBytes(of: reference.count.littleEndian, toByteOffset: 16, as: Int32.self)
        }
        return data
    }
}

/// Keys as they lay in a leaf up to version 5: 36 bytes each, with the whole hash of the content, high half first.
enum LongLeafBytes {
    static let keySize = 36

    static func encode(_ keys: ArraySlice<StatedKey>) -> Data {
        let short = LeafBytes.encode(keys)
        var data = Data(capacity: keys.count * keySize)
        for start in stride(from: short.startIndex, to: short.endIndex, by: LeafBytes.keySize) {
            data += short[start..<(start + 24)] + Data(count: 8) + short[(start + 24)..<(start + 28)]
        }
        return data
    }

    /// The same keys as they lie in a leaf now.
    static func shortened(_ data: Data) -> Data {
        var short = Data(capacity: data.count / keySize * LeafBytes.keySize)
        for start in stride(from: data.startIndex, through: data.endIndex - keySize, by: keySize) {
            short += data[start..<(start + 24)] + data[(start + 32)..<(start + 36)]
        }
        return short
    }
}

/// A file without a name that holds keys for as long as this process needs them, in the layout of this process.
final class KeyFile: Sendable {
    private let descriptor: CInt
    private static let stride = MemoryLayout<StatedKey>.stride

    /// Makes the file in a folder.
    ///
    /// - Throws: `Errno` of the store's words: full or input and output.
    init(in folder: String) throws {
        descriptor = try StoreFailure.told { () throws(BulkFileError) in try NamelessFile.open(in: folder) }
    }

    deinit {
        close(descriptor)
    }

    /// Writes keys behind the first `index`.
    func write(_ keys: [StatedKey], at index: Int) throws {
        try keys.withUnsafeBytes { raw in
            // Invariant: what is written lies within `raw`.
            var done = 0
            while done < raw.count {
                let count = pwrite(
                    descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, off_t(index * Self.stride + done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreFailure.of(count < 0 ? errno : ENOSPC) }
                done += count
            }
        }
    }

    /// Reads keys, which have been written before.
    func read(_ range: Range<Int>) throws -> [StatedKey] {
        try [StatedKey](unsafeUninitializedCapacity: range.count) { buffer, count in
            // Invariant: no more is read than there is capacity for, and `count` says only what was read whole.
            let raw = UnsafeMutableRawBufferPointer(buffer)
            let size = range.count * Self.stride
            var done = 0
            while done < size {
                let got = pread(
                    descriptor, raw.baseAddress.map { $0 + done }, size - done,
                    off_t(range.lowerBound * Self.stride + done))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { throw StoreFailure.of(got < 0 ? errno : EIO) }
                done += got
            }
            count = range.count
        }
    }
}
