/// What a package says of itself. **Nothing of it was verified.**
public struct PackageDescription: Sendable, Hashable, Codable {
    /// One entry of a container.
    public struct Entry: Sendable, Hashable, Codable {
        /// Its name.
        public var name: String
        /// Its size when unpacked.
        public var size: Int64
        /// Its size in the package.
        public var packedSize: Int64
        /// `stored` or `deflated`.
        public var method: String
    }

    /// One line of a manifest.
    public struct Reference: Sendable, Hashable, Codable {
        /// The entry it refers to.
        public var name: String
        /// The media type, or empty.
        public var mediaType: String
        /// The digest's algorithm.
        public var algorithm: String
        /// The digest, lower-case hexadecimal.
        public var digest: String
    }

    /// A manifest.
    public struct Manifest: Sendable, Hashable, Codable {
        /// The entry's name.
        public var name: String
        /// The entry of its signature.
        public var signature: String
        /// What it lists.
        public var references: [Reference]
    }

    /// A signer.
    public struct Signer: Sendable, Hashable, Codable {
        /// How the signer's certificate is named.
        public var certificate: String
        /// The subject of that certificate, when it is in the message.
        public var subject: String
        /// The digest as it is named.
        public var digest: String
        /// The signature algorithm as it is named.
        public var algorithm: String
        /// The names of the signed attributes.
        public var attributes: [String]
        /// The claimed signing time, RFC 3339 in UTC, or empty.
        public var signedAt: String
    }

    /// A SignedData.
    public struct Message: Sendable, Hashable, Codable {
        /// The entry's name; the file's where the package is the message.
        public var name: String
        /// Profile, encoding, and what it holds.
        public var summary: String
        /// The signers.
        public var signers: [Signer]
        /// The certificates that came with it.
        public var certificates: [CertificateDescription]
    }

    /// Always false: whoever reads the JSON alone is told, too.
    public var verified = false
    /// The kind; nil when the file is no package.
    public var kind: PackageKind?
    /// The size of the file.
    public var size: Int64
    /// The entries of a container.
    public var entries: [Entry] = []
    /// The manifests of a container.
    public var manifests: [Manifest] = []
    /// The SignedData in it.
    public var messages: [Message] = []
    /// What is wrong with the structure.
    public var faults: [PackageCheck] = []

    /// The description for people, one fact a line.
    public var lines: [String] {
        var lines = ["NOT VERIFIED: this is what the file says of itself; `verify` says what of it is true"]
        lines.append("\(kind?.rawValue ?? "not a signed package"), \(size) bytes")
        lines += entries.map { "entry \($0.name): \($0.size) bytes, \($0.method) in \($0.packedSize)" }
        for manifest in manifests {
            lines.append("manifest \(manifest.name), signed by \(manifest.signature)")
            lines += manifest.references.map { "  lists \($0.name) (\($0.mediaType)): \($0.algorithm) \($0.digest)" }
        }
        for message in messages {
            lines.append("\(message.name): \(message.summary)")
            lines += message.signers.map(\.line)
            lines += message.certificates.map {
                "  certificate \($0.subject), \($0.keyAlgorithm), until \($0.validUntil), SHA-256 \($0.fingerprint)"
            }
        }
        return lines + faults.map { "wrong: \($0.subject): \($0.detail)" }
    }
}

extension PackageDescription.Signer {
    fileprivate var line: String {
        let who = subject.isEmpty ? certificate : subject
        let time = signedAt.isEmpty ? "no signing time" : "signing time \(signedAt)"
        return
            "  signer \(who): \(algorithm) with \(digest), \(time), attributes: \(attributes.joined(separator: ", "))"
    }
}
