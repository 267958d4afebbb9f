import Gateway
import Inbound

extension FilingInput {
    /// Opens a file that somebody named, to be read as a package or as a document of one.
    init(file path: FileArgument) throws {
        self.init(try path.opened().bytes())
    }
}

/// Small files that are read whole: certificates, lists, keys.
enum SmallFile {
    /// Larger than any of them is; the revocation lists of big authorities have some MiB.
    static let limit: Int64 = 256 << 20

    /// All bytes of a file.
    static func bytes(_ path: FileArgument) throws -> [UInt8] {
        let file = try FilingInput(file: path)
        guard file.size <= limit else {
            throw CommandFailure(
                .inputOutput, "\(path.displayed) has \(file.size) bytes; \(limit) are allowed. Is it the right file?")
        }
        var bytes: [UInt8] = []
        try file.read(at: 0, count: Int(file.size), into: &bytes)
        return bytes
    }
}
