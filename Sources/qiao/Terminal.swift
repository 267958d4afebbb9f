import Foundation
import Glibc

/// Where people read: stdout for data, stderr for everything else; colour and progress only on a terminal.
enum Terminal {
    static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
    static let isErrorTerminal = isatty(STDERR_FILENO) == 1
    /// Cells of a line of stdout; nil where it is no terminal, or one that does not say.
    static var outputWidth: Int? {
        var size = winsize()
        guard isOutputTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
    private static let isColourWanted = getenv("NO_COLOR") == nil

    /// Prints a line of data. Where that cannot be done, nothing else can: the program ends.
    static func print(_ line: String) {
        guard !write(line + "\n", to: STDOUT_FILENO) else { return }
        let reason = String(cString: strerror(errno))
        say(coloured("error", .red) + ": stdout cannot be written: \(reason)")
        exit(Outcome.inputOutput.rawValue)
    }

    /// Prints a line for people.
    static func say(_ line: String = "") {
        write(RawArguments.displayed(line) + "\n", to: STDERR_FILENO)
    }

    /// Writes all of the bytes; false when the reader has gone or the disk is full, with `errno` set.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddressOfRest, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = rest.dropFirst(written)
            }
            return true
        }
    }

    /// Which stream a text is written to.
    enum Stream {
        case output, error
    }

    /// The text in a colour, where its stream is a terminal that wants it.
    static func coloured(_ text: String, _ colour: Colour, on stream: Stream = .error) -> String {
        guard stream == .output ? isOutputTerminal : isErrorTerminal, isColourWanted else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    enum Colour: Int {
        case bold = 1
        case red = 31
        case green = 32
        case yellow = 33
        case dim = 2
    }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
    // Valid while the buffer that the slice was cut from is; used inside its closure only.
    fileprivate var baseAddressOfRest: UnsafePointer<UInt8>? {
        base.baseAddress.map { $0 + startIndex }
    }
}
