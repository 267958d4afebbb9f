import ExporterProtocol

/// The names in a folder of segments.
enum SegmentFolder {
    /// The name of a complete segment.
    static func name(first: UInt64, last: UInt64) -> String {
        "records-\(padded(first))-\(padded(last)).pb"
    }

    /// The name of a segment that is being written.
    static func temporaryName(first: UInt64) -> String {
        ".records-\(padded(first)).tmp"
    }

    /// Removes what a crash has left half written.
    ///
    /// - Returns: The last position of the last complete segment; nil when there is none.
    static func recover(_ folder: String) throws(FileFailure) -> UInt64? {
        var last: UInt64?
        for name in try OutputFolder.names(folder) {
            if isTemporary(name) {
                try OutputFolder.remove("\(folder)/\(name)")
            } else if let position = lastPosition(name) {
                last = max(last ?? 0, position)
            }
        }
        return last
    }

    /// Keeps a second exporter out of the folder, whose temporary files it would take for left behind.
    final class Lock {
        private let file: OutputFile

        init(_ folder: String) throws(FileFailure) {
            file = try OutputFile(path: "\(folder)/.lock")
        }
    }

    private static func isTemporary(_ name: String) -> Bool {
        let digits = name.dropFirst(".records-".count).dropLast(".tmp".count)
        return name.hasPrefix(".records-") && name.hasSuffix(".tmp") && isNumber(digits)
    }

    private static func lastPosition(_ name: String) -> UInt64? {
        guard name.hasPrefix("records-"), name.hasSuffix(".pb") else { return nil }
        let parts = name.dropFirst("records-".count).dropLast(".pb".count)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(isNumber) else { return nil }
        return UInt64(parts[1])
    }

    private static func isNumber(_ text: Substring) -> Bool {
        text.utf8.count == 20 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }
}
