/// Shortens chunks of records, which say the same of their filing over and over: what occurred before in the chunk is
/// written as the distance to it and its length. The format is a block of LZ4.
///
/// Of a damaged block nothing is read beyond its end; what comes out is then not what went in, or nothing.
enum ChunkCompression {
    private static let shortestMatch = 4
    private static let farthest = 65_535
    // The last match begins so far from the end, and the last bytes are literal, as the format asks.
    private static let matchMargin = 12
    private static let literalTail = 5
    private static let hashBits: UInt64 = 13
    private static let missesToSpeed = 5

    /// The block; `nil` when it would hardly be shorter.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        let limit = bytes.count - bytes.count / 8
        guard limit > 64 else { return nil }
        var size = 0
        let block = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            size = withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1 << Int(hashBits)) { table in
                table.initialize(repeating: -1)
                return bytes.withUnsafeBytes { source in
                    var writer = BlockWriter(source: source, target: UnsafeMutableRawBufferPointer(target))
                    return writer.run(remembering: table)
                }
            }
            count = size
        }
        return size == 0 ? nil : block
    }

    // Invariant: positions of the source are below its count less the eight bytes that are loaded there; every write to the
    // target is preceded by a check that it has the room; slots of the table are below 1 << hashBits.
    private struct BlockWriter {
        let source: UnsafeRawBufferPointer
        let target: UnsafeMutableRawBufferPointer
        private var end = 0

        init(source: UnsafeRawBufferPointer, target: UnsafeMutableRawBufferPointer) {
            self.source = source
            self.target = target
        }

        /// The size of the block; 0 when it does not fit.
        ///
        /// - Parameter table: Where the bytes of each hash were last, -1 where they were not.
        mutating func run(remembering table: UnsafeMutableBufferPointer<Int32>) -> Int {
            let last = source.count - matchMargin
            var (position, literals, misses, distance) = (0, 0, 0, 0)
            while position < last {
                let word = load(position)
                let slot = Int((word << 16 &* 0x9E37_79B1_85EB_CA87) >> (64 - hashBits))
                var candidate = position &- distance
                // Fields follow on each other as they did in the record before: what repeats mostly lies as far back as
                // what repeated last.
                if distance == 0 || !isSame(candidate, word) {
                    candidate = Int(table[slot])
                    table[slot] = Int32(truncatingIfNeeded: position)
                    guard candidate >= 0, position &- candidate <= farthest, isSame(candidate, word) else {
                        misses &+= 1
                        // Where nothing was found for long, nothing is looked for at every byte.
                        position &+= 1 &+ misses >> missesToSpeed
                        continue
                    }
                } else {
                    table[slot] = Int32(truncatingIfNeeded: position)
                }
                misses = 0
                distance = position &- candidate
                let length = matchLength(candidate, position)
                guard append(literals..<position, distance: distance, length: length) else { return 0 }
                position &+= length
                literals = position
            }
            guard append(literals..<source.count, distance: 0, length: 0) else { return 0 }
            return end
        }

        @inline(__always)
        private func isSame(_ candidate: Int, _ word: UInt64) -> Bool {
            source.loadUnaligned(fromByteOffset: candidate, as: UInt32.self).littleEndian
                == UInt32(truncatingIfNeeded: word)
        }

        @inline(__always)
        private func load(_ position: Int) -> UInt64 {
            UInt64(littleEndian: source.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        }

        @inline(__always)
        private func matchLength(_ candidate: Int, _ position: Int) -> Int {
            let limit = source.count &- literalTail
            var length = shortestMatch
            while position &+ length &+ 8 <= limit {
                let difference = load(candidate &+ length) ^ load(position &+ length)
                guard difference == 0 else { return length &+ difference.trailingZeroBitCount / 8 }
                length &+= 8
            }
            while position &+ length < limit, source[candidate &+ length] == source[position &+ length] {
                length &+= 1
            }
            return length
        }

        // Literals, then a match unless its length is 0.
        @inline(__always)
        private mutating func append(_ literals: Range<Int>, distance: Int, length: Int) -> Bool {
            // Literals are copied by eight bytes, so some may be written beyond them.
            let room = literals.count + literals.count / 255 + length / 255 + 24
            guard room <= target.count - end else { return false }
            let token = end
            end &+= 1
            let first = appendLength(literals.count)
            copy(literals)
            guard length > 0 else {
                target[token] = first << 4
                return true
            }
            target.storeBytes(
                of: UInt16(truncatingIfNeeded: distance).littleEndian, toByteOffset: end, as: UInt16.self)
            end &+= 2
            target[token] = first << 4 | appendLength(length &- shortestMatch)
            return true
        }

        @inline(__always)
        private mutating func copy(_ literals: Range<Int>) {
            if literals.count <= 64, literals.upperBound &+ 8 <= source.count {
                // There are eight bytes more of the source, and of the target, as `room` says.
                var offset = 0
                while offset < literals.count {
                    target.storeBytes(
                        of: source.loadUnaligned(fromByteOffset: literals.lowerBound &+ offset, as: UInt64.self),
                        toByteOffset: end &+ offset, as: UInt64.self)
                    offset &+= 8
                }
            } else {
                UnsafeMutableRawBufferPointer(rebasing: target[end..<(end + literals.count)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[literals]))
            }
            end &+= literals.count
        }

        // What goes into the token; the rest follows in bytes.
        @inline(__always)
        private mutating func appendLength(_ length: Int) -> UInt8 {
            guard length >= 15 else { return UInt8(truncatingIfNeeded: length) }
            var rest = length &- 15
            while rest >= 255 {
                target[end] = 255
                end &+= 1
                rest &-= 255
            }
            target[end] = UInt8(truncatingIfNeeded: rest)
            end &+= 1
            return 15
        }
    }

    /// What a block was made of; `nil` when it does not come to `size` bytes.
    static func decompress(_ block: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        guard size >= 0, size <= sizeLimit else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            var reader = BlockReader(source: block, target: UnsafeMutableRawBufferPointer(target))
            isWhole = reader.run()
            count = isWhole ? size : 0
        }
        return isWhole ? bytes : nil
    }

    // More than a record can have; a damaged size must not take all memory.
    private static let sizeLimit = 1 << 30

    // Invariant: every read of the source and write to the target is preceded by a check that it lies within; a match is
    // copied from bytes of the target that have been written.
    private struct BlockReader {
        let source: UnsafeRawBufferPointer
        let target: UnsafeMutableRawBufferPointer
        private var position = 0
        private var end = 0

        init(source: UnsafeRawBufferPointer, target: UnsafeMutableRawBufferPointer) {
            self.source = source
            self.target = target
        }

        /// Whether the block fills the target exactly.
        mutating func run() -> Bool {
            while position < source.count {
                let token = source[position]
                position += 1
                guard let literals = length(Int(token >> 4)), literals <= source.count - position,
                    literals <= target.count - end
                else { return false }
                UnsafeMutableRawBufferPointer(rebasing: target[end..<(end + literals)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<(position + literals)]))
                position += literals
                end += literals
                guard position < source.count else { break }
                guard copyMatch(token) else { return false }
            }
            return end == target.count
        }

        private mutating func copyMatch(_ token: UInt8) -> Bool {
            guard source.count - position >= 2 else { return false }
            let distance = Int(source[position]) | Int(source[position + 1]) << 8
            position += 2
            guard distance > 0, distance <= end, let rest = length(Int(token & 15)),
                rest + shortestMatch <= target.count - end
            else { return false }
            let count = rest + shortestMatch
            if distance >= count {
                UnsafeMutableRawBufferPointer(rebasing: target[end..<(end + count)])
                    .copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: target[(end - distance)..<(end - distance + count)]))
            } else {
                // The match reaches into itself: it repeats.
                for index in end..<(end + count) { target[index] = target[index - distance] }
            }
            end += count
            return true
        }

        private mutating func length(_ first: Int) -> Int? {
            guard first == 15 else { return first }
            var sum = first
            while true {
                guard position < source.count, sum <= target.count else { return nil }
                let byte = source[position]
                position += 1
                sum += Int(byte)
                if byte < 255 { return sum }
            }
        }
    }
}
