/// One entry of a ZIP file, after its headers were checked.
struct ZipEntry: Sendable, Hashable {
    /// How the bytes of an entry are kept.
    enum Method: Int, Sendable {
        case stored = 0
        case deflated = 8
    }

    /// Its name; ends in `/` for a folder.
    var name: String
    var method: Method
    /// Its size as it lies in the package.
    var packedSize: Int64
    /// Its size when it is unpacked.
    var size: Int64
    /// Where its local header begins.
    var offset: Int64
    /// Where its bytes begin.
    var dataOffset: Int64
    /// Whether one of its headers has an extra field.
    var hasExtraField: Bool

    var isFolder: Bool { name.hasSuffix("/") }
}

/// A header of the central directory as it stands there, and what its extra field adds.
struct ZipDirectoryHeader {
    static let fixedSize = 46

    let creator: Int
    let flags: Int
    let method: Int
    let crc: UInt32
    var packedSize: UInt64
    var size: UInt64
    var offset: UInt64
    let attributes: UInt32
    let name: ArraySlice<UInt8>
    let extra: ZipExtraField
    let isOnFirstDisk: Bool

    /// Takes one header; nil where there is none or it is cut off.
    init?(_ fields: inout ZipFields) {
        guard fields.remaining >= Self.fixedSize, fields.number32() == ZipMark.directoryHeader else { return nil }
        creator = fields.number16() >> 8
        _ = fields.number16()
        flags = fields.number16()
        method = fields.number16()
        _ = fields.number32()
        crc = fields.number32()
        let packed = fields.number32()
        let unpacked = fields.number32()
        let lengths = (name: fields.number16(), extra: fields.number16(), comment: fields.number16())
        let disk = fields.number16()
        _ = fields.number16()
        attributes = fields.number32()
        let place = fields.number32()
        guard fields.remaining >= lengths.name + lengths.extra + lengths.comment else { return nil }
        name = fields.take(lengths.name)
        extra = ZipExtraField(fields.take(lengths.extra))
        _ = fields.take(lengths.comment)
        // APPNOTE.TXT 4.5.3: the ZIP64 field holds, in this order, exactly those values that are all ones here.
        var wide = ZipFields(extra.zip64 ?? [])
        size = Self.value(unpacked, &wide)
        packedSize = Self.value(packed, &wide)
        offset = Self.value(place, &wide)
        isOnFirstDisk = disk == 0 || (disk == 0xFFFF && wide.remaining == 4 && wide.number32() == 0)
        isZip64Whole = wide.remaining == 0 && [size, packedSize, offset].allSatisfy { $0 < UInt64(Int64.max) }
    }

    /// Whether the ZIP64 field has what it must have and nothing else.
    let isZip64Whole: Bool

    private static func value(_ narrow: UInt32, _ wide: inout ZipFields) -> UInt64 {
        guard narrow == ZipMark.inZip64 else { return UInt64(narrow) }
        return wide.remaining >= 8 ? wide.number64() : .max
    }
}
