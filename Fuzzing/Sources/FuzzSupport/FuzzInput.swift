/// One input of the fuzzer: a document, and decisions that follow from its bytes.
///
/// The whole input is the document, so that every file of a corpus is a plain document and every finding can become a
/// fixture as it is. Cuts, limits and other choices come from a generator that is seeded with a hash of the input.
public struct FuzzInput {
    /// The bytes under test.
    public let bytes: [UInt8]
    /// Decisions; the same for the same bytes.
    public var decisions: Decisions

    /// Takes what the fuzzer hands over.
    ///
    /// - Parameters:
    ///   - start: The first byte; it is read only here, and the fuzzer keeps `count` bytes alive for that long.
    ///   - count: How many bytes there are.
    public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        self.init(Array(UnsafeBufferPointer(start: start, count: count)))
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        decisions = Decisions(state: hash)
    }

    /// The document in pieces of decided sizes, most of them small, some empty.
    public mutating func pieces(largest: Int = 24) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 0...largest, using: &decisions))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }

    /// The sizes of ``pieces(largest:)``, with one more that takes whatever is left.
    public mutating func pieceSizes(largest: Int = 24) -> [Int] {
        (0...bytes.count / max(1, largest / 2)).map { _ in Int.random(in: 1...largest, using: &decisions) }
    }

    /// The same input with U+FFFD for whatever is no UTF-8.
    public var asUTF8: FuzzInput {
        text == nil ? FuzzInput(Array(String(decoding: bytes, as: UTF8.self).utf8)) : self
    }

    /// The document as text, where it is UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }
}

/// SplitMix64.
public struct Decisions: RandomNumberGenerator {
    var state: UInt64

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
