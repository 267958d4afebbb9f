import Findings

/// Reads the local header of each entry and holds it against the central directory, up to the byte where the next
/// structure begins.
struct ZipLocalHeaders {
    /// What one local header gave.
    struct Found {
        var dataOffset: Int64
        var extraSize = 0
        var flaws: [ZipFlaw] = []
    }

    private static let fixedSize = 30
    private let input: any PackageInput
    private let directoryOffset: Int64

    init(_ input: any PackageInput, directoryOffset: Int64) {
        self.input = input
        self.directoryOffset = directoryOffset
    }

    /// Reads the local header that belongs to `header`; the entry must end exactly at `end`.
    mutating func read(_ header: ZipDirectoryHeader, end: Int64) throws(PackageFault) -> Found {
        let offset = Int64(header.offset)
        var found = Found(dataOffset: offset)
        // One read takes the header and its name; only a longer extra field needs another.
        let wanted = Self.fixedSize + header.name.count + header.extra.size + 64
        let bytes = try PackageFault.catching { try input.bytes(at: offset, count: wanted) }
        var fields = ZipFields(bytes)
        guard fields.remaining >= Self.fixedSize, fields.number32() == ZipMark.localHeader else {
            found.flaws = [ZipFlaw(.packageHeaderMismatch, "no local header at \(offset)")]
            return found
        }
        _ = fields.number16()
        let flags = fields.number16()
        let method = fields.number16()
        _ = fields.number32()
        let sums = Sums(crc: fields.number32(), packed: fields.number32(), size: fields.number32())
        let lengths = (name: fields.number16(), extra: fields.number16())
        let place = offset + Int64(Self.fixedSize)
        let text = try PackageFault.catching { try input.bytes(at: place, count: lengths.name + lengths.extra) }
        found.dataOffset = place + Int64(lengths.name + lengths.extra)
        found.extraSize = lengths.extra
        guard text.count == lengths.name + lengths.extra else {
            found.flaws = [ZipFlaw(.packageHeaderMismatch, "the local header is cut off")]
            return found
        }
        let extra = ZipExtraField(text[lengths.name...])
        if text[..<lengths.name] != header.name {
            let other = ZipEntryName.shown(text[..<lengths.name])
            found.flaws.append(ZipFlaw(.packageHeaderMismatch, "the local header names it \(other)"))
        }
        if flags != header.flags || method != header.method {
            found.flaws.append(ZipFlaw(.packageHeaderMismatch, "method or flags differ in the local header"))
        }
        found.flaws += ZipFlaw.extraField(extra, name: header.name)
        found.flaws += sums.flaws(against: header, extra: extra)
        found.flaws += try trailer(header, dataEnd: found.dataOffset, end: end)
        return found
    }

    // What lies between the entry's bytes and the next structure: nothing, or the data descriptor.
    private func trailer(
        _ header: ZipDirectoryHeader, dataEnd start: Int64, end: Int64
    ) throws(PackageFault) -> [ZipFlaw] {
        let (dataEnd, isOver) = start.addingReportingOverflow(Int64(header.packedSize))
        guard !isOver, dataEnd <= end else {
            return [ZipFlaw(.packageHeaderMismatch, "its \(header.packedSize) bytes run into what follows")]
        }
        let gap = end - dataEnd
        guard header.flags & ZipFlaw.lengthFollows != 0 else {
            return gap == 0 ? [] : [ZipFlaw(.packageHeaderMismatch, "\(gap) bytes behind it belong to nothing")]
        }
        guard [12, 16, 20, 24].contains(gap) else {
            return [ZipFlaw(.packageHeaderMismatch, "\(gap) bytes behind it are no data descriptor")]
        }
        let bytes = try PackageFault.catching { try input.bytes(at: dataEnd, count: Int(gap)) }
        var fields = ZipFields(bytes)
        let isMarked = gap == 16 || gap == 24
        let isWide = gap >= 20
        guard fields.remaining == Int(gap), !isMarked || fields.number32() == ZipMark.descriptor else {
            return [ZipFlaw(.packageHeaderMismatch, "the bytes behind it are no data descriptor")]
        }
        let crc = fields.number32()
        let packed = isWide ? fields.number64() : UInt64(fields.number32())
        let size = isWide ? fields.number64() : UInt64(fields.number32())
        guard crc == header.crc, packed == header.packedSize, size == header.size else {
            return [ZipFlaw(.packageHeaderMismatch, "check sum or sizes differ in its data descriptor")]
        }
        return []
    }

    private struct Sums {
        let crc: UInt32
        let packed: UInt32
        let size: UInt32

        func flaws(against header: ZipDirectoryHeader, extra: ZipExtraField) -> [ZipFlaw] {
            var wide = ZipFields(extra.zip64 ?? [])
            // APPNOTE.TXT 4.5.3: in a local header the field must hold both sizes.
            let isWide = size == ZipMark.inZip64 || packed == ZipMark.inZip64
            guard wide.remaining == (extra.zip64 == nil ? 0 : 16), !isWide || wide.remaining == 16 else {
                return [ZipFlaw(.packageHeaderMismatch, "the ZIP64 field of the local header is not whole")]
            }
            var sizes = (size: UInt64(size), packed: UInt64(packed))
            if extra.zip64 != nil {
                let values = (size: wide.number64(), packed: wide.number64())
                guard size == ZipMark.inZip64 || sizes.size == values.size || isEmpty(size, header),
                    packed == ZipMark.inZip64 || sizes.packed == values.packed || isEmpty(packed, header)
                else { return [ZipFlaw(.packageHeaderMismatch, "the sizes of the local header differ in ZIP64")] }
                sizes = values
            }
            // What follows the data may be missing here, but not wrong.
            func fits<Number: BinaryInteger>(_ here: Number, _ there: Number) -> Bool {
                here == there || (here == 0 && isDeferred(header))
            }
            guard fits(crc, header.crc), fits(sizes.size, header.size), fits(sizes.packed, header.packedSize) else {
                return [
                    ZipFlaw(
                        .packageHeaderMismatch,
                        "local header: \(sizes.packed) bytes become \(sizes.size), check sum \(crc);"
                            + " central directory: \(header.packedSize), \(header.size), \(header.crc)")
                ]
            }
            return []
        }

        private func isEmpty(_ size: UInt32, _ header: ZipDirectoryHeader) -> Bool {
            size == 0 && isDeferred(header)
        }

        private func isDeferred(_ header: ZipDirectoryHeader) -> Bool {
            header.flags & ZipFlaw.lengthFollows != 0
        }
    }
}
