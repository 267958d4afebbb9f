/// The names inside a work folder.
///
/// A claim is one file, `<id>-<original name>`; a name too long for that keeps a folder of its own, `<id>/<original name>`,
/// which costs the making of a folder and is therefore not the rule. What came with the file is `<id>.sidecar.sha256`, or
/// `.done`, and so on.
enum ClaimLayout {
    /// What a name in the work folder is.
    enum Entry: Sendable, Equatable {
        case file(ClaimID, FileName)
        case folder(ClaimID)
        /// The suffix that the marker had.
        case sidecar(ClaimID, suffix: String)
        case ledger
        case foreign
    }

    /// The name of the ledger of attempts.
    static let ledger = "attempts"

    /// Bytes of a name on the file systems that we know.
    private static let nameLimit = 255
    private static let idLength = 31
    private static let sidecarMark = ".sidecar"

    static func needsFolder(_ name: FileName) -> Bool { idLength + 1 + name.bytes.count > nameLimit }

    static func folder(_ id: ClaimID) -> KernelPath { KernelPath(bytes: id.characters) }

    static func file(_ id: ClaimID, _ name: FileName) -> KernelPath {
        needsFolder(name) ? folder(id) / name : KernelPath(bytes: id.characters + [0x2D] + name.bytes)
    }

    /// Where the sidecar of a claim lies whose name is that of the file and `suffix`.
    static func sidecar(_ id: ClaimID, suffix: String) -> KernelPath {
        KernelPath("\(id)\(sidecarMark)\(suffix.filter { $0 != "/" })")
    }

    static func parse(_ name: FileName) -> Entry {
        if name.bytes.elementsEqual(ledger.utf8) { return .ledger }
        guard let id = ClaimID(String(decoding: name.bytes.prefix(idLength), as: UTF8.self)) else { return .foreign }
        let rest = name.bytes.dropFirst(idLength)
        if rest.isEmpty { return .folder(id) }
        if rest.starts(with: sidecarMark.utf8) {
            return .sidecar(id, suffix: String(decoding: rest.dropFirst(sidecarMark.utf8.count), as: UTF8.self))
        }
        guard rest.first == 0x2D, let original = FileName(bytes: rest.dropFirst()) else { return .foreign }
        return .file(id, original)
    }
}
