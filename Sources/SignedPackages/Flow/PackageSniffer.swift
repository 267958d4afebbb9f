/// Whether a file is a signed package at all, and of which kind it seems to be.
///
/// What it says decides how a file is read, never whether it is believed: a file that says it is a package and is none is
/// refused by the verifier.
public enum PackageSniffer {
    /// How many bytes of the beginning are looked at.
    public static let headSize = 512

    /// The kind that a file's name or its first bytes declare; nil for anything that is no package.
    ///
    /// - Parameters:
    ///   - name: The file's name; the case of its ending does not matter.
    ///   - head: Its first ``headSize`` bytes, fewer only where the file is shorter.
    public static func kind(name: String, head: [UInt8]) -> PackageKind? {
        if let kind = containerKind(head) { return kind }
        let ending = name.lowercased().split(separator: ".", omittingEmptySubsequences: false).dropFirst().last
        switch ending {
        case "asice", "sce": return .asicE
        case "asics", "scs": return .asicS
        case "p7m", "p7": return .cmsAttached
        case "p7s": return .cmsDetached
        case "p7b", "p7c": return .certificates
        default: return isSignedData(head) ? .cmsAttached : nil
        }
    }

    // ETSI EN 319 162-1 A.1: the media type stands at byte 38 unless the first entry has an extra field.
    private static func containerKind(_ head: [UInt8]) -> PackageKind? {
        var fields = ZipFields(head)
        guard head.count >= 38, fields.number32() == ZipMark.localHeader else { return nil }
        _ = fields.take(22)
        let lengths = (name: fields.number16(), extra: fields.number16())
        guard fields.remaining >= lengths.name + lengths.extra,
            fields.take(lengths.name).elementsEqual(ASiCMediaType.entry.utf8)
        else { return nil }
        _ = fields.take(lengths.extra)
        let rest = fields.take(fields.remaining)
        return ASiCMediaType.all.first { rest.starts(with: $0.text.utf8) }?.kind
    }

    private static let labels = ["PKCS7", "CMS", "PKCS #7 SIGNED DATA"]
    // The object identifiers of SignedData in RFC 5652 and GB/T 35275, with their tag and length.
    private static let contentTypes: [[UInt8]] = [
        [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02],
        [0x06, 0x0A, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x06, 0x01, 0x04, 0x02, 0x02],
    ]

    private static func isSignedData(_ head: [UInt8]) -> Bool {
        guard head.first == 0x30 else {
            let text = head.drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
            return labels.contains { text.starts(with: "-----BEGIN \($0)-----".utf8) }
        }
        guard head.count > 2 else { return false }
        let lengthBytes = head[1] > 0x80 ? Int(head[1] & 0x7F) : 0
        guard lengthBytes <= 8 else { return false }
        return contentTypes.contains { head.dropFirst(2 + lengthBytes).starts(with: $0) }
    }
}
