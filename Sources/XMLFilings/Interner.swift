/// Gives each different byte string a dense number, in order of first sight.
///
/// Strings of up to sixteen bytes are compared as two words. Buckets are chosen by a hash whose seed differs from
/// process to process, so that a document cannot be built to collide; the numbers do not depend on it.
struct Interner: ~Copyable, Sendable {
    /// A string's first sixteen bytes, zero-filled, and its length: all there is to it unless it is longer than that.
    struct Key: BitwiseCopyable {
        var low: UInt64
        var high: UInt64
        var length: Int
    }

    // Not private: the compiler (6.3) breaks on private types of noncopyable ones that another file destroys.
    struct Entry: BitwiseCopyable {
        var key: Key
        // Where the whole string is in the arena, if it is kept there.
        var start: Int
        var hash: Int
    }

    private static let seed = SIMD2<UInt64>(UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

    private let seed = Interner.seed
    // Little room at first: most filings are small, and each has a dozen of these.
    private var entries = Slab<Entry>(capacity: 16)
    private var arena = Slab<UInt8>(capacity: 128)
    // An entry's number plus one, or 0. A power of two, at least four times the number of entries.
    private var buckets = Slab<Int32>(capacity: 64)
    private var mask = 63

    init() {
        for _ in 0..<64 { buckets.append(0) }
    }

    /// How many strings there are.
    var count: Int { entries.count }

    /// Bytes taken by the strings themselves.
    var storage: Int { arena.count }

    /// The number of `bytes[start..<end]`, if it has one.
    @inline(__always)
    mutating func find(_ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Int32? {
        let key = Self.key(bytes, start, end)
        if key.length <= 16 { return findShort(key) }
        return findLong(key, bytes, start)
    }

    /// The number of `bytes[start..<end]`, which gets one if it has none.
    mutating func intern(_ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Int32 {
        if let known = find(bytes, start, end) { return known }
        let key = Self.key(bytes, start, end)
        let hash = key.length <= 16 ? hash(key) : longHash(key, bytes, start)
        let entry = Entry(key: key, start: arena.count, hash: hash)
        arena.append(from: bytes, start, end)
        return insert(entry)
    }

    /// The number of a key of two words, which gets one if it has none. Do not mix with strings in one interner.
    mutating func intern(low: UInt64, high: UInt64 = 0) -> Int32 {
        let key = Key(low: low, high: high, length: 16)
        if let known = findShort(key) { return known }
        return insert(Entry(key: key, start: 0, hash: hash(key)))
    }

    /// The number of a key of two words, if it has one.
    mutating func find(low: UInt64, high: UInt64 = 0) -> Int32? {
        findShort(Key(low: low, high: high, length: 16))
    }

    /// How many bytes the string with the given number has.
    @inline(__always)
    mutating func length(_ number: Int32) -> Int {
        entries[Int(number)].key.length
    }

    /// The string with the given number.
    func string(_ number: Int32) -> String {
        let entry = entries[Int(number)]
        let span = arena.span(entry.start, entry.start + entry.key.length)
        return span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether `bytes[start..<end]` is the string with the given number.
    @inline(__always)
    mutating func matches(_ number: Int32, _ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let entry = entries[Int(number)]
        let key = Self.key(bytes, start, end)
        guard entry.key.low == key.low, entry.key.high == key.high, entry.key.length == key.length else { return false }
        return key.length <= 16 || tailMatches(entry, bytes, start)
    }

    @inline(__always)
    private static func key(_ bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Key {
        let length = end &- start
        let words = bytes.words(start)
        guard length < 16 else { return Key(low: words.x, high: words.y, length: length) }
        let bits = UInt64(truncatingIfNeeded: length &<< 3)
        if length >= 8 {
            return Key(low: words.x, high: words.y & ((1 &<< (bits &- 64)) &- 1), length: length)
        }
        return Key(low: words.x & ((1 &<< bits) &- 1), high: 0, length: length)
    }

    @inline(__always)
    private func hash(_ key: Key) -> Int {
        mix(key.low ^ seed.x, key.high ^ seed.y ^ UInt64(truncatingIfNeeded: key.length))
    }

    @inline(__always)
    private func mix(_ one: UInt64, _ other: UInt64) -> Int {
        let product = one.multipliedFullWidth(by: other)
        return Int(truncatingIfNeeded: product.high ^ product.low)
    }

    @inline(__always)
    private mutating func findShort(_ key: Key) -> Int32? {
        var bucket = hash(key) & mask
        while true {
            let number = buckets[bucket] &- 1
            if number < 0 { return nil }
            let entry = entries[Int(number)].key
            if entry.low == key.low, entry.high == key.high, entry.length == key.length { return number }
            bucket = (bucket &+ 1) & mask
        }
    }

    private mutating func findLong(_ key: Key, _ bytes: borrowing Slab<UInt8>, _ start: Int) -> Int32? {
        var bucket = longHash(key, bytes, start) & mask
        while true {
            let number = buckets[bucket] &- 1
            if number < 0 { return nil }
            let entry = entries[Int(number)]
            if entry.key.low == key.low, entry.key.high == key.high, entry.key.length == key.length,
                tailMatches(entry, bytes, start)
            {
                return number
            }
            bucket = (bucket &+ 1) & mask
        }
    }

    // What follows the first sixteen bytes; the last block may overlap the one before.
    private mutating func tailMatches(_ entry: Entry, _ bytes: borrowing Slab<UInt8>, _ start: Int) -> Bool {
        var offset = 16
        while true {
            let block = min(offset, entry.key.length - 16)
            if arena.words(entry.start + block) != bytes.words(start + block) { return false }
            if block + 16 >= entry.key.length { return true }
            offset += 16
        }
    }

    private mutating func longHash(_ key: Key, _ bytes: borrowing Slab<UInt8>, _ start: Int) -> Int {
        var result = hash(key)
        var offset = 16
        while offset < key.length {
            let words = bytes.words(start + min(offset, key.length - 16))
            result = mix(words.x ^ UInt64(bitPattern: Int64(result)), words.y ^ seed.y)
            offset += 16
        }
        return result
    }

    private mutating func insert(_ entry: Entry) -> Int32 {
        if entries.count * 4 >= buckets.count { growBuckets() }
        let number = Int32(entries.count)
        entries.append(entry)
        place(number, hash: entry.hash)
        return number
    }

    private mutating func place(_ number: Int32, hash: Int) {
        var bucket = hash & mask
        while buckets[bucket] != 0 { bucket = (bucket &+ 1) & mask }
        buckets[bucket] = number + 1
    }

    private mutating func growBuckets() {
        let size = buckets.count * 2
        buckets = Slab<Int32>(capacity: size)
        for _ in 0..<size { buckets.append(0) }
        mask = size - 1
        for number in 0..<entries.count { place(Int32(number), hash: entries[number].hash) }
    }
}
