/// Cuts a stream into lines, and lets through only so many in a time. A value; the time is handed in.
struct LineLimiter: Sendable {
    /// Lines that pass in one period.
    static let linesPerPeriod = 100
    /// How long a period is.
    static let period: Duration = .seconds(10)
    /// Bytes of a line that are kept.
    static let lineLength = 1024

    private var line: [UInt8] = []
    private var isCut = false
    private var periodStart: Duration?
    private var passed = 0
    private(set) var suppressed = 0

    /// Takes bytes of the stream; gives the lines to be logged.
    mutating func append(_ bytes: Span<UInt8>, at now: Duration) -> [String] {
        var lines: [String] = []
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == 0x0A {
                if let line = endLine(at: now) { lines.append(line) }
            } else if line.count < Self.lineLength {
                line.append(byte)
            } else {
                isCut = true
            }
        }
        return lines
    }

    /// Ends the stream; gives the last line, where it has no line feed.
    mutating func finish(at now: Duration) -> String? {
        line.isEmpty ? nil : endLine(at: now)
    }

    /// Whether one more line may pass now; otherwise it is counted as suppressed.
    mutating func admit(at now: Duration) -> Bool {
        if periodStart.map({ now - $0 >= Self.period }) ?? true {
            periodStart = now
            passed = 0
        }
        guard passed < Self.linesPerPeriod else {
            suppressed += 1
            return false
        }
        passed += 1
        return true
    }

    /// How many lines have been suppressed since this was last asked; nil while the flood lasts or when none were.
    mutating func takeSuppressed(at now: Duration, isLast: Bool = false) -> Int? {
        guard suppressed > 0, isLast || periodStart.map({ now - $0 >= Self.period }) ?? true else { return nil }
        defer { suppressed = 0 }
        return suppressed
    }

    private mutating func endLine(at now: Duration) -> String? {
        defer {
            line.removeAll(keepingCapacity: true)
            isCut = false
        }
        if line.last == 0x0D { line.removeLast() }
        guard !line.isEmpty, admit(at: now) else { return nil }
        return String(decoding: line, as: UTF8.self) + (isCut ? "…" : "")
    }
}
