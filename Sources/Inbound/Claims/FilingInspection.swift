public import Findings
public import TextEncodings

/// What one pass over all bytes of a filing showed.
public struct FilingInspection: Sendable {
    /// The SHA-256 of all bytes, of the document and then of its detached signature: the identity of the filing.
    public var hash: FilingHash
    /// The SHA-256 of the document alone.
    public var documentHash: FilingHash
    /// The number of bytes of both.
    public var size: Int
    /// Which encoding the bytes are in.
    public var encoding: EncodingVerdict
    /// The first bytes, at most 64 KiB, for finding the mapping.
    public var head: [UInt8]
    /// What is wrong with the filing as a file: empty, too large, not what its checksum says.
    public var findings: [Finding]
    /// What the system said of the file when it had been read; nil where it was no file.
    var shape: FileShape?

    /// Describes a filing, or one document of it.
    public init(
        hash: FilingHash, documentHash: FilingHash? = nil, size: Int, encoding: EncodingVerdict, head: [UInt8],
        findings: [Finding] = []
    ) {
        self.hash = hash
        self.documentHash = documentHash ?? hash
        self.size = size
        self.encoding = encoding
        self.head = head
        self.findings = findings
    }

    /// Whether ``head`` is the whole document.
    public var isHeadWhole: Bool { shape?.size == head.count }

    /// Whether one of the findings rejects the filing, so that it is not to be converted.
    public var isRejected: Bool { findings.contains { $0.severity == .fatal } }
}
