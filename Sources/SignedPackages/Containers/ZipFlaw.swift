import Findings

/// Something wrong with the headers of one entry.
struct ZipFlaw {
    let kind: FindingKind
    let detail: String

    init(_ kind: FindingKind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    // Deflate's level (1, 2), the sizes that follow the data (3), and UTF-8 (11).
    static let lengthFollows = 1 << 3
    private static let knownFlags = 1 << 1 | 1 << 2 | lengthFollows | 1 << 11
    // Encryption, strong encryption, and masked headers.
    private static let encryptionFlags = 1 | 1 << 6 | 1 << 13

    /// What is wrong with a header of the central directory by itself.
    static func all(of header: ZipDirectoryHeader) -> [ZipFlaw] {
        var flaws = extraField(header.extra, name: header.name)
        if header.flags & encryptionFlags != 0 {
            flaws.append(ZipFlaw(.packageEncrypted, "the flags are \(hexadecimal(header.flags))"))
        } else if header.flags & ~knownFlags != 0 {
            flaws.append(ZipFlaw(.packageMalformed, "the flags are \(hexadecimal(header.flags))"))
        }
        if ZipEntry.Method(rawValue: header.method) == nil {
            flaws.append(
                ZipFlaw(.packageMalformed, "compression method \(header.method); only stored and deflated are read"))
        }
        if header.method == 0, header.flags & lengthFollows != 0 {
            flaws.append(ZipFlaw(.packageHeaderMismatch, "stored, with its size behind it instead of before it"))
        }
        if !header.isOnFirstDisk {
            flaws.append(ZipFlaw(.packageHeaderMismatch, "the entry lies in another part of a split ZIP file"))
        }
        return flaws + fileType(header)
    }

    /// What is wrong with an extra field.
    static func extraField(_ extra: ZipExtraField, name: ArraySlice<UInt8>) -> [ZipFlaw] {
        if let path = extra.unicodePath, path != name {
            return [ZipFlaw(.packageHeaderMismatch, "a second name, \(ZipEntryName.shown(path)), in the extra field")]
        }
        switch extra.flaw {
        case nil: return []
        case .cutOff: return [ZipFlaw(.packageHeaderMismatch, "an extra field is cut off")]
        case .repeated(let id): return [ZipFlaw(.packageHeaderMismatch, "two extra fields \(hexadecimal(id))")]
        case .encryption: return [ZipFlaw(.packageEncrypted, "an extra field declares encryption")]
        case .link: return [ZipFlaw(.packageLink, "an extra field can hold the target of a link")]
        case .unknown(let id): return [ZipFlaw(.packageMalformed, "unknown extra field \(hexadecimal(id))")]
        }
    }

    // The upper half is the Unix mode, whoever claims to have written it; the lower half the DOS attributes.
    private static func fileType(_ header: ZipDirectoryHeader) -> [ZipFlaw] {
        let type = header.attributes >> 16 & 0xF000
        let isFolder = header.name.last == 0x2F
        let isReparsePoint = header.attributes & 0x400 != 0 && header.creator != 3
        guard type == 0 || type == (isFolder ? 0x4000 : 0x8000), !isReparsePoint else {
            return [ZipFlaw(.packageLink, "its type is \(String(type, radix: 8)), not that of a file")]
        }
        guard isFolder || header.attributes & 0x18 == 0 else {
            return [ZipFlaw(.packageHeaderMismatch, "marked as a folder or volume, but named as a file")]
        }
        return []
    }

    static func hexadecimal(_ number: Int) -> String {
        "0x" + String(number, radix: 16, uppercase: true)
    }
}
