public import Findings
import Glibc

extension ClaimedFiling {
    /// Reads the whole file once: hashes it, tells its encoding, keeps its head, holds it against its checksum.
    ///
    /// It blocks on the disk. A file over `limit` is hashed as well, since its receipt needs an identity, but no more.
    ///
    /// - Throws: ``InboundError/Code/changed`` when the file changed meanwhile: give it back. ``InboundError/Code/cancelled`` when the task
    ///   was cancelled between two blocks. Otherwise what the disk says.
    public func inspect(limit: Int = Limits.filingSize) throws(InboundError) -> FilingInspection {
        try inspect(limit: limit, afterBlock: {})
    }

    // `afterBlock` lets a test change the file at the right moment.
    func inspect(limit: Int, afterBlock: () -> Void) throws(InboundError) -> FilingInspection {
        var inspection = try document.inspect(limit: limit, signature: try signature(), afterBlock: afterBlock)
        inspection.findings += try findings(try shape(), inspection.documentHash)
        return inspection
    }

    var document: OpenDocument { OpenDocument(descriptor: descriptor, path: workPath) }

    // What is wrong with the claim, beside what is wrong with its bytes.
    private func findings(_ shape: FileShape, _ hash: FilingHash) throws(InboundError) -> [Finding] {
        var findings: [Finding] = []
        if shape.links > 1 { findings.append(Finding(.filingHardLinked)) }
        for suffix in sidecars where suffix.lowercased() == ".sha256" {
            let declared = ChecksumSidecar(try read(ClaimLayout.sidecar(id, suffix: suffix)), of: name).declared
            if declared == nil {
                findings.append(Finding(.filingChecksumUnreadable))
            } else if let declared, declared != hash {
                findings.append(
                    Finding(.filingChecksumMismatch, arguments: [declared.hexadecimal, hash.hexadecimal]))
            }
        }
        return findings
    }

    private func read(_ sidecar: KernelPath) throws(InboundError) -> [UInt8] {
        do throws(Errno) {
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            let opened = try Kernel.open(sidecar, at: workFolder.work.number, flags)
            guard try Kernel.shape(of: opened).kind == .regular else { return [] }
            var bytes = [UInt8](repeating: 0, count: ChecksumSidecar.limit)
            let count = try Kernel.read(opened, into: &bytes, count: bytes.count, at: 0)
            return Array(bytes[..<count])
        } catch {
            // A link is no checksum.
            if error.number == ELOOP { return [] }
            throw InboundError(error, path: workPath)
        }
    }
}
