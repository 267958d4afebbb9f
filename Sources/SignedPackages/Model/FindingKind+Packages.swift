public import Findings

extension FindingKind {
    /// The encoding breaks the rules of its format. Arguments: the subject, the cause.
    public static let packageMalformed = FindingKind(
        "package.malformed", .fatal,
        chinese: "“{0}”的格式不符合标准：{1}",
        english: "{0} does not follow the rules of its format: {1}")
    /// The package ends too early. Arguments: the subject, the cause.
    public static let packageTruncated = FindingKind(
        "package.truncated", .fatal,
        chinese: "“{0}”不完整，文件可能没有传完：{1}",
        english: "{0} ends too early, perhaps it was not transferred whole: {1}")
    /// Something is larger or more numerous than the limit. Arguments: the subject, the cause.
    public static let packageLimit = FindingKind(
        "package.limit", .fatal,
        chinese: "“{0}”超过上限：{1}",
        english: "{0} is over a limit: {1}")
    /// There is no signature. Arguments: the subject, the cause.
    public static let packageNotSigned = FindingKind(
        "package.not-signed", .fatal,
        chinese: "“{0}”没有签名：{1}",
        english: "{0} is not signed: {1}")
    /// The bytes of a document are not those that were signed. Arguments: the subject, the cause.
    public static let packageDocumentDigest = FindingKind(
        "package.document-digest", .fatal,
        chinese: "文档“{0}”的内容与签名时不一致：{1}",
        english: "document {0} is not what was signed: {1}")
    /// The signature value does not fit. Arguments: the subject, the cause.
    public static let packageSignatureInvalid = FindingKind(
        "package.signature-invalid", .fatal,
        chinese: "{0}的签名值验证不通过：{1}",
        english: "{0}: the signature does not verify: {1}")
    /// The signer is not one that the source declares. Arguments: the subject, the cause.
    public static let packageWrongSigner = FindingKind(
        "package.wrong-signer", .fatal,
        chinese: "{0}的签名人不是该来源登记的签名人：{1}",
        english: "{0}: the signer is not one that this source has declared: {1}")
    /// A certificate of the path has expired. Arguments: the subject, the cause.
    public static let packageCertificateExpired = FindingKind(
        "package.certificate-expired", .fatal,
        chinese: "证书“{0}”已过期：{1}",
        english: "certificate {0} has expired: {1}")
    /// A certificate of the path is not valid yet. Arguments: the subject, the cause.
    public static let packageCertificateNotYetValid = FindingKind(
        "package.certificate-not-yet-valid", .fatal,
        chinese: "证书“{0}”尚未生效：{1}",
        english: "certificate {0} is not valid yet: {1}")
    /// A certificate of the path was revoked. Arguments: the subject, the cause.
    public static let packageCertificateRevoked = FindingKind(
        "package.certificate-revoked", .fatal,
        chinese: "证书“{0}”已被吊销：{1}",
        english: "certificate {0} was revoked: {1}")
    /// The path does not end in a root of the source. Arguments: the subject, the cause.
    public static let packageUnknownRoot = FindingKind(
        "package.unknown-root", .fatal,
        chinese: "{0}的证书链没有到达该来源信任的根证书：{1}",
        english: "{0}: the path does not end in a root that this source trusts: {1}")
    /// The certificate of the signer or of an issuer is not there. Arguments: the subject, the cause.
    public static let packageCertificateMissing = FindingKind(
        "package.certificate-missing", .fatal,
        chinese: "{0}缺少证书：{1}",
        english: "{0}: a certificate is missing: {1}")
    /// A certificate's key may not be used for this. Arguments: the subject, the cause.
    public static let packageKeyUsage = FindingKind(
        "package.key-usage", .fatal,
        chinese: "证书“{0}”的密钥用途不允许如此使用：{1}",
        english: "certificate {0} does not allow its key to be used like this: {1}")
    /// The path to the root breaks a rule. Arguments: the subject, the cause.
    public static let packageChainInvalid = FindingKind(
        "package.chain-invalid", .fatal,
        chinese: "{0}的证书链不合规：{1}",
        english: "{0}: the certificate path is not valid: {1}")
    /// Nothing says whether a certificate was revoked. Arguments: the subject, the cause.
    public static let packageRevocationUnknown = FindingKind(
        "package.revocation-unknown", .fatal,
        chinese: "无法得知证书“{0}”是否已被吊销：{1}",
        english: "nothing says whether certificate {0} was revoked: {1}")
    /// The revocation list is too old. Arguments: the subject, the cause.
    public static let packageCRLStale = FindingKind(
        "package.crl-stale", .fatal,
        chinese: "证书“{0}”的吊销列表已过时：{1}",
        english: "the revocation list for certificate {0} is too old: {1}")
    /// The revocation list cannot be believed. Arguments: the subject, the cause.
    public static let packageCRLInvalid = FindingKind(
        "package.crl-invalid", .fatal,
        chinese: "证书“{0}”的吊销列表无效：{1}",
        english: "the revocation list for certificate {0} is not valid: {1}")
    /// The container holds something that no manifest lists. Arguments: the subject, the cause.
    public static let packageUnlistedEntry = FindingKind(
        "package.unlisted-entry", .fatal,
        chinese: "包内文件“{0}”不在任何已签名的清单中：{1}",
        english: "entry {0} is in no signed manifest: {1}")
    /// A manifest lists something that the container does not hold. Arguments: the subject, the cause.
    public static let packageMissingEntry = FindingKind(
        "package.missing-entry", .fatal,
        chinese: "清单所列的“{0}”在包内不存在：{1}",
        english: "{0} is listed in a manifest but is not in the package: {1}")
    /// Two entries have the same name. Arguments: the subject, the cause.
    public static let packageDuplicateEntry = FindingKind(
        "package.duplicate-entry", .fatal,
        chinese: "包内文件名“{0}”重复：{1}",
        english: "entry {0} occurs more than once: {1}")
    /// The name of an entry could lead out of its folder or mislead. Arguments: the subject, the cause.
    public static let packageUnsafeName = FindingKind(
        "package.unsafe-name", .fatal,
        chinese: "包内文件名“{0}”不安全：{1}",
        english: "the entry name {0} is not safe: {1}")
    /// An entry expands far more than documents do. Arguments: the subject, the cause.
    public static let packageExpansion = FindingKind(
        "package.expansion", .fatal,
        chinese: "包内文件“{0}”的压缩比异常（疑似压缩炸弹）：{1}",
        english: "entry {0} expands far more than documents do (a zip bomb): {1}")
    /// The headers of the container contradict each other, or leave bytes unaccounted for. Arguments: the subject, the cause.
    public static let packageHeaderMismatch = FindingKind(
        "package.header-mismatch", .fatal,
        chinese: "“{0}”的压缩包头部信息相互矛盾：{1}",
        english: "the headers of {0} contradict each other: {1}")
    /// An entry is encrypted. Arguments: the subject, the cause.
    public static let packageEncrypted = FindingKind(
        "package.encrypted", .fatal,
        chinese: "包内文件“{0}”已加密，无法接收：{1}",
        english: "entry {0} is encrypted: {1}")
    /// An entry is a link or another thing that is no file. Arguments: the subject, the cause.
    public static let packageLink = FindingKind(
        "package.link", .fatal,
        chinese: "包内“{0}”不是普通文件：{1}",
        english: "entry {0} is not a regular file: {1}")
    /// An algorithm or key that is no longer safe. Arguments: the subject, the cause.
    public static let packageWeakAlgorithm = FindingKind(
        "package.weak-algorithm", .fatal,
        chinese: "{0}使用了不再安全的算法或密钥：{1}",
        english: "{0} uses an algorithm or key that is no longer safe: {1}")
    /// An algorithm that is not supported. Arguments: the subject, the cause.
    public static let packageUnsupportedAlgorithm = FindingKind(
        "package.unsupported-algorithm", .fatal,
        chinese: "{0}使用了不支持的算法：{1}",
        english: "{0} uses an algorithm that is not supported: {1}")
    /// The places that name an algorithm disagree. Arguments: the subject, the cause.
    public static let packageAlgorithmMismatch = FindingKind(
        "package.algorithm-mismatch", .fatal,
        chinese: "{0}中各处声明的算法不一致：{1}",
        english: "{0}: the places that name the algorithm disagree: {1}")
    /// The SM2 signature was made with another user id than GM/T 0009 sets. Arguments: the subject, the cause.
    public static let packageSM2UserID = FindingKind(
        "package.sm2-user-id", .fatal,
        chinese: "{0}的 SM2 签名使用了非标准的用户标识：{1}",
        english: "{0}: the SM2 signature was made with another user id: {1}")
    /// A signed attribute is missing, repeated or malformed. Arguments: the subject, the cause.
    public static let packageAttributeInvalid = FindingKind(
        "package.attribute-invalid", .fatal,
        chinese: "{0}的签名属性有误：{1}",
        english: "{0}: a signed attribute is wrong: {1}")
    /// The signed attribute names another certificate. Arguments: the subject, the cause.
    public static let packageSigningCertificateMismatch = FindingKind(
        "package.signing-certificate-mismatch", .fatal,
        chinese: "{0}的签名属性指向另一张证书：{1}",
        english: "{0}: the signed attribute names another certificate: {1}")
    /// The signing time is missing or outside of the window. Arguments: the subject, the cause.
    public static let packageSigningTime = FindingKind(
        "package.signing-time", .fatal,
        chinese: "{0}的签名时间不符合要求：{1}",
        english: "{0}: the signing time is not acceptable: {1}")
    /// The content type is not the one that was signed, or not allowed. Arguments: the subject, the cause.
    public static let packageContentType = FindingKind(
        "package.content-type", .fatal,
        chinese: "{0}的内容类型不一致：{1}",
        english: "{0}: the content type is not right: {1}")
    /// The document that a detached signature covers is not there. Arguments: the subject, the cause.
    public static let packageDetachedContentMissing = FindingKind(
        "package.detached-content-missing", .fatal,
        chinese: "“{0}”是分离式签名，但缺少被签名的文档：{1}",
        english: "{0} is a detached signature, and its document is not there: {1}")
    /// Fewer signatures are good than the source demands. Arguments: the subject, the cause.
    public static let packageRequiredSignatures = FindingKind(
        "package.required-signatures", .fatal,
        chinese: "“{0}”的有效签名数不足：{1}",
        english: "{0} has fewer good signatures than required: {1}")
}
