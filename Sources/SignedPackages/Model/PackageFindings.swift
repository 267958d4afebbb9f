public import Findings

/// The kinds of finding that signed packages can give.
public enum PackageFindings {
    /// All of them, for the documentation of codes.
    public static let all: [FindingKind] = [
        .packageMalformed,
        .packageTruncated,
        .packageLimit,
        .packageNotSigned,
        .packageDocumentDigest,
        .packageSignatureInvalid,
        .packageWrongSigner,
        .packageCertificateExpired,
        .packageCertificateNotYetValid,
        .packageCertificateRevoked,
        .packageUnknownRoot,
        .packageCertificateMissing,
        .packageKeyUsage,
        .packageChainInvalid,
        .packageRevocationUnknown,
        .packageCRLStale,
        .packageCRLInvalid,
        .packageUnlistedEntry,
        .packageMissingEntry,
        .packageDuplicateEntry,
        .packageUnsafeName,
        .packageExpansion,
        .packageHeaderMismatch,
        .packageEncrypted,
        .packageLink,
        .packageWeakAlgorithm,
        .packageUnsupportedAlgorithm,
        .packageAlgorithmMismatch,
        .packageSM2UserID,
        .packageAttributeInvalid,
        .packageSigningCertificateMismatch,
        .packageSigningTime,
        .packageContentType,
        .packageDetachedContentMissing,
        .packageRequiredSignatures,
    ]

    /// The kind of a code; a code that this version does not know keeps its name.
    static func kind(_ code: String) -> FindingKind {
        all.first { $0.code == code } ?? FindingKind(code, .fatal, chinese: "{0}：{1}", english: "{0}: {1}")
    }
}
