/// Reads the small notations that settings are written in.
enum SettingsText {
    /// Bytes of `4096`, `64KiB`, `256 MiB`, `4GiB`; binary units, because that is what the limits are.
    static func bytes(_ text: String) -> Int? {
        let units: [(String, Int)] = [
            ("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("K", 10), ("M", 20), ("G", 30), ("T", 40), ("B", 0),
        ]
        let text = text.filter { $0 != " " && $0 != "_" }
        let unit = units.first { text.hasSuffix($0.0) }
        guard let number = Int(text.dropLast(unit?.0.count ?? 0)), number >= 0 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 1 << (unit?.1 ?? 0))
        return overflow ? nil : product
    }

    /// A duration in the largest unit that it is a whole number of, as ``duration(_:)`` reads it.
    static func text(of duration: Duration) -> String {
        let milliseconds = Int64(duration / .milliseconds(1))
        let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
        let unit = units.first { milliseconds % $0.1 == 0 } ?? ("ms", 1)
        return "\(milliseconds / unit.1)\(unit.0)"
    }

    /// A duration of `500ms`, `10s`, `5m`, `2h`, `7d`.
    static func duration(_ text: String) -> Duration? {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        guard let unit = units.first(where: { text.hasSuffix($0.0) }),
            let number = Double(text.dropLast(unit.0.count)), number >= 0,
            let milliseconds = Int64(exactly: (number * unit.1 * 1000).rounded())
        else { return nil }
        return .milliseconds(milliseconds)
    }
}
