import Glibc

/// A detached signature that was filed beside the document, and is a part of the same filing.
extension ClaimedFiling {
    /// The name under which the signature was filed; nil where there is none.
    public var signatureName: FileName? { signatureSuffix.map { name.appending($0) } }

    /// What its name has beyond that of the document.
    var signatureSuffix: String? { sidecars.first(where: Pairing.isSignature) }

    /// The names of the sidecars that are not the signature.
    var markerNames: [FileName] {
        sidecars.filter { !Pairing.isSignature(suffix: $0) }.map { name.appending($0) }
    }

    /// The signature, opened; nil where there is none.
    func signature() throws(InboundError) -> OpenDocument? {
        guard let suffix = signatureSuffix else { return nil }
        let path = ClaimLayout.sidecar(id, suffix: suffix)
        do throws(Errno) {
            let opened = try Kernel.open(path, at: workFolder.work.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try Kernel.shape(of: opened).kind == .regular else { throw Errno(number: ELOOP) }
            return OpenDocument(descriptor: opened, path: "\(workFolder.displayedPath)/\(path.displayed)")
        } catch {
            throw InboundError(error, path: path.displayed)
        }
    }

    /// All bytes of the document, to be read in any order.
    public func bytes() throws(InboundError) -> FilingBytes { try FilingBytes(document) }

    /// All bytes of the signature; nil where there is none.
    public func signatureBytes() throws(InboundError) -> FilingBytes? {
        guard let signature = try signature() else { return nil }
        return try FilingBytes(signature)
    }
}
