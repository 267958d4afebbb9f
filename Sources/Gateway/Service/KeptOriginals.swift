// Where Foundation is in use, the compiler takes `struct stat` for a part of it.
import CoreFoundation
import Glibc
import Inbound
import Journal

/// The originals of one folder, archive or quarantine, as they lie there: `SOURCE/DAY/DIGITS-NAME`.
///
/// What is not laid out like that is nobody's to remove.
struct KeptOriginals: Sendable {
    let root: String
    let isQuarantine: Bool

    /// The originals of one source and day.
    struct Day: Sendable {
        var source: String
        var name: String
        var path: [UInt8]
    }

    /// Days before another one (`YYYY-MM-DD`), the oldest first.
    func days(before limit: String) -> [Day] {
        let root = Array(root.utf8)
        let all = FolderNames.of(root).flatMap { source in
            let path = root + [0x2F] + source.bytes
            return FolderNames.of(path).map { day in
                Day(
                    source: String(decoding: source.bytes, as: UTF8.self),
                    name: String(decoding: day.bytes, as: UTF8.self), path: path + [0x2F] + day.bytes)
            }
        }
        return all.filter { Self.isDay($0.name) && $0.name < limit }.sorted {
            ($0.name, $0.source) < ($1.name, $1.source)
        }
    }

    /// The oldest day there is.
    var firstDay: String? { days(before: "~").first?.name }

    /// The files of a day, each with the filing that it belongs to: documents, signatures, checksums and reasons.
    func files(of day: Day) -> [(name: FileName, original: KeptOriginal)] {
        FolderNames.of(day.path).compactMap { name in
            let digits = name.bytes.prefix(Self.digits)
            guard digits.count == Self.digits, digits.allSatisfy(Self.isDigit),
                name.bytes.dropFirst(Self.digits).first == 0x2D
            else { return nil }
            let prefix = String(decoding: digits, as: UTF8.self)
            return (name, KeptOriginal(source: day.source, prefix: prefix, isQuarantined: isQuarantine))
        }
    }

    /// Removes a file; gives the room it took, nil when it could not be removed.
    func remove(_ name: FileName, of day: Day) -> Int? {
        let path = (day.path + [0x2F] + name.bytes + [0]).map { CChar(bitPattern: $0) }
        var status = stat()
        guard lstat(path, &status) == 0, unlink(path) == 0 else { return nil }
        return Int(status.st_blocks) * 512
    }

    /// Removes the folder of a day, when nothing is left in it.
    func removeIfEmpty(_ day: Day) {
        rmdir((day.path + [0]).map { CChar(bitPattern: $0) })
    }

    // As `KeepFolder` names them.
    private static let digits = 12

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isDay(_ name: String) -> Bool {
        name.count == 10
            && name.utf8.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == 0x2D : (0x30...0x39).contains(byte)
            }
    }
}
