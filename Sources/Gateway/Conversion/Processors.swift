import FoundationEssentials

/// The processors of the machine that this process may run on.
enum Processors {
    /// How many there are, at least one. `taskset` and `AllowedCPUs=` of a service take some away; Foundation counts
    /// those as well.
    static let count = allowed(FileManager.default.contents(atPath: "/proc/self/status").map(Array.init) ?? [])

    /// Counts the bits of `Cpus_allowed:`, words of hexadecimal digits with commas between them (proc(5)).
    static func allowed(_ status: [UInt8]) -> Int {
        let lines = status.split(separator: UInt8(ascii: "\n"))
        let mask = lines.first { $0.starts(with: "Cpus_allowed:".utf8) } ?? []
        let digits = mask.drop { $0 != UInt8(ascii: ":") }.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return max(1, digits.reduce(0) { $0 + $1.nonzeroBitCount })
    }
}
