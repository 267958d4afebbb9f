import Findings

/// What a document of certificates holds.
public struct CertificateListing: Sendable, Hashable {
    /// The certificates, in the order of the document. None of them is trusted.
    public var certificates: [CertificateDescription]
    /// What could not be read, each with its finding.
    public var faults: [PackageCheck]
}

/// Which documents hold certificates, and how they are read.
public enum CertificateDocuments {
    /// The media type of a certificates-only SignedData (RFC 8551 section 3.2.2).
    public static let bundleMediaType = "application/pkcs7-mime; smime-type=certs-only"

    private static let endings: Set<String> = ["cer", "crt", "der", "pem", "p7b", "p7c"]

    /// Whether a document is one of certificates, by its name or media type.
    public static func holdsCertificates(_ document: PackageDocument) -> Bool {
        let ending = document.name.lowercased().split(separator: ".", omittingEmptySubsequences: false).dropFirst().last
        return ending.map { endings.contains(String($0)) } ?? false || document.mediaType == bundleMediaType
    }

    /// Reads certificates: a SignedData that holds some, PEM blocks, or one in DER.
    static func read(_ bytes: [UInt8], name: String, limits: PackageLimits) -> CertificateListing {
        do {
            let encoded = try encoded(bytes, name: name, limits: limits)
            guard encoded.count <= limits.certificates else {
                throw PackageFault(
                    name, .structure, .packageLimit,
                    "\(encoded.count) certificates; \(limits.certificates) are allowed")
            }
            return listing(encoded, name: name)
        } catch let fault as PackageFault {
            return CertificateListing(certificates: [], faults: [fault.check])
        } catch {
            return CertificateListing(
                certificates: [], faults: [.failed(name, .structure, .packageMalformed, "\(error)")])
        }
    }

    private static func encoded(_ bytes: [UInt8], name: String, limits: PackageLimits) throws -> [[UInt8]] {
        let head = Array(bytes.prefix(PackageSniffer.headSize))
        guard PackageSniffer.kind(name: "", head: head) != nil else {
            return try TrustFiles.certificates(bytes, name: name)
        }
        return try SignedMessageReader.read(BytesInput(bytes), limits: limits).certificates
    }

    private static func listing(_ encoded: [[UInt8]], name: String) -> CertificateListing {
        var listing = CertificateListing(certificates: [], faults: [])
        for (index, der) in encoded.enumerated() {
            do {
                listing.certificates.append(CertificateDescription(try PackageCertificate(der: der)))
            } catch {
                listing.faults.append(
                    .failed("\(name), certificate \(index + 1)", .structure, .packageMalformed, error.check.detail))
            }
        }
        return listing
    }
}

extension VerifiedPackage {
    /// The certificates in a document that is itself certificates (`.p7b`, `.cer`, `.pem`): material for records, never
    /// for trust.
    ///
    /// - Throws: What ``reader(for:)`` and the reader throw. What is wrong with the document is in the listing.
    public func certificates(in document: PackageDocument) throws -> CertificateListing {
        let limits = verdict.policy.limits
        guard document.size <= Int64(limits.signatureBytes) else {
            let check = PackageCheck.failed(
                document.name, .structure, .packageLimit,
                "\(document.size) bytes of certificates; \(limits.signatureBytes) are allowed")
            return CertificateListing(certificates: [], faults: [check])
        }
        var bytes: [UInt8] = []
        try stream(document) { block in
            for index in block.indices { bytes.append(block[index]) }
        }
        return CertificateDocuments.read(bytes, name: document.name, limits: limits)
    }
}
