import Testing

@testable import SignedPackages

@Suite struct ZipContainerTests {
    @Test func aCheckSumThatDoesNotFitIsFound() {
        for deflated in [false, true] {
            var entry = TestZip.Entry("a.xml", deflated: deflated)
            entry.both { $0.crc ^= 1 }
            #expect(throws: PackageFault.self) { try zipContents(TestZip(entry).bytes) }
        }
    }

    @Test func moreContentThanTheHeadersSayIsFound() {
        var entry = TestZip.Entry("a.xml", [UInt8](repeating: 7, count: 100_000), deflated: true)
        entry.both { $0.size = 99_999 }
        #expect(throws: PackageFault.self) { try zipContents(TestZip(entry).bytes) }
    }

    @Test func lessContentThanTheHeadersSayIsFound() {
        var entry = TestZip.Entry("a.xml", [UInt8](repeating: 7, count: 100_000), deflated: true)
        entry.both { $0.size = 100_001 }
        #expect(throws: PackageFault.self) { try zipContents(TestZip(entry).bytes) }
    }

    @Test func brokenDeflateDataIsFound() {
        var entry = TestZip.Entry("a.xml", "content", deflated: true)
        entry.data[0] = 7
        #expect(throws: PackageFault.self) { try zipContents(TestZip(entry).bytes) }
    }

    @Test func anInputThatFailsIsNoFaultOfThePackage() {
        struct Broken: Error {}
        struct Failing: PackageInput {
            let base: BytesInput
            var size: Int64 { base.size }
            func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
                guard offset > 100_000 || offset + Int64(count) <= 30_000 else { throw Broken() }
                try base.read(at: offset, count: count, into: &buffer)
            }
        }
        let bytes = TestZip(.init("a.xml", [UInt8](repeating: 1, count: 200_000))).bytes
        let input = Failing(base: BytesInput(bytes))
        #expect {
            let container = ZipContainer(try ZipSurvey(input, limits: PackageLimits()), of: input)
            _ = try container.content(of: 0, limit: 1 << 20)
        } throws: {
            ($0 as? PackageFault)?.reading is Broken
        }
    }

    @Test func bigEntriesComeInBlocks() throws {
        let size: Int64 = 64 << 20
        let input = PatternInput(size: size)
        let archive = try PieceInput { output in
            var writer = ZipWriter(output: output)
            try writer.add("big.bin", input)
            try writer.finish()
        }
        let container = ZipContainer(try ZipSurvey(archive, limits: PackageLimits()), of: archive)
        var reader = try container.reader(of: 0)
        var offset: Int64 = 0
        var block: [UInt8] = []
        while try reader.read(1 << 20, into: &block) {
            #expect(block.count <= 1 << 20)
            let expected = try input.bytes(at: offset, count: block.count)
            #expect(block == expected)
            offset += Int64(block.count)
            block.removeAll(keepingCapacity: true)
        }
        #expect(offset == size)
        #expect(archive.held < 1 << 20)
    }
}

/// Bytes that follow from their offset, so that none need to be kept.
struct PatternInput: PackageInput {
    let size: Int64
    private static let block = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 4) }

    func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
        var offset = offset
        var rest = Int(min(Int64(count), size - offset))
        while rest > 0 {
            let start = Int(offset % 4096)
            let taken = min(rest, 4096 - start)
            buffer.append(contentsOf: Self.block[start..<(start + taken)])
            offset += Int64(taken)
            rest -= taken
        }
    }
}

/// What a ZIP writer wrote, where the pattern is not kept but made again: a big package in little memory.
struct PieceInput: PackageInput {
    private var pieces: [(start: Int64, bytes: [UInt8])] = []
    private var pattern: (start: Int64, end: Int64) = (0, 0)
    let size: Int64
    /// How many bytes are really held.
    var held: Int { pieces.reduce(0) { $0 + $1.bytes.count } }

    /// Takes what `write` writes; pieces of 16 KiB and more are those of the pattern, of which there is one.
    init(_ write: (@escaping ([UInt8]) throws -> Void) throws -> Void) throws {
        let output = Output()
        try write { output.take($0) }
        pieces = output.pieces
        pattern = output.pattern
        size = output.size
    }

    private final class Output {
        var pieces: [(start: Int64, bytes: [UInt8])] = []
        var pattern: (start: Int64, end: Int64) = (0, 0)
        var size: Int64 = 0

        func take(_ bytes: [UInt8]) {
            if bytes.count < 16 << 10 {
                pieces.append((size, bytes))
            } else {
                if pattern.end == 0 { pattern.start = size }
                pattern.end = size + Int64(bytes.count)
            }
            size += Int64(bytes.count)
        }
    }

    func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
        let end = min(size, offset + Int64(count))
        var position = offset
        while position < end {
            if position >= pattern.start, position < pattern.end {
                let stop = min(end, pattern.end)
                try PatternInput(size: pattern.end - pattern.start)
                    .read(at: position - pattern.start, count: Int(stop - position), into: &buffer)
                position = stop
            } else if let piece = pieces.last(where: { $0.start <= position }) {
                let start = Int(position - piece.start)
                let taken = min(piece.bytes.count - start, Int(end - position))
                buffer.append(contentsOf: piece.bytes[start..<(start + taken)])
                position += Int64(taken)
            }
        }
    }
}
