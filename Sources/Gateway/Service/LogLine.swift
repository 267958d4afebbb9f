public import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes log lines to stderr: readable on a terminal, with a priority for systemd's journal, or as JSON.
public struct LogLine: LogHandler {
    /// The least level that is written.
    public var logLevel: Logger.Level
    /// What every line of this handler carries.
    public var metadata: Logger.Metadata = [:]

    private let label: String
    private let style: Style
    private let write: @Sendable (String) -> Void

    /// How a line looks.
    public enum Style: Sendable {
        /// Time, level, message, metadata; with colour or without.
        case text(colour: Bool)
        /// `<priority>message metadata`, as `sd-daemon(3)` describes.
        case journal
        /// One JSON object.
        case json
    }

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - label: The part of the program that speaks.
    ///   - level: The least level that is written.
    ///   - style: How lines look.
    ///   - write: Takes a finished line without its line end.
    public init(label: String, level: Logger.Level, style: Style, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.logLevel = level
        self.style = style
        self.write = write
    }

    /// One entry of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        write(line(event.level, event.message, metadata.merging(event.metadata ?? [:]) { $1 }))
    }

    /// What a line looks like; nothing is written.
    public func line(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String {
        let pairs = metadata.sorted { $0.key < $1.key }.map { (Self.word($0.key), Self.oneLine("\($0.value)")) }
        let message = Self.oneLine("\(message)")
        switch style {
        case .text(let colour): return text(level, message, pairs, colour: colour)
        case .journal: return "<\(Self.priority(level))>\(message)\(Self.joined(pairs))"
        case .json: return json(level, message, pairs)
        }
    }

    private func text(
        _ level: Logger.Level, _ message: String, _ pairs: [(String, String)], colour: Bool
    ) -> String {
        let time = Self.time(Date.now)
        let name = level.rawValue.padding(to: 8)
        let shown = colour ? "\u{1B}[\(Self.colour(level))m\(name)\u{1B}[0m" : name
        return "\(time) \(shown) \(message)\(Self.joined(pairs))"
    }

    private func json(_ level: Logger.Level, _ message: String, _ pairs: [(String, String)]) -> String {
        let fields =
            [("time", Self.time(Date.now)), ("level", level.rawValue), ("part", label), ("message", message)]
            + pairs
        return "{" + fields.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",") + "}"
    }

    // The second that was formatted last: most lines are of the same, and formatting takes longer than all the rest.
    private static let lastSecond = Mutex((second: Int.min, text: ""))

    /// A time in UTC, to the second, as in ISO 8601.
    static func time(_ date: Date) -> String {
        let second = Int(date.timeIntervalSince1970.rounded(.down))
        return lastSecond.withLock { last in
            if last.second != second {
                last = (second, Date(timeIntervalSince1970: Double(second)).formatted(.iso8601))
            }
            return last.text
        }
    }

    private static func joined(_ pairs: [(String, String)]) -> String {
        pairs.map { key, value in
            let plain = !value.isEmpty && !value.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            return " \(key)=\(plain ? value : quoted(value))"
        }.joined()
    }

    // By scalars: a quotation mark with an accent upon it is another character, and a quotation mark all the same.
    private static func quoted(_ text: String) -> String {
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "\"" { quoted.append("\\") }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    // Exporters name the fields of what they say.
    private static func word(_ key: String) -> String {
        let isWord = { (scalar: Unicode.Scalar) in scalar != " " && scalar != "=" && scalar != "\"" }
        guard !key.unicodeScalars.allSatisfy({ isWord($0) && !isBreaking($0) }) else { return key }
        return oneLine(key).unicodeScalars.map { isWord($0) ? String($0) : "_" }.joined()
    }

    // A line end or escape sequence in a file's name must not be able to forge a line of ours.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isBreaking) else { return text }
        return text.unicodeScalars.map { scalar in
            isBreaking(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }.joined()
    }

    // Controls of both kinds (U+009B begins an escape sequence as well), and the separators of lines and paragraphs.
    private static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func colour(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "2"
        case .info, .notice: "32"
        case .warning: "33"
        case .error, .critical: "31"
        }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
