import Findings

@testable import Mappings

/// What a machine made of one value, in a form that tests can compare.
struct Converted: Equatable, CustomStringConvertible {
    var value: String
    var issues: [ValueIssue]

    init(_ value: String, _ issues: [ValueIssue] = []) {
        self.value = value
        self.issues = issues
    }

    /// Rejected for one reason.
    static func rejected(_ issue: ValueIssue) -> Converted { Converted("rejected", [issue]) }
    /// Nothing was filed.
    static let empty = Converted("empty")
    /// A word for nothing was filed.
    static let nullWord = Converted("null word")

    var description: String { "\(value) \(issues)" }
}

extension ValueMachine {
    /// Converts a string; numbers are shown in decimal with their scale applied.
    func converting(_ raw: String) -> Converted {
        converting(bytes: Array(raw.utf8))
    }

    func converting(bytes: [UInt8]) -> Converted {
        var output: [UInt8] = [0x5B]
        let outcome = convert(bytes.span, into: &output)
        let written = String(decoding: output.dropFirst(), as: UTF8.self)
        let value =
            switch outcome.result {
            case .text: written
            case .number: Self.decimal(outcome.number, scale: Int(outcome.scale))
            case .empty: "empty"
            case .nullWord: "null word"
            case .rejected: "rejected"
            }
        let leftOver = outcome.result != .text && !written.isEmpty ? " and wrote \(written)" : ""
        return Converted(value + leftOver, outcome.issues.list)
    }

    private static func decimal(_ number: Int64, scale: Int) -> String {
        guard scale > 0 else { return String(number) }
        let digits = String(number.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return (number < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
    }
}

/// A named case of a table: what is filed and what must come of it.
struct ValueCase: Sendable, CustomStringConvertible {
    var name: String
    var raw: String
    var expected: String
    var issues: [ValueIssue]

    init(_ name: String, _ raw: String, _ expected: String, _ issues: ValueIssue...) {
        self.name = name
        self.raw = raw
        self.expected = expected
        self.issues = issues
    }

    var description: String { name }
    var converted: Converted { Converted(expected, issues) }
}

/// A small seeded generator (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
