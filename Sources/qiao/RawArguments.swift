import Foundation
import Inbound

/// The arguments as the system passed them: names of files need not be UTF-8, and Swift replaces what is not.
enum RawArguments {
    /// The bytes of an argument.
    ///
    /// - Throws: ``CommandFailure`` when it could be several that look the same by now.
    static func bytes(of argument: String) throws -> [UInt8] {
        guard argument.unicodeScalars.contains("\u{FFFD}"),
            let all = FileManager.default.contents(atPath: "/proc/self/cmdline")
        else { return Array(argument.utf8) }
        let found = Set(all.split(separator: 0).map(Array.init)).filter {
            String(decoding: $0, as: UTF8.self) == argument
        }
        guard found.count < 2 else {
            throw CommandFailure(
                .usage, "Several names are not UTF-8 and look like \(argument); convert one at a time.")
        }
        return found.first ?? Array(argument.utf8)
    }
}
