import Findings

/// A ZIP file whose headers were found good, and the contents of its entries.
struct ZipContainer: Sendable {
    /// The entries, in the order in which they lie in the file.
    let entries: [ZipEntry]
    private let input: any PackageInput

    private static let blockSize = 64 << 10

    /// Takes up a surveyed file; `survey` has no faults.
    init(_ survey: ZipSurvey, of input: any PackageInput) {
        entries = survey.entries
        self.input = input
    }

    /// The index of the entry of that name.
    func index(of name: String) -> Int? {
        // Compared by bytes: names that are only canonically equivalent are different names here.
        entries.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The whole content of a small entry.
    func content(of index: Int, limit: Int) throws(PackageFault) -> [UInt8] {
        let entry = entries[index]
        guard entry.size <= Int64(limit) else {
            throw PackageFault(entry.name, .entries, .packageLimit, "\(entry.size) bytes; \(limit) are allowed")
        }
        var reader = try reader(of: index)
        var content: [UInt8] = []
        content.reserveCapacity(Int(entry.size))
        while try reader.read(Self.blockSize, into: &content) {}
        return content
    }

    /// A reader of one entry's content.
    func reader(of index: Int) throws(PackageFault) -> ZipEntryReader {
        let archive = try ZipArchive(input)
        for entry in entries[..<index] { try Self.advance(archive, to: entry) }
        try Self.advance(archive, to: entries[index])
        return ZipEntryReader(archive, entries[index])
    }

    /// Reads the contents of all entries in one pass, block by block; `finished` follows the last block of each.
    func readAll(
        _ body: (_ index: Int, _ block: [UInt8]) -> Void, finished: (_ index: Int, _ fault: PackageCheck?) -> Void
    ) throws(PackageFault) {
        let archive = try ZipArchive(input)
        var block: [UInt8] = []
        for (index, entry) in entries.enumerated() {
            do {
                try Self.advance(archive, to: entry)
                var reader = ZipEntryReader(archive, entry)
                block.removeAll(keepingCapacity: true)
                while try reader.read(Self.blockSize, into: &block) {
                    body(index, block)
                    block.removeAll(keepingCapacity: true)
                }
                finished(index, nil)
            } catch {
                guard error.reading == nil else { throw error }
                finished(index, error.check)
            }
        }
    }

    private static func advance(_ archive: ZipArchive, to entry: ZipEntry) throws(PackageFault) {
        guard let size = try archive.next(), size == entry.size || size == -1 else {
            throw PackageFault(
                entry.name, .entries, .packageHeaderMismatch,
                "the entry that is unpacked is not the one that was checked")
        }
    }
}

/// Reads the content of one entry and holds its length against the headers.
struct ZipEntryReader {
    private let archive: ZipArchive
    private let entry: ZipEntry
    private var count: Int64 = 0

    init(_ archive: ZipArchive, _ entry: ZipEntry) {
        self.archive = archive
        self.entry = entry
    }

    /// Appends up to `wanted` bytes; false, and nothing appended, at the end of a content that is what the headers say.
    mutating func read(_ wanted: Int, into buffer: inout [UInt8]) throws(PackageFault) -> Bool {
        let before = buffer.count
        do {
            // One byte more than there should be, so that a longer content shows.
            try archive.read(Int(min(Int64(wanted), entry.size - count + 1)), into: &buffer)
        } catch {
            var fault = error
            fault.check.subject = entry.name
            throw fault
        }
        let taken = Int64(buffer.count - before)
        count += taken
        guard count <= entry.size, taken > 0 || count == entry.size else {
            throw PackageFault(
                entry.name, .entries, .packageHeaderMismatch,
                "\(count) bytes or more come out; its headers say \(entry.size)")
        }
        return taken > 0
    }
}
