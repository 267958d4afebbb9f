import Foundation

@testable import BulkFiles

/// A folder of its own for a test, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    /// Where folders are made: on a disk, mostly, and in memory.
    static let parents = [FileManager.default.temporaryDirectory.path, "/dev/shm"]

    let path: String

    init(in parent: String = parents[0]) throws {
        path = "\(parent)/bulk-files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var file: String { path + "/file" }

    func content() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: file))) }
}

/// Small, seeded, good enough.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

extension BulkWriter {
    func append(_ bytes: [UInt8]) throws(BulkFileError) { try append(bytes.span.bytes) }

    /// What a function writes into the room that it is given.
    func append(compressed bytes: [UInt8], atMost limit: Int) throws(BulkFileError) -> [UInt8] {
        try append(atMost: limit) { room in
            room.copyBytes(from: bytes)
            return bytes.count
        } then: {
            [UInt8]($0)
        }
    }
}
