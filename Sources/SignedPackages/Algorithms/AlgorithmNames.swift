/// The object identifiers of algorithms, in one place.
enum AlgorithmIDs {
    static let md5 = ObjectID(1, 2, 840, 113549, 2, 5)
    static let sha1 = ObjectID(1, 3, 14, 3, 2, 26)
    static let sha224 = ObjectID(2, 16, 840, 1, 101, 3, 4, 2, 4)
    static let sha256 = ObjectID(2, 16, 840, 1, 101, 3, 4, 2, 1)
    static let sha384 = ObjectID(2, 16, 840, 1, 101, 3, 4, 2, 2)
    static let sha512 = ObjectID(2, 16, 840, 1, 101, 3, 4, 2, 3)
    static let sm3 = ObjectID(1, 2, 156, 10197, 1, 401)

    static let rsaEncryption = ObjectID(1, 2, 840, 113549, 1, 1, 1)
    static let mgf1 = ObjectID(1, 2, 840, 113549, 1, 1, 8)
    static let rsaPSS = ObjectID(1, 2, 840, 113549, 1, 1, 10)
    static let md5WithRSA = ObjectID(1, 2, 840, 113549, 1, 1, 4)
    static let sha1WithRSA = ObjectID(1, 2, 840, 113549, 1, 1, 5)
    static let sha256WithRSA = ObjectID(1, 2, 840, 113549, 1, 1, 11)
    static let sha384WithRSA = ObjectID(1, 2, 840, 113549, 1, 1, 12)
    static let sha512WithRSA = ObjectID(1, 2, 840, 113549, 1, 1, 13)

    static let ecPublicKey = ObjectID(1, 2, 840, 10045, 2, 1)
    static let ecdsaWithSHA1 = ObjectID(1, 2, 840, 10045, 4, 1)
    static let ecdsaWithSHA256 = ObjectID(1, 2, 840, 10045, 4, 3, 2)
    static let ecdsaWithSHA384 = ObjectID(1, 2, 840, 10045, 4, 3, 3)
    static let ecdsaWithSHA512 = ObjectID(1, 2, 840, 10045, 4, 3, 4)
    static let p256 = ObjectID(1, 2, 840, 10045, 3, 1, 7)
    static let p384 = ObjectID(1, 3, 132, 0, 34)
    static let p521 = ObjectID(1, 3, 132, 0, 35)
    static let ed25519 = ObjectID(1, 3, 101, 112)

    /// GM/T 0006: the curve, the signature algorithm of GB/T 35275, and the one of certificates.
    static let sm2 = ObjectID(1, 2, 156, 10197, 1, 301)
    static let sm2Signature = ObjectID(1, 2, 156, 10197, 1, 301, 1)
    static let sm2WithSM3 = ObjectID(1, 2, 156, 10197, 1, 501)
}

/// What people call the algorithms.
enum AlgorithmNames {
    static let names: [ObjectID: String] = [
        AlgorithmIDs.md5: "MD5", AlgorithmIDs.sha1: "SHA-1", AlgorithmIDs.sha224: "SHA-224",
        AlgorithmIDs.sha256: "SHA-256", AlgorithmIDs.sha384: "SHA-384", AlgorithmIDs.sha512: "SHA-512",
        AlgorithmIDs.sm3: "SM3", AlgorithmIDs.rsaEncryption: "RSA", AlgorithmIDs.rsaPSS: "RSA-PSS",
        AlgorithmIDs.md5WithRSA: "RSA with MD5", AlgorithmIDs.sha1WithRSA: "RSA with SHA-1",
        AlgorithmIDs.sha256WithRSA: "RSA with SHA-256", AlgorithmIDs.sha384WithRSA: "RSA with SHA-384",
        AlgorithmIDs.sha512WithRSA: "RSA with SHA-512", AlgorithmIDs.ecPublicKey: "EC",
        AlgorithmIDs.ecdsaWithSHA1: "ECDSA with SHA-1", AlgorithmIDs.ecdsaWithSHA256: "ECDSA with SHA-256",
        AlgorithmIDs.ecdsaWithSHA384: "ECDSA with SHA-384", AlgorithmIDs.ecdsaWithSHA512: "ECDSA with SHA-512",
        AlgorithmIDs.p256: "P-256", AlgorithmIDs.p384: "P-384", AlgorithmIDs.p521: "P-521",
        AlgorithmIDs.ed25519: "Ed25519", AlgorithmIDs.sm2: "SM2", AlgorithmIDs.sm2Signature: "SM2 signature",
        AlgorithmIDs.sm2WithSM3: "SM2 with SM3",
    ]
}
