/// The command line of an exporter: `--name VALUE` and `--name=VALUE`, and what the route's settings add.
public struct ExporterOptions: Sendable {
    /// A command line that cannot be understood; the program should print it and exit with status 64.
    public struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong.
        public var description: String

        /// Describes what is wrong.
        public init(_ description: String) {
            self.description = description
        }
    }

    /// Whether `--help` was given.
    public private(set) var wantsHelp = false
    /// Whether `--version` was given.
    public private(set) var wantsVersion = false
    private var values: [String: String] = [:]
    private let known: [String]

    /// Reads a command line.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's own name.
    ///   - known: The names of the options, without dashes.
    public init(_ arguments: some Sequence<String>, known: [String]) throws(UsageError) {
        self.known = known
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            if argument == "--help" || argument == "-h" {
                wantsHelp = true
                continue
            }
            if argument == "--version" {
                wantsVersion = true
                continue
            }
            guard argument.hasPrefix("--") else { throw UsageError("unexpected argument '\(argument)'") }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard known.contains(name) else {
                throw UsageError(
                    "unknown option '--\(name)'; there are \(known.map { "--" + $0 }.joined(separator: ", "))")
            }
            guard let value = parts.count > 1 ? String(parts[1]) : iterator.next() else {
                throw UsageError("'--\(name)' needs a value")
            }
            values[name] = value
        }
    }

    /// Adds the route's settings; what the command line says wins.
    ///
    /// - Throws: ``UsageError`` for a setting that this exporter does not know.
    public mutating func add(settings: [String: String]) throws(UsageError) {
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            guard known.contains(name) else {
                throw UsageError("unknown setting '\(name)'; there are \(known.joined(separator: ", "))")
            }
            if values[name] == nil { values[name] = value }
        }
    }

    /// The text of an option.
    public subscript(name: String) -> String? { values[name] }

    /// A whole number of an option, 1 or more, with an optional `K`, `M` or `G` for powers of 1024.
    public func number(_ name: String) throws(UsageError) -> Int? {
        guard let text = values[name] else { return nil }
        let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = text.last.flatMap { shifts[$0] }
        guard let number = Int(shift == nil ? text[...] : text.dropLast()), number > 0, number < 1 << 32 else {
            throw UsageError("'--\(name)' wants a whole number above 0, with or without K, M or G, not '\(text)'")
        }
        return number << (shift ?? 0)
    }

    /// Whether an option says `yes`; `no` and no option at all are false.
    public func flag(_ name: String) throws(UsageError) -> Bool {
        switch values[name] {
        case nil, "no": false
        case "yes": true
        case let text?: throw UsageError("'--\(name)' wants yes or no, not '\(text)'")
        }
    }
}
