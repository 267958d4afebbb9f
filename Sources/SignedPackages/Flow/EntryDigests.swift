/// The digests of many entries of a container, in one pass.
struct EntryDigests {
    /// By the index of the entry.
    private(set) var digests: [Int: [DigestAlgorithm: [UInt8]]] = [:]
    /// Entries that cannot be unpacked.
    private(set) var faults: [PackageCheck] = []

    /// Hashes the entries in `needed`; SHA-256 is always among their digests. All others are unpacked too, so that a
    /// check sum that does not fit is found wherever it is.
    init(_ needed: [Int: Set<DigestAlgorithm>], in container: ZipContainer) throws {
        var current: (index: Int, digests: DocumentDigests)?
        var failure: PackageError?
        var results: [Int: [DigestAlgorithm: [UInt8]]] = [:]
        var faults: [PackageCheck] = []
        func begin(_ index: Int) {
            guard current?.index != index, let algorithms = needed[index] else { return }
            do throws(PackageError) {
                current = (index, try DocumentDigests(algorithms))
            } catch {
                failure = error
            }
        }
        try container.readAll { index, block in
            begin(index)
            if current?.index == index { current?.digests.update(block) }
        } finished: { index, fault in
            begin(index)
            defer { current = nil }
            if let fault { return faults.append(fault) }
            guard let done = current, done.index == index else { return }
            do throws(PackageError) {
                results[index] = try done.digests.finish()
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        digests = results
        self.faults = faults
    }
}
