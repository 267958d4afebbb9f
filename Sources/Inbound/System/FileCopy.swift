import Glibc

/// Whole files, in blocks.
enum FileCopy {
    private static let blockSize = 1 << 20

    /// Whether two regular files hold the same bytes.
    static func areEqual(_ left: Descriptor, _ right: Descriptor) throws(Errno) -> Bool {
        let shapes = (try Kernel.shape(of: left), try Kernel.shape(of: right))
        guard shapes.1.kind == .regular, shapes.0.size == shapes.1.size else { return false }
        if shapes.0.isSameFile(as: shapes.1) { return true }
        let count = min(blockSize, shapes.0.size)
        var blocks = ([UInt8](repeating: 0, count: count), [UInt8](repeating: 0, count: count))
        var offset = 0
        while offset < shapes.0.size {
            let read = try Kernel.read(left, into: &blocks.0, count: count, at: offset)
            let same = try Kernel.read(right, into: &blocks.1, count: count, at: offset)
            guard read > 0, read == same, blocks.0[..<read] == blocks.1[..<read] else { return false }
            offset += read
        }
        return true
    }

    /// Writes the bytes of `source` to `target`, complete and durable or not at all.
    static func write(_ source: Descriptor, to target: KernelPath, in folder: KernelPath, temporary: String)
        throws(Errno)
    {
        let part = folder / temporary
        do throws(Errno) {
            let shape = try Kernel.shape(of: source)
            let written = try Kernel.open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o640)
            try copy(source, to: written)
            Kernel.setTimes(of: written, modified: shape.modified)
            try Kernel.synchronise(written)
            try Kernel.rename(part, at: Kernel.currentFolder, to: target)
            try Kernel.synchronise(try Kernel.open(folder, O_RDONLY | O_DIRECTORY))
        } catch {
            try? Kernel.remove(part)
            throw error
        }
    }

    private static func copy(_ source: Descriptor, to target: Descriptor) throws(Errno) {
        var block = [UInt8](repeating: 0, count: blockSize)
        var offset = 0
        while true {
            let read = try Kernel.read(source, into: &block, count: block.count, at: offset)
            if read == 0 { return }
            try Kernel.write(target, block[..<read])
            offset += read
        }
    }
}
