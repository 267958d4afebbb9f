/// Names that are nobody's filing: temporary files of transfer programs, droppings of editors and file managers.
///
/// Hidden names (those that start with a dot) are always ignored; our own work folder is one of them.
public struct IgnoredNames: Sendable, Hashable {
    /// Endings, compared without regard to the case of ASCII letters.
    public var suffixes: [String]
    /// Beginnings, compared exactly.
    public var prefixes: [String]
    /// Whole names, compared without regard to the case of ASCII letters.
    public var names: [String]

    /// Lists what to ignore besides hidden names.
    public init(suffixes: [String] = [], prefixes: [String] = [], names: [String] = []) {
        self.suffixes = suffixes
        self.prefixes = prefixes
        self.names = names
    }

    /// What transfer programs, editors and desktop systems leave behind.
    public static let usual = IgnoredNames(
        suffixes: [
            ".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", ".swx", ".swo", "~",
        ],
        prefixes: ["~$"],
        names: ["Thumbs.db", "ehthumbs.db", "desktop.ini", "lost+found", "$RECYCLE.BIN", "System Volume Information"])

    /// Whether `name` is to be passed over.
    public func contains(_ name: FileName) -> Bool {
        if name.isHidden { return true }
        // Emacs: autosave files are #x#.
        if name.bytes.count > 1, name.bytes.first == 0x23, name.bytes.last == 0x23 { return true }
        if suffixes.contains(where: { name.hasSuffix($0) }) { return true }
        if prefixes.contains(where: { name.bytes.starts(with: $0.utf8) }) { return true }
        return names.contains { $0.utf8.count == name.bytes.count && isSame($0, name) }
    }

    private func isSame(_ text: String, _ name: FileName) -> Bool {
        zip(text.utf8, name.bytes).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 | 0x20 && isLetter($0)) }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
