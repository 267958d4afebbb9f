import Findings

/// What the headers of a ZIP file say, held against each other and against the limits before anything is unpacked.
///
/// libarchive unpacks; this decides whether it may. Two programs must not see two different packages, so every header is
/// there twice with the same meaning, every byte of the file belongs to exactly one structure, and what is unusual is
/// refused rather than interpreted.
struct ZipSurvey: Sendable {
    /// The entries in the order in which they lie in the file; those with a fault are there too.
    private(set) var entries: [ZipEntry] = []
    /// What is wrong. Nothing may be unpacked unless this is empty.
    private(set) var faults: [PackageCheck] = []

    private let limits: PackageLimits

    // Small documents of blanks or zeros compress far better than any ratio; they endanger nobody.
    private static let alwaysAllowedSize: Int64 = 64 << 10
    // A package with thousands of faults has the same receipt as one with this many.
    private static let reportedFaults = 100

    /// Surveys the headers.
    ///
    /// - Throws: A fault that leaves no entries to speak of; all others are collected in ``faults``.
    init(_ input: any PackageInput, limits: PackageLimits) throws(PackageFault) {
        self.limits = limits
        let tail = try ZipTail.find(in: input, limits: limits)
        let bytes = try PackageFault.catching { try input.bytes(at: tail.directoryOffset, count: tail.directorySize) }
        var headers = try Self.headers(ZipFields(bytes), count: tail.entryCount)
        headers.sort { $0.offset < $1.offset }
        var local = ZipLocalHeaders(input, directoryOffset: tail.directoryOffset)
        for (index, header) in headers.enumerated() {
            let end = index + 1 < headers.count ? headers[index + 1].offset : UInt64(tail.directoryOffset)
            try survey(header, end: end, &local)
        }
        checkStart(headers)
        checkNames()
        checkTotal()
    }

    private static func headers(_ fields: ZipFields, count: Int) throws(PackageFault) -> [ZipDirectoryHeader] {
        var fields = fields
        var headers: [ZipDirectoryHeader] = []
        for index in 0..<count {
            guard let header = ZipDirectoryHeader(&fields) else {
                throw ZipTail.mismatch("header \(index + 1) of \(count) of the central directory is not whole")
            }
            headers.append(header)
        }
        guard fields.remaining == 0 else {
            throw ZipTail.mismatch("\(fields.remaining) bytes of the central directory belong to no entry")
        }
        return headers
    }

    private mutating func survey(
        _ header: ZipDirectoryHeader, end: UInt64, _ local: inout ZipLocalHeaders
    ) throws(PackageFault) {
        let shown = ZipEntryName.shown(header.name)
        checkDirectoryHeader(header, shown)
        guard header.isZip64Whole, header.offset < end, end <= UInt64(Int64.max) else {
            return fail(shown, .packageHeaderMismatch, "entries overlap, or sizes do not fit the ZIP64 field")
        }
        let found = try local.read(header, end: Int64(end))
        for flaw in found.flaws { fail(shown, flaw.kind, flaw.detail) }
        entries.append(
            ZipEntry(
                name: String(decoding: header.name, as: UTF8.self),
                method: ZipEntry.Method(rawValue: header.method) ?? .stored, packedSize: Int64(header.packedSize),
                size: Int64(header.size), offset: Int64(header.offset), dataOffset: found.dataOffset,
                hasExtraField: header.extra.size + found.extraSize > 0))
    }

    private mutating func checkDirectoryHeader(_ header: ZipDirectoryHeader, _ shown: String) {
        if let flaw = ZipEntryName.flaw(in: header.name, limit: limits.entryNameBytes) {
            fail(shown, .packageUnsafeName, flaw)
        }
        for flaw in ZipFlaw.all(of: header) { fail(shown, flaw.kind, flaw.detail) }
        guard header.isZip64Whole else { return }
        checkSizes(header, shown)
    }

    private mutating func checkSizes(_ header: ZipDirectoryHeader, _ shown: String) {
        let (size, packed) = (Int64(header.size), Int64(header.packedSize))
        if size > limits.documentBytes {
            fail(shown, .packageLimit, "\(size) bytes; \(limits.documentBytes) are allowed")
        }
        if header.method == ZipEntry.Method.stored.rawValue, size != packed {
            fail(shown, .packageHeaderMismatch, "stored, but its two sizes are \(packed) and \(size)")
        }
        if size > Self.alwaysAllowedSize, size / limits.expansionRatio > packed {
            fail(shown, .packageExpansion, "\(packed) bytes become \(size); \(limits.expansionRatio) times are allowed")
        }
        if header.name.last == 0x2F, size > 0 {
            fail(shown, .packageHeaderMismatch, "a folder with \(size) bytes of content")
        }
    }

    private mutating func checkStart(_ headers: [ZipDirectoryHeader]) {
        if let first = headers.first, first.offset != 0 {
            fail("package", .packageHeaderMismatch, "\(first.offset) bytes come before the first entry")
        }
    }

    private mutating func checkNames() {
        var first: [String: String] = [:]
        for entry in entries {
            let shown = ZipEntryName.shown(Array(entry.name.utf8)[...])
            if let other = first.updateValue(shown, forKey: ZipEntryName.key(entry.name)) {
                fail(shown, .packageDuplicateEntry, "the package also holds \(other)")
            }
        }
    }

    private mutating func checkTotal() {
        let total = entries.reduce(Int64(0)) { sum, entry in
            let (next, isOver) = sum.addingReportingOverflow(entry.size)
            return isOver ? .max : next
        }
        if total > limits.totalExpandedBytes {
            fail("package", .packageExpansion, "\(total) bytes in all; \(limits.totalExpandedBytes) are allowed")
        }
    }

    private mutating func fail(_ subject: String, _ kind: FindingKind, _ detail: String) {
        guard faults.count < Self.reportedFaults else { return }
        faults.append(.failed(subject, .entries, kind, detail))
    }
}
