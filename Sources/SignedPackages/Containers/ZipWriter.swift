/// Writes a ZIP file: entries stored as they are, in the order in which they are added, without times or owners, so that
/// the same documents give the same bytes. ZIP64 where sizes need it, and only there.
struct ZipWriter {
    private let output: ([UInt8]) throws -> Void
    private var offset: UInt64 = 0
    private var directory: [UInt8] = []
    private var count: UInt64 = 0
    private var names: Set<String> = []

    private static let blockSize = 256 << 10
    // 1 January 1980, the first day of DOS.
    private static let date = 0x0021

    /// Writes to `output`, piece by piece.
    init(output: @escaping ([UInt8]) throws -> Void) {
        self.output = output
    }

    /// Adds a small entry.
    mutating func add(_ name: String, _ content: [UInt8]) throws {
        try add(name, BytesInput(content))
    }

    /// Adds an entry. The content is read twice: for its check sum, which comes before it, and to be written.
    mutating func add(_ name: String, _ content: some PackageInput) throws {
        let nameBytes = Array(name.utf8)
        if let flaw = ZipEntryName.flaw(in: nameBytes[...], limit: Int(UInt16.max)) {
            throw PackageError(.notWritable, place: name, underlying: flaw, next: "Give the document another name.")
        }
        guard names.insert(ZipEntryName.key(name)).inserted else {
            throw PackageError(
                .notWritable, place: name, underlying: "an entry of that name is there (letter case does not count)",
                next: "Give the document another name.")
        }
        var sum = CRC32()
        try Self.blocks(of: content) { sum.update($0.span) }
        let header = Header(
            name: nameBytes, crc: sum.value, size: UInt64(content.size), offset: offset)
        try write(header.local())
        var written = CRC32()
        try Self.blocks(of: content) { block in
            written.update(block.span)
            try write(block)
        }
        guard written.value == sum.value else {
            throw PackageError(
                .changed, place: name, retryHelps: true, next: "Try again when nobody writes the document any more.")
        }
        directory += header.central()
        count += 1
    }

    /// Writes the central directory. Nothing can be added afterwards.
    mutating func finish() throws {
        let start = offset
        let size = UInt64(directory.count)
        try write(directory)
        let isWide = count >= ZipMark.countInZip64 || start >= ZipMark.inZip64 || size >= ZipMark.inZip64
        var end: [UInt8] = []
        if isWide {
            let place = offset
            end.append(ZipMark.zip64End)
            end.append(UInt64(44))
            end.append(Header.madeBy)
            end.append(UInt16(45))
            end.append(UInt64(0))
            for value in [count, count, size, start] { end.append(value) }
            end.append(ZipMark.zip64Locator)
            end.append(UInt32(0))
            end.append(place)
            end.append(UInt32(1))
        }
        end.append(ZipMark.end)
        end.append(UInt32(0))
        for _ in 0..<2 { end.append(UInt16(clamping: count)) }
        end.append(UInt32(clamping: size))
        end.append(UInt32(clamping: start))
        end.append(UInt16(0))
        try write(end)
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        offset += UInt64(bytes.count)
        try output(bytes)
    }

    private static func blocks(of input: some PackageInput, _ body: ([UInt8]) throws -> Void) throws {
        var offset: Int64 = 0
        while offset < input.size {
            let block = try input.bytes(at: offset, count: Int(min(Int64(blockSize), input.size - offset)))
            guard !block.isEmpty else {
                throw PackageError(
                    .inputTooShort, place: "byte \(offset) of \(input.size)", retryHelps: true,
                    next: "Try again when the document is whole.")
            }
            try body(block)
            offset += Int64(block.count)
        }
    }

    private struct Header {
        let name: [UInt8]
        let crc: UInt32
        let size: UInt64
        let offset: UInt64

        // Unix, so that the mode in the attributes is believed.
        static let madeBy: UInt16 = 3 << 8 | 45
        private static let mode: UInt32 = 0o100644 << 16

        private var isWide: Bool { size >= ZipMark.inZip64 }
        private var isFar: Bool { offset >= ZipMark.inZip64 }
        private var flags: UInt16 { name.contains { $0 >= 0x80 } ? 1 << 11 : 0 }

        func local() -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.append(ZipMark.localHeader)
            appendCommon(to: &bytes, version: isWide ? 45 : 10, extra: isWide ? 20 : 0)
            bytes += name
            if isWide { bytes += wide([size, size]) }
            return bytes
        }

        func central() -> [UInt8] {
            let values = (isWide ? [size, size] : []) + (isFar ? [offset] : [])
            let extra = values.isEmpty ? [] : wide(values)
            var bytes: [UInt8] = []
            bytes.append(ZipMark.directoryHeader)
            bytes.append(Self.madeBy)
            appendCommon(to: &bytes, version: isWide || isFar ? 45 : 10, extra: extra.count)
            bytes.append(UInt16(0))
            bytes.append(UInt32(0))
            bytes.append(Self.mode)
            bytes.append(UInt32(clamping: offset))
            return bytes + name + extra
        }

        private func appendCommon(to bytes: inout [UInt8], version: UInt16, extra: Int) {
            bytes.append(version)
            bytes.append(flags)
            bytes.append(UInt16(ZipEntry.Method.stored.rawValue))
            bytes.append(UInt16(0))
            bytes.append(UInt16(ZipWriter.date))
            bytes.append(crc)
            bytes.append(UInt32(clamping: size))
            bytes.append(UInt32(clamping: size))
            bytes.append(UInt16(name.count))
            bytes.append(UInt16(extra))
        }

        private func wide(_ values: [UInt64]) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.append(UInt16(1))
            bytes.append(UInt16(8 * values.count))
            for value in values { bytes.append(value) }
            return bytes
        }
    }
}

extension [UInt8] {
    /// Appends a number, its least byte first.
    fileprivate mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
