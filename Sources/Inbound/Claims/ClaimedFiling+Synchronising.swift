import Glibc

/// Making originals survive a power cut. Most programs that send files do not: they write, close, rename, and leave the
/// bytes in the system's memory for half a minute.
extension ClaimedFiling {
    /// From so many originals on, everything on their file system is written out in one go: that is a fifth of the work, but
    /// waits for what other programs have written there, too.
    static let manyOriginals = 16

    /// An original that may not be safe on the disk.
    public struct Unsafe: Sendable {
        /// The filing.
        public var claim: ClaimedFiling
        /// What the disk says. It says so once, and the bytes may be gone as soon as the system needs their memory.
        public var error: InboundError
    }

    /// Returns when these filings, documents and signatures, are safe on the disk.
    ///
    /// - Parameter claims: Of one source.
    /// - Returns: Those that are not, as far as one can know.
    public static func synchronise(_ claims: [ClaimedFiling]) -> [Unsafe] {
        if claims.count >= manyOriginals, Kernel.synchroniseFileSystem(of: claims[0].workFolder.work) { return [] }
        // All begin before the first is waited for: together they take half of the time.
        for claim in claims { Kernel.beginWriting(claim.descriptor) }
        return claims.compactMap { claim in
            do throws(InboundError) {
                try claim.synchronise()
                return nil
            } catch {
                return Unsafe(claim: claim, error: error)
            }
        }
    }

    func synchronise() throws(InboundError) {
        for document in [document, try signature()].compactMap(\.self) {
            do throws(Errno) {
                try Kernel.synchroniseBytes(of: document.descriptor)
            } catch {
                throw InboundError(error, path: document.path)
            }
        }
    }
}
