import ArgumentParser
import Foundation

/// The arguments as the system passed them: names of files need not be UTF-8, and Swift replaces what is not.
///
/// What is no UTF-8 goes through the parser of the command line as text, in which the scalar U+10FF00 + N stands for each
/// byte N from 0x80 on; ``FileArgument`` makes the bytes of it again. What is UTF-8 and has such a scalar is written in the
/// same way, so that no two arguments become one.
enum RawArguments {
    /// The arguments behind the name of the program, as text.
    static func texts() -> [String] {
        // proc_pid_cmdline(5): each argument has a NUL behind it.
        guard let all = FileManager.default.contents(atPath: "/proc/self/cmdline") else {
            return Array(CommandLine.arguments.dropFirst())
        }
        return all.split(separator: 0, omittingEmptySubsequences: false).dropFirst().dropLast().map {
            text(of: Array($0))
        }
    }

    /// The text that stands for the bytes of an argument.
    static func text(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isStandIn) {
            return text
        }
        var text = String.UnicodeScalarView()
        // Invariant: both are scalars, below the surrogates and far behind them.
        for byte in bytes { text.append(UnicodeScalar(byte < 0x80 ? UInt32(byte) : 0x10FF00 + UInt32(byte))!) }
        return String(text)
    }

    /// The bytes that a text stands for.
    static func bytes(of text: String) -> [UInt8] {
        guard hasStandIn(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in
            isStandIn(scalar) ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
        }
    }

    /// The text with `\xNN` in place of what was no UTF-8, for messages.
    static func displayed(_ text: String) -> String {
        guard hasStandIn(text) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard isStandIn(scalar) else {
                shown.append(scalar)
                continue
            }
            shown.append(contentsOf: "\\x\(String(scalar.value & 0xFF, radix: 16))".unicodeScalars)
        }
        return String(shown)
    }

    /// Refuses an argument that must be text and is none, or nothing.
    static func demandText(_ argument: String?, for name: String) throws {
        guard let argument else { return }
        guard !argument.isEmpty else { throw ValidationError("\(name) is empty; is a variable not set?") }
        guard hasStandIn(argument) else { return }
        throw ValidationError("\(name) must be UTF-8, and \(displayed(argument)) is not.")
    }

    private static func isStandIn(_ scalar: UnicodeScalar) -> Bool { (0x10FF80...0x10FFFF).contains(scalar.value) }

    private static func hasStandIn(_ text: String) -> Bool {
        // The first byte of all of them.
        text.utf8.contains(0xF4) && text.unicodeScalars.contains(where: isStandIn)
    }
}
