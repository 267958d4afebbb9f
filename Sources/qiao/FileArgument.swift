import ArgumentParser
import Inbound

/// The name of a file on the command line: any bytes, as the system takes them.
struct FileArgument: ExpressibleByArgument, Hashable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes a name of UTF-8.
    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        bytes = RawArguments.bytes(of: argument)
    }

    /// Whether it is `-`, which stands for stdin or stdout.
    var isStandardStream: Bool { bytes == [0x2D] }

    /// The name as people may see it, on one line.
    var displayed: String { PlainFile.displayed(path: bytes) }

    /// The name where it is UTF-8.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The name for a system call.
    var path: [CChar] { bytes.map(CChar.init(bitPattern:)) + [0] }

    /// Its last component.
    var last: FileArgument {
        let end = bytes.lastIndex { $0 != 0x2F }.map { $0 + 1 } ?? 0
        let start = bytes[..<end].lastIndex(of: 0x2F).map { $0 + 1 } ?? 0
        return FileArgument(bytes: Array(bytes[start..<end]))
    }

    /// Its last component as text: as it is, or as people may see it where it is not UTF-8.
    var lastName: String { last.text ?? last.displayed }

    /// The folder that it lies in.
    var folder: FileArgument {
        let end = bytes.lastIndex { $0 != 0x2F }.map { $0 + 1 } ?? 0
        guard let slash = bytes[..<end].lastIndex(of: 0x2F) else { return FileArgument(".") }
        return FileArgument(bytes: slash == 0 ? [0x2F] : Array(bytes[..<slash]))
    }

    /// Opens the file to read it as a document.
    ///
    /// - Throws: `InboundError`; ``CommandFailure`` for `-`.
    func opened() throws -> PlainFile {
        guard !isStandardStream else {
            throw CommandFailure(
                .usage,
                "stdin cannot be read here, because a document is read more than once: write it to a file first, and name that. A file of the name - is ./-."
            )
        }
        return try PlainFile(path: bytes)
    }

    /// The name with something behind it.
    func appending(_ ending: String) -> FileArgument { FileArgument(bytes: bytes + ending.utf8) }
}
