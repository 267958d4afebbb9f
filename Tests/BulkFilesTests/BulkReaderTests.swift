import Foundation
import Testing

@testable import BulkFiles

@Suite struct BulkReaderTests {
    @Test(arguments: TemporaryFolder.parents) func bytesAreThoseOfTheFile(parent: String) throws {
        let folder = try TemporaryFolder(in: parent)
        var random = SplitMix64(state: 11)
        let content = random.bytes(200_001)
        try Data(content).write(to: URL(filePath: folder.file))
        let file = try #require(try BulkFile(reading: folder.file, isDirect: true))
        var reader = BulkReader(file, buffer: BlockBuffer(capacity: 20_000))
        for _ in 0..<500 {
            let count = Int.random(in: 0...[10, 5000, 60_000].randomElement(using: &random)!, using: &random)
            let place = Int.random(in: 0...(content.count + 5000), using: &random)
            let found = try reader.withUnsafeBytes(count, at: Int64(place)) { [UInt8]($0) }
            if place + count <= content.count {
                #expect(found == Array(content[place..<(place + count)]))
            } else if count > 0 {
                #expect(found == nil)
            }
        }
        for place in [-1, Int64.max, Int64.max - 20_000] {
            #expect(try reader.withUnsafeBytes(1, at: place) { [UInt8]($0) } == nil)
        }
        #expect(try reader.withUnsafeBytes(-1, at: 0) { [UInt8]($0) } == nil)
    }

    @Test func whatLiesBehindIsReadAtOnce() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 3, count: 30_000).write(to: URL(filePath: folder.file))
        let file = try #require(try BulkFile(reading: folder.file, isDirect: true))
        var reader = BulkReader(file, buffer: BlockBuffer(capacity: 16 << 10))
        #expect(!reader.has(1, at: 0))
        #expect(try reader.withUnsafeBytes(10, at: 5000) { $0.count } == 10)
        // From the block's beginning.
        #expect(reader.has(16 << 10, at: 4096))
        #expect(!reader.has(1, at: 4095))
        #expect(!reader.has(1, at: 20_480))
        #expect(reader.isFollowed(by: 20_480))
        #expect(!reader.isFollowed(by: 30_000))
        #expect(!reader.isFollowed(by: 0))
        #expect(!reader.isAtEnd(20_480))
        #expect(try reader.withUnsafeBytes(10, at: 29_000) { $0.count } == 10)
        #expect(reader.isAtEnd(29_010))
        #expect(!reader.isAtEnd(100))
    }

    @Test func ordinaryReadingGivesNothingWhereThereIsLess() throws {
        let folder = try TemporaryFolder()
        let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try Data(content).write(to: URL(filePath: folder.file))
        let file = try #require(try BulkFile(reading: folder.file, isDirect: false))
        #expect(!file.isDirect)
        #expect(try file.bytes(17, at: 4090) == Array(content[4090..<4107]))
        #expect(try file.bytes(10, at: 9990)?.count == 10)
        #expect(try file.bytes(11, at: 9990) == nil)
        #expect(try file.bytes(0, at: 20_000) == [])
    }

    @Test func fileThatIsNotThereIsNone() throws {
        let folder = try TemporaryFolder()
        #expect(try BulkFile(reading: folder.file, isDirect: true) == nil)
        let error = #expect(throws: BulkFileError.self) {
            _ = try BulkFile(creating: folder.path + "/none/file", permissions: 0o600)
        }
        #expect(error?.code == ENOENT)
    }
}
