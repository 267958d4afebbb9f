/// The object identifiers of messages and their attributes.
enum CMSObjectIDs {
    // RFC 5652 sections 4 to 6.
    static let data = ObjectID(1, 2, 840, 113549, 1, 7, 1)
    static let signedData = ObjectID(1, 2, 840, 113549, 1, 7, 2)
    static let envelopedData = ObjectID(1, 2, 840, 113549, 1, 7, 3)
    static let encryptedData = ObjectID(1, 2, 840, 113549, 1, 7, 6)
    // GB/T 35275 clause 6.
    static let chineseData = ObjectID(1, 2, 156, 10197, 6, 1, 4, 2, 1)
    static let chineseSignedData = ObjectID(1, 2, 156, 10197, 6, 1, 4, 2, 2)
    static let chineseEnvelopedData = ObjectID(1, 2, 156, 10197, 6, 1, 4, 2, 3)
    static let chineseSignedAndEnvelopedData = ObjectID(1, 2, 156, 10197, 6, 1, 4, 2, 4)
    static let chineseEncryptedData = ObjectID(1, 2, 156, 10197, 6, 1, 4, 2, 5)
    // RFC 5652 section 11, RFC 5035.
    static let contentType = ObjectID(1, 2, 840, 113549, 1, 9, 3)
    static let messageDigest = ObjectID(1, 2, 840, 113549, 1, 9, 4)
    static let signingTime = ObjectID(1, 2, 840, 113549, 1, 9, 5)
    static let countersignature = ObjectID(1, 2, 840, 113549, 1, 9, 6)
    static let signingCertificate = ObjectID(1, 2, 840, 113549, 1, 9, 16, 2, 12)
    static let timestampToken = ObjectID(1, 2, 840, 113549, 1, 9, 16, 2, 14)
    static let signingCertificateV2 = ObjectID(1, 2, 840, 113549, 1, 9, 16, 2, 47)
    // RFC 5940 section 2.1.
    static let ocspResponse = ObjectID(1, 3, 6, 1, 5, 5, 7, 16, 2)

    /// Content types that are known and hold no plain signature.
    static let encrypted: Set<ObjectID> = [
        envelopedData, encryptedData, chineseEnvelopedData, chineseSignedAndEnvelopedData, chineseEncryptedData,
    ]

    /// What attributes are called.
    static let attributeNames: [ObjectID: String] = [
        contentType: "content-type", messageDigest: "message-digest", signingTime: "signing-time",
        countersignature: "countersignature", signingCertificate: "signing-certificate",
        signingCertificateV2: "signing-certificate-v2", timestampToken: "signature time-stamp",
    ]

    /// The name of an attribute, or its dotted number.
    static func attributeName(_ id: ObjectID) -> String {
        attributeNames[id] ?? id.description
    }
}
