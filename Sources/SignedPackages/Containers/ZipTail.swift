/// The end of a ZIP file: where its central directory is and how many entries it lists.
struct ZipTail {
    /// How many entries there are.
    let entryCount: Int
    /// Where the central directory begins.
    let directoryOffset: Int64
    /// How many bytes it takes.
    let directorySize: Int

    private static let endSize = 22
    private static let locatorSize = 20
    private static let zip64Size = 56
    // libarchive looks for the end record in this many bytes at the end, and nowhere else.
    private static let searched = 16 << 10

    /// Finds the end record. What lies between the directory and the end of the file must be these records and nothing
    /// else.
    static func find(in input: any PackageInput, limits: PackageLimits) throws(PackageFault) -> ZipTail {
        let start = max(0, input.size - Int64(searched))
        let tail = try PackageFault.catching { try input.bytes(at: start, count: searched) }
        guard let found = lastEnd(in: tail) else {
            throw PackageFault(
                "package", .structure, .packageTruncated,
                "no end record of a ZIP file in the last \(tail.count) of \(input.size) bytes")
        }
        let end = try EndRecord(ZipFields(tail[found...]), length: tail.count - found)
        var place = start + Int64(found)
        var values = (count: UInt64(end.count), size: UInt64(end.size), offset: UInt64(end.offset))
        if let zip64 = try zip64End(before: place, in: input) {
            try end.agree(with: zip64)
            values = (zip64.count, zip64.size, zip64.offset)
            place = zip64.place
        } else if end.needsZip64 {
            throw Self.mismatch("the end record refers to a ZIP64 record that is not there")
        }
        guard values.count <= UInt64(limits.entries), values.count > 0 else {
            throw PackageFault(
                "package", .entries, values.count == 0 ? .packageMalformed : .packageLimit,
                "\(values.count) entries; 1 to \(limits.entries) are allowed")
        }
        guard values.size <= UInt64(limits.directoryBytes) else {
            throw PackageFault(
                "package", .entries, .packageLimit,
                "the central directory takes \(values.size) bytes; \(limits.directoryBytes) are allowed")
        }
        guard values.offset <= UInt64(place), UInt64(place) - values.offset == values.size else {
            throw Self.mismatch(
                "the central directory is said to be \(values.size) bytes at \(values.offset), but its end is at \(place)"
            )
        }
        return ZipTail(
            entryCount: Int(values.count), directoryOffset: Int64(values.offset), directorySize: Int(values.size))
    }

    static func mismatch(_ detail: String) -> PackageFault {
        PackageFault("package", .structure, .packageHeaderMismatch, detail)
    }

    private static func lastEnd(in tail: [UInt8]) -> Int? {
        guard tail.count >= endSize else { return nil }
        return (0...(tail.count - endSize)).reversed().first { index in
            tail[index] == 0x50 && tail[index + 1] == 0x4B && tail[index + 2] == 0x05 && tail[index + 3] == 0x06
        }
    }

    private struct EndRecord {
        let count: Int
        let size: UInt32
        let offset: UInt32

        init(_ fields: ZipFields, length: Int) throws(PackageFault) {
            var fields = fields
            _ = fields.number32()
            let disks = (fields.number16(), fields.number16())
            let here = fields.number16()
            count = fields.number16()
            size = fields.number32()
            offset = fields.number32()
            let comment = fields.number16()
            guard length == ZipTail.endSize + comment else {
                throw ZipTail.mismatch(
                    "\(length - ZipTail.endSize) bytes follow the end record, but its comment has \(comment)")
            }
            let isWhole = [0, ZipMark.countInZip64].contains(disks.0) && [0, ZipMark.countInZip64].contains(disks.1)
            guard isWhole, here == count else {
                throw ZipTail.mismatch("the package is one part of a split ZIP file")
            }
        }

        var needsZip64: Bool {
            count == ZipMark.countInZip64 || size == ZipMark.inZip64 || offset == ZipMark.inZip64
        }

        func agree(with zip64: Zip64End) throws(PackageFault) {
            guard count == ZipMark.countInZip64 || UInt64(count) == zip64.count,
                size == ZipMark.inZip64 || UInt64(size) == zip64.size,
                offset == ZipMark.inZip64 || UInt64(offset) == zip64.offset
            else { throw ZipTail.mismatch("the end record and the ZIP64 end record differ") }
        }
    }

    private struct Zip64End {
        let place: Int64
        let count: UInt64
        let size: UInt64
        let offset: UInt64
    }

    // APPNOTE.TXT 4.3.14 and 4.3.15: the record, at once followed by its locator, at once followed by the end record.
    private static func zip64End(before end: Int64, in input: any PackageInput) throws(PackageFault) -> Zip64End? {
        guard end >= Int64(locatorSize) else { return nil }
        let locator = try PackageFault.catching {
            try input.bytes(at: end - Int64(locatorSize), count: locatorSize)
        }
        var fields = ZipFields(locator)
        guard fields.remaining == locatorSize, fields.number32() == ZipMark.zip64Locator else { return nil }
        let disk = fields.number32()
        let place = fields.number64()
        let disks = fields.number32()
        let expected = end - Int64(locatorSize + zip64Size)
        guard disk == 0, disks <= 1, expected >= 0, place == UInt64(expected) else {
            throw mismatch("the ZIP64 locator points to \(place), where no ZIP64 end record of \(zip64Size) bytes fits")
        }
        let record = try PackageFault.catching { try input.bytes(at: expected, count: zip64Size) }
        return try zip64End(ZipFields(record), at: expected)
    }

    private static func zip64End(_ fields: ZipFields, at place: Int64) throws(PackageFault) -> Zip64End {
        var fields = fields
        guard fields.remaining == zip64Size, fields.number32() == ZipMark.zip64End,
            fields.number64() == UInt64(zip64Size - 12)
        else { throw mismatch("no ZIP64 end record at \(place), where its locator points") }
        _ = fields.take(4)
        let disks = (fields.number32(), fields.number32())
        let here = fields.number64()
        let count = fields.number64()
        guard disks == (0, 0), here == count else { throw mismatch("the package is one part of a split ZIP file") }
        return Zip64End(place: place, count: count, size: fields.number64(), offset: fields.number64())
    }
}
