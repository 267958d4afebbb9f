import Glibc

/// A folder in which filings are kept: the archive, or the quarantine.
///
/// Each lies at `<path>/<source>/<day of receipt>/<first 12 digits of its SHA-256>-<name>`, so that the place of a filing
/// follows from what the journal knows of it.
public struct KeepFolder: Sendable, Hashable {
    /// The absolute path. It is made when it is needed.
    public var path: String
    /// Seconds east of Greenwich that decide which day it is; eight hours unless said otherwise.
    public var offset: Int

    /// Names a folder.
    public init(path: String, offset: Int = 8 * 3600) {
        self.path = path
        self.offset = offset
    }

    /// Where a filing of that identity is kept, unless something else has the place already.
    public func place(source: String, id: ClaimID, hash: FilingHash, name: FileName) -> KeptFiling {
        kept(source: source, id: id, prefix: hash.short, name: name)
    }

    func place(of claim: ClaimedFiling, prefix: String) -> KeptFiling {
        kept(source: claim.source, id: claim.id, prefix: prefix, name: claim.name)
    }

    private func kept(source: String, id: ClaimID, prefix: String, name: FileName) -> KeptFiling {
        let cut = name.cut(to: KeptFiling.nameLimit - prefix.utf8.count - 1)
        let component = FileName(trusted: Array("\(prefix)-".utf8) + cut.bytes)
        let folder = KernelPath(path) / Self.component(source) / id.day(offset: offset)
        return KeptFiling(folder: folder, component: component, name: name, source: source)
    }

    private static func component(_ source: String) -> String {
        let text = String(source.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        return text.isEmpty || text == "." || text == ".." ? "_" : text
    }
}

/// Where a filing is kept.
public struct KeptFiling: Sendable, Hashable, CustomStringConvertible {
    // Leaves room for the endings of sidecars and reasons within the 255 bytes of a file system.
    static let nameLimit = 230

    let folder: KernelPath
    let component: FileName
    /// The name under which it was filed.
    public let name: FileName
    /// The source that filed it.
    public let source: String

    var path: KernelPath { folder / component }
    /// The bytes of its path, without a terminating NUL.
    public var pathBytes: [UInt8] { path.bytes }
    /// The path, shown safely.
    public var description: String { path.displayed }

    /// Names a kept file by the bytes of its path, as ``pathBytes`` gave them; nil when they are no absolute path.
    public init?(pathBytes: [UInt8], name: FileName, source: String) {
        guard pathBytes.first == 0x2F, let slash = pathBytes.lastIndex(of: 0x2F), slash > 0,
            let component = FileName(bytes: pathBytes[(slash + 1)...])
        else { return nil }
        self.init(
            folder: KernelPath(bytes: pathBytes[..<slash]), component: component, name: name, source: source)
    }

    /// The detached signature that is kept beside the document; nil where there is none.
    public var signature: KeptFiling? {
        for signature in Pairing.signatures(ofDocument: component) {
            let kept = KeptFiling(folder: folder, component: signature, name: signature, source: source)
            if (try? Kernel.shape(of: kept.path))?.kind == .regular { return kept }
        }
        return nil
    }

    init(folder: KernelPath, component: FileName, name: FileName, source: String) {
        self.folder = folder
        self.component = component
        self.name = name
        self.source = source
    }
}

extension FileName {
    /// The name in at most `limit` bytes: whole when it fits, else cut between characters with its extension kept.
    func cut(to limit: Int) -> FileName {
        guard bytes.count > limit else { return self }
        let tail = fileExtension
        let room = limit - tail.count
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        var end = 0
        while end < bytes.count {
            let step = Self.characterLength(bytes[end], isUTF8: isUTF8)
            guard end + step <= room else { break }
            end += step
        }
        return FileName(trusted: Array(bytes[..<end]) + tail)
    }

    // The last dot and what follows, when it is short enough to be an extension.
    private var fileExtension: [UInt8] {
        guard let dot = bytes.lastIndex(of: 0x2E), dot > 0, bytes.count - dot <= 16 else { return [] }
        return Array(bytes[dot...])
    }

    private static func characterLength(_ lead: UInt8, isUTF8: Bool) -> Int {
        switch lead {
        case ..<0x80: 1
        case _ where !isUTF8: 2
        case 0xF0...: 4
        case 0xE0...: 3
        default: 2
        }
    }
}
