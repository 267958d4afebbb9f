import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct ChunkCompressionTests {
    private func back(_ block: [UInt8], size: Int) -> [UInt8]? {
        block.withUnsafeBytes { ChunkCompression.decompress($0, size: size) }
    }

    /// Bytes of all kinds: repeated near and far, in long runs, across the distance that can be said, and noise in between.
    private func sample(_ seed: UInt64) -> [UInt8] {
        var random = SplitMix64(state: seed)
        var bytes: [UInt8] = []
        let size = Int.random(in: 1...200_000, using: &random)
        while bytes.count < size {
            let length = Int.random(in: 1...(Int.random(in: 0...9, using: &random) == 0 ? 5000 : 60), using: &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes += (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            case 1: bytes += [UInt8](repeating: UInt8.random(in: .min ... .max, using: &random), count: length)
            default:
                guard !bytes.isEmpty else { continue }
                let start = Int.random(in: 0..<bytes.count, using: &random)
                bytes += Array(bytes[start..<min(bytes.count, start + length)])
            }
        }
        return bytes
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func whatGoesInComesOut(seed: UInt64) {
        let bytes = sample(seed)
        guard let (block, size) = ChunkCompression.compress(bytes) else { return }
        #expect(block.count < bytes.count)
        #expect(size == (bytes.count > 65_536 ? -bytes.count : bytes.count))
        #expect(back(block, size: size) == bytes)
        for wrong in [-size, size - 1, size + 1, 0] { #expect(back(block, size: wrong) == nil) }
    }

    @Test func recordsAreShortenedAndNoiseIsLeft() {
        var random = SplitMix64(state: 9)
        let noise = (0..<100_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        #expect(ChunkCompression.compress(noise) == nil)
        let provenance = Array(noise[..<200])
        var records: [UInt8] = []
        for index in 0..<800 { records += provenance + noise[(300 + index * 100)..<(400 + index * 100)] }
        #expect((ChunkCompression.compress(records)?.block.count ?? .max) < records.count / 2)
        for size in [0, 1, 63, 64, 65, 80] {
            let same = [UInt8](repeating: 1, count: size)
            if let (block, kept) = ChunkCompression.compress(same) { #expect(back(block, size: kept) == same) }
        }
        for size in [65_535, 65_536, 65_537, 131_072, 131_073, 262_144] {
            let same = [UInt8](repeating: 1, count: size)
            #expect(ChunkCompression.compress(same).flatMap { back($0.block, size: $0.size) } == same)
        }
    }

    /// The format is LZ4's, so these are blocks by its description.
    @Test func blocksAreReadAsTheFormatSays() {
        // Three literals, then nine bytes that repeat them, then five literals.
        let repeated: [UInt8] = [0x35, 1, 2, 3, 3, 0, 0x50, 7, 7, 7, 7, 7]
        #expect(back(repeated, size: 17) == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 7, 7, 7, 7, 7])
        let fours = [UInt8](repeating: 4, count: 16)
        #expect(back([0xF0, 1] + fours, size: 16) == fours)
        #expect(back([0x00], size: 0) == [])
        // A size that is wrong; a match before the beginning, at no distance, or cut short; lengths beyond the end.
        let broken: [([UInt8], Int)] = [
            ([0x10, 1], 2), ([0x10, 1], 0), ([0x10, 1, 2, 0], 9), ([0x10, 1, 0, 0], 5), ([0x10, 1, 1], 5),
            ([0xF0, 255], 300), ([0x1F, 1, 1, 0, 255], 300), ([0x50, 1], 5), ([], 1), ([0x00], -1), ([0x00], .max),
            ([0x00], .min), ([1, 0, 0, 0], -5), ([255, 255, 255, 255, 1], -5), ([1, 0, 0, 0, 0], -70_000),
        ]
        for (block, size) in broken {
            #expect(back(block, size: size) == nil)
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func damagedBlockIsNoCrash(seed: UInt64) {
        let bytes = sample(seed)
        guard let compressed = ChunkCompression.compress(bytes) else { return }
        var block = compressed.block
        let size = compressed.size
        var random = SplitMix64(state: seed)
        for _ in 0..<50 {
            block[Int.random(in: 0..<block.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            _ = back(block, size: size)
        }
        _ = back(Array(block[..<Int.random(in: 0..<block.count, using: &random)]), size: size)
    }

    @Test func compressedChunksAreGivenAsTheyWereCommittedAndDamageIsTold() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        try await journal.commit([filing(1, records: toys(0..<40_000)), filing(2, records: toys(1...3))], at: at(1))
        #expect(try await journal.stream() == toys(0..<40_000) + toys(1...3))
        #expect(try await journal.stream(after: 39_990) == toys(39_990..<40_000) + toys(1...3))
        let sizes = try await journal.read {
            try $0.rows("SELECT size, length(bytes) FROM chunk ORDER BY number").map { ($0[0] as Int?, $0[1] as Int) }
        }
        #expect(abs(sizes.first?.0 ?? 0) > (sizes.first?.1 ?? .max))
        #expect(sizes.last?.0 == nil)
        for damage in ["bytes = zeroblob(length(bytes))", "size = size + 1", "size = NULL"] {
            try await journal.write { try $0.execute(sql: "UPDATE chunk SET \(damage) WHERE number = 1") }
            let error = await #expect(throws: JournalError.self) { try await journal.chunks(after: 0, limitBytes: 1) }
            #expect(error?.code == .damaged)
        }
    }
}
