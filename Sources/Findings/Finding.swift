/// How much a finding matters to the filing that it was found in.
///
/// The order of the cases is the order of gravity, so that severities can be compared.
public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable, Codable {
    /// Worth knowing; nothing was lost or changed in meaning.
    case note
    /// A value was left out or is doubtful; the record it belongs to was kept.
    case warning
    /// The row or record was set aside; the rest of the filing was converted.
    case error
    /// The whole filing is rejected.
    case fatal

    /// Graver is greater.
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rank < right.rank
    }

    /// The place among all cases.
    var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        case .fatal: 3
        }
    }
}

/// Something wrong or noteworthy in a *document*, told to the people who filed it.
///
/// A finding is a value, never a Swift `Error`: errors are about us, findings are about documents.
/// Its text holds no personal data: ``value`` is masked before it gets here.
public struct Finding: Sendable, Hashable, Codable {
    /// What was found, as a stable dotted word such as `identity-number.checksum`. Machines compare this.
    public var code: String
    /// How much it matters.
    public var severity: Severity
    /// Where in the document, as far as it is known.
    public var place: SourcePlace?
    /// The 1-based number of the data row or record element, where the finding belongs to one.
    public var row: Int?
    /// The column header or element path, as it is written in the document.
    public var field: String?
    /// The offending value, masked when its field is sensitive and cut to ``Limits/findingValueLength`` characters.
    public var value: String?
    /// What happened, for people.
    public var message: BilingualText

    /// Creates a finding of a declared kind.
    ///
    /// - Parameters:
    ///   - kind: What was found; it brings code, severity and the message with its places for arguments.
    ///   - severity: Replaces the kind's own severity, where a mapping declares another.
    ///   - place: Where in the document.
    ///   - row: The 1-based data row or record.
    ///   - field: Column header or element path.
    ///   - value: The offending value, **already masked**.
    ///   - arguments: Replace `{0}`, `{1}`, … in the kind's messages.
    public init(
        _ kind: FindingKind,
        severity: Severity? = nil,
        at place: SourcePlace? = nil,
        row: Int? = nil,
        field: String? = nil,
        value: String? = nil,
        arguments: [String] = []
    ) {
        self.code = kind.code
        self.severity = severity ?? kind.severity
        self.place = place
        self.row = row
        self.field = field
        self.value = value.map(ShownText.value)
        self.message = kind.message.filled(with: arguments)
    }
}

/// One kind of finding: its stable code, its usual severity, and how it is told.
///
/// Each module declares its kinds as static members of an extension beside the code that reports them, and lists them in
/// an array, so that the documentation of codes is generated and complete.
public struct FindingKind: Sendable, Hashable {
    /// The stable dotted word, e.g. `csv.quote-never-closed`.
    public var code: String
    /// The severity unless a mapping declares another.
    public var severity: Severity
    /// The message, with `{0}`, `{1}`, … where arguments go.
    public var message: BilingualText

    /// Declares a kind of finding.
    public init(_ code: String, _ severity: Severity, chinese: String, english: String) {
        self.code = code
        self.severity = severity
        self.message = BilingualText(chinese: chinese, english: english)
    }
}

/// A text in the two languages that people outside the team read.
public struct BilingualText: Sendable, Hashable, Codable {
    /// Simplified Chinese.
    public var chinese: String
    /// English.
    public var english: String

    /// Pairs the two languages.
    public init(chinese: String, english: String) {
        self.chinese = chinese
        self.english = english
    }

    /// The text with `{0}`, `{1}`, … replaced by the arguments of that index; unknown indices stay as they are.
    public func filled(with arguments: [String]) -> BilingualText {
        guard !arguments.isEmpty else { return self }
        return BilingualText(
            chinese: Self.fill(chinese, with: arguments), english: Self.fill(english, with: arguments))
    }

    // One pass from left to right, so that an argument that itself contains `{1}` stays what it is.
    private static func fill(_ template: String, with arguments: [String]) -> String {
        var template = template
        return template.withUTF8 { text in
            var result = ""
            var copied = 0
            var index = 0
            while index < text.count {
                guard text[index] == UInt8(ascii: "{"), let slot = slot(in: text, at: index, of: arguments.count) else {
                    index += 1
                    continue
                }
                result += String(decoding: text[copied..<index], as: UTF8.self)
                result += arguments[slot.index]
                (copied, index) = (slot.end, slot.end)
            }
            return result + String(decoding: text[copied...], as: UTF8.self)
        }
    }

    // `{12}`: the index of an argument that there is, and where the slot ends.
    private static func slot(
        in text: UnsafeBufferPointer<UInt8>, at start: Int, of count: Int
    ) -> (index: Int, end: Int)? {
        var number = 0
        var index = start + 1
        while index < text.count, index < start + 4, text[index] >= 0x30, text[index] <= 0x39 {
            number = number * 10 + Int(text[index] - 0x30)
            index += 1
        }
        guard index > start + 1, index < text.count, text[index] == UInt8(ascii: "}"), number < count else {
            return nil
        }
        return (number, index + 1)
    }
}
