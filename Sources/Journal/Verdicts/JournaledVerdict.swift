/// What was decided about the signatures of a filing, kept with it so that it can be repeated years later.
///
/// The journal does not read the bytes. What many verdicts have in common (certificates, revocation lists) is handed in
/// beside them and stored once.
public struct JournaledVerdict: Sendable, Hashable {
    /// Something that verdicts rest on.
    public struct Evidence: Sendable, Hashable {
        /// SHA-256 of the bytes, by which it is found again.
        public var digest: FilingDigest
        /// The bytes.
        public var bytes: [UInt8]

        /// Names evidence by its digest.
        public init(digest: FilingDigest, bytes: [UInt8]) {
            self.digest = digest
            self.bytes = bytes
        }
    }

    /// The verdict, in a form of the caller's.
    public var bytes: [UInt8]
    /// What it refers to.
    public var evidence: [Evidence]

    /// Pairs a verdict with what it refers to.
    public init(bytes: [UInt8], evidence: [Evidence] = []) {
        self.bytes = bytes
        self.evidence = evidence
    }
}
