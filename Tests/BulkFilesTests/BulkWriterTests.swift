import Foundation
import Synchronization
import Testing

@testable import BulkFiles

/// What was appended is what the file has, whatever the sizes, the file system and the system's moods.
@Suite struct BulkWriterTests {
    private func file(
        _ folder: TemporaryFolder, pwrite: BulkFile.Write? = nil
    ) throws -> BulkFile {
        guard let pwrite else {
            return try BulkFile(creating: folder.file, permissions: 0o600)
        }
        return try BulkFile(creating: Array(folder.file.utf8), pwrite: pwrite)
    }

    @Test(arguments: TemporaryFolder.parents, [false, true])
    func fileHasWhatWasAppended(parent: String, isBeside: Bool) throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            var random = SplitMix64(state: seed)
            let folder = try TemporaryFolder(in: parent)
            let writer = BulkWriter(try file(folder), bufferSize: 16 << 10, isBeside: isBeside)
            var expected: [UInt8] = []
            for _ in 0..<40 {
                let bytes = random.bytes(
                    Int.random(in: 0...[10, 5000, 40_000].randomElement(using: &random)!, using: &random))
                switch Int.random(in: 0..<10, using: &random) {
                case 0:
                    let kept = Int.random(in: 0...expected.count, using: &random)
                    try writer.shorten(to: Int64(kept))
                    expected.removeLast(expected.count - kept)
                case 1:
                    try writer.flush()
                    expected += [UInt8](repeating: 0, count: BlockBuffer.wholeBlocks(expected.count) - expected.count)
                case 2..<6 where bytes.count <= writer.roomLimit:
                    #expect(try writer.append(compressed: bytes, atMost: writer.roomLimit) == bytes)
                    expected += bytes
                default:
                    try writer.append(bytes)
                    expected += bytes
                }
                #expect(writer.end == Int64(expected.count))
            }
            try writer.finish()
            try writer.file.sync()
            #expect(try folder.content() == expected, "seed \(seed)")
        }
    }

    @Test func emptyFileIsEmpty() throws {
        let folder = try TemporaryFolder()
        try BulkWriter(try file(folder), bufferSize: 1, isBeside: true).finish()
        #expect(try folder.content().isEmpty)
    }

    /// Some systems write less than they were asked to, whole blocks or not.
    @Test(arguments: [4096, 12_288, 5000, 1]) func writesThatFallShortAreGoneOnWith(most: Int) throws {
        let folder = try TemporaryFolder()
        let calls = Calls()
        let file = try file(folder) { descriptor, bytes, count, place in
            calls.note()
            return Glibc.pwrite(descriptor, bytes, most == 1 && calls.count > 3 ? count : min(count, most), place)
        }
        let wasDirect = file.isDirect
        let writer = BulkWriter(file, bufferSize: 64 << 10, isBeside: false)
        var random = SplitMix64(state: 7)
        let bytes = random.bytes(200_001)
        try writer.append(bytes)
        try writer.finish()
        #expect(try folder.content() == bytes)
        #expect(calls.count > 3)
        // The rest of a block cannot be written directly.
        #expect(file.isDirect == (wasDirect && most % BlockBuffer.blockSize == 0))
    }

    @Test func fileSystemThatRefusesIsWrittenAsUsual() throws {
        let folder = try TemporaryFolder()
        let calls = Calls()
        let file = try file(folder) { descriptor, bytes, count, place in
            calls.note()
            if calls.count == 1 {
                errno = EINVAL
                return -1
            }
            return Glibc.pwrite(descriptor, bytes, count, place)
        }
        guard file.isDirect else { return }
        let writer = BulkWriter(file, bufferSize: 64 << 10, isBeside: true)
        let bytes = [UInt8](repeating: 5, count: 100_000)
        try writer.append(bytes)
        try writer.finish()
        #expect(!file.isDirect)
        #expect(try folder.content() == bytes)
    }

    /// The disk is full at some write, which may have written a part before; and then no more.
    @Test(arguments: [0, 4096, 8192, 5000], [false, true])
    func fullDiskIsToldAndWhatWasThereStays(part: Int, isBeside: Bool) throws {
        let folder = try TemporaryFolder()
        let isFull = Mutex(false)
        let file = try file(folder) { descriptor, bytes, count, place in
            guard isFull.withLock({ $0 }) else { return Glibc.pwrite(descriptor, bytes, count, place) }
            if part > 0, place % 65_536 == 0 { return Glibc.pwrite(descriptor, bytes, part, place) }
            errno = ENOSPC
            return -1
        }
        let writer = BulkWriter(file, bufferSize: 64 << 10, isBeside: isBeside)
        var random = SplitMix64(state: 3)
        let first = random.bytes(70_000)
        try writer.append(first)
        try writer.flush()
        let before = writer.end
        isFull.withLock { $0 = true }
        let more = random.bytes(300_000)
        let error = #expect(throws: BulkFileError.self) {
            try writer.append(more)
            try writer.flush()
        }
        #expect(error?.code == ENOSPC)
        writer.restart(at: before)
        isFull.withLock { $0 = false }
        #expect(writer.end == before)
        try writer.append(more)
        try writer.finish()
        let padding = [UInt8](repeating: 0, count: Int(before) - first.count)
        #expect(try folder.content() == first + padding + more)
    }

    @Test func failureOfTheDiskIsToldAtTheLatestAtTheEnd() throws {
        let folder = try TemporaryFolder()
        let file = try file(folder) { _, _, _, _ in
            errno = EIO
            return -1
        }
        let writer = BulkWriter(file, bufferSize: 8192, isBeside: true)
        try writer.append([UInt8](repeating: 1, count: 100))
        let error = #expect(throws: BulkFileError.self) { try writer.finish() }
        #expect(error?.code == EIO)
    }

    @Test func linkIsNotFollowed() throws {
        let folder = try TemporaryFolder()
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file)
        let error = #expect(throws: BulkFileError.self) {
            _ = try BulkFile(creating: link, permissions: 0o600)
        }
        #expect(error?.code == ELOOP)
        #expect(!FileManager.default.fileExists(atPath: folder.file))
    }

    @Test func nameNeedNotBeUTF8() throws {
        let folder = try TemporaryFolder()
        let name = Array((folder.path + "/").utf8) + [0xD0, 0xD5, 0xC3, 0xFB]
        _ = try BulkFile(creating: name, permissions: 0o600)
        let path = name.map(CChar.init(bitPattern:)) + [0]
        #expect(access(path, F_OK) == 0)
        #expect(unlink(path) == 0)
    }
}

private final class Calls: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func note() { number.withLock { $0 += 1 } }
}
