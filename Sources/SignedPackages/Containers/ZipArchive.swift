import CLibarchive

/// Unpacks a ZIP file through libarchive, one entry after the other, in the order in which they lie in the file.
///
/// It is opened only on what ``ZipSurvey`` found nothing wrong with. All unsafe pointers of reading containers are in this
/// file. Invariants: `handle` is alive from `init` to `deinit`; `source` is retained by it for as long, because libarchive
/// keeps an unowned pointer to it; the block a read callback hands out lies in `source.block`, which is never moved and
/// only overwritten by the next read callback, after which libarchive no longer uses the old bytes; `scratch` is only used
/// within a call of `read`.
final class ZipArchive {
    private let handle: OpaquePointer
    private let source: Source
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    /// Opens the file for reading.
    init(_ input: any PackageInput) throws(PackageFault) {
        guard let handle = archive_read_new() else {
            scratch.deallocate()
            throw Self.outOfMemory()
        }
        self.handle = handle
        source = Source(input)
        let context = Unmanaged.passUnretained(source).toOpaque()
        archive_read_support_format_zip_seekable(handle)
        archive_read_set_callback_data(handle, context)
        archive_read_set_read_callback(handle) { _, context, block in
            Source.of(context).read(block)
        }
        archive_read_set_seek_callback(handle) { _, context, offset, origin in
            Source.of(context).seek(offset, origin)
        }
        archive_read_set_skip_callback(handle) { _, context, count in
            Source.of(context).skip(count)
        }
        try check(archive_read_open1(handle), .structure)
    }

    deinit {
        archive_read_free(handle)
        scratch.deallocate()
    }

    /// Moves to the next entry and gives its unpacked size, -1 where libarchive knows none; nil at the end.
    func next() throws(PackageFault) -> Int64? {
        var entry: OpaquePointer?
        let result = archive_read_next_header(handle, &entry)
        guard result != ARCHIVE_EOF else { return nil }
        // A warning is about the name, which does not come from here.
        if result != ARCHIVE_WARN { try check(result, .entries) }
        guard let entry else { return nil }
        return archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : -1
    }

    /// Appends up to `count` bytes of the current entry; fewer only at its end.
    func read(_ count: Int, into buffer: inout [UInt8]) throws(PackageFault) {
        var rest = count
        while rest > 0 {
            let result = archive_read_data(handle, scratch.baseAddress, min(rest, scratch.count))
            guard result >= 0 else { return try check(Int32(result), .entries) }
            guard result > 0 else { return }
            buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<result]))
            rest -= result
        }
    }

    private func check(_ result: Int32, _ check: CheckName) throws(PackageFault) {
        guard result != ARCHIVE_OK else { return }
        if let error = source.error { throw PackageFault(reading: error) }
        let text = archive_error_string(handle).map { String(cString: $0) } ?? "libarchive gives no reason"
        throw PackageFault("package", check, .packageMalformed, text)
    }

    private static func outOfMemory() -> PackageFault {
        PackageFault(
            reading: PackageError(
                .library, place: "libarchive", retryHelps: true, next: "Free memory and try again."))
    }
}

extension ZipArchive {
    /// Where libarchive reads from.
    private final class Source {
        private let input: any PackageInput
        private var position: Int64 = 0
        private var buffer: [UInt8] = []
        private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        private(set) var error: (any Error)?

        init(_ input: any PackageInput) {
            self.input = input
        }

        deinit {
            block.deallocate()
        }

        static func of(_ context: UnsafeMutableRawPointer?) -> Source {
            // libarchive hands back what `init` gave it, never nil.
            Unmanaged<Source>.fromOpaque(context!).takeUnretainedValue()
        }

        func read(_ place: UnsafeMutablePointer<UnsafeRawPointer?>?) -> la_ssize_t {
            buffer.removeAll(keepingCapacity: true)
            do {
                try input.read(at: position, count: block.count, into: &buffer)
            } catch {
                self.error = error
                return la_ssize_t(ARCHIVE_FATAL)
            }
            let count = min(buffer.count, block.count)
            block.copyBytes(from: buffer[..<count])
            position += Int64(count)
            place?.pointee = UnsafeRawPointer(block.baseAddress)
            return count
        }

        func seek(_ offset: la_int64_t, _ origin: Int32) -> la_int64_t {
            let base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? position : input.size
            let (target, isOver) = base.addingReportingOverflow(offset)
            position = isOver ? input.size : min(max(0, target), input.size)
            return position
        }

        func skip(_ count: la_int64_t) -> la_int64_t {
            let skipped = min(max(0, count), input.size - position)
            position += skipped
            return skipped
        }
    }
}
