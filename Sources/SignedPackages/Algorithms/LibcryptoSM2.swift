import CLibcrypto

/// The SM2 primitive (GB/T 32918.2) by libcrypto: over `e`, which is made by ``SM2Digest``, so that libcrypto's own
/// user id never matters.
///
/// Invariant: every EVP object is made and freed within one call, and pointers into Swift arrays are used only while
/// they are lent.
enum LibcryptoSM2 {
    /// Whether `signature` (DER SEQUENCE of r and s) is right for `digest` (32 bytes) and the public point (65 bytes,
    /// uncompressed). Anything malformed is simply not right.
    static func verifies(_ signature: [UInt8], digest: [UInt8], point: [UInt8]) throws(PackageError) -> Bool {
        guard digest.count == 32, point.count == 65, point[0] == 4 else { return false }
        defer { ERR_clear_error() }
        guard let key = try publicKey(point) else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { throw .libcrypto("EVP_PKEY_CTX_new") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_verify_init(context) == 1 else { throw .libcrypto("EVP_PKEY_verify_init") }
        return EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    /// Whether the point lies on the curve and is not the one at infinity.
    static func isOnCurve(_ point: [UInt8]) throws(PackageError) -> Bool {
        guard point.count == 65, point[0] == 4 else { return false }
        defer { ERR_clear_error() }
        guard let key = try publicKey(point) else { return false }
        EVP_PKEY_free(key)
        return true
    }

    /// Signs `digest` (32 bytes) with a private key that is not empty: DER SEQUENCE of r and s.
    static func sign(_ digest: [UInt8], with key: LibcryptoPrivateKey) throws(PackageError) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            throw .libcrypto("EVP_PKEY_CTX_new")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var length = 0
        guard EVP_PKEY_sign_init(context) == 1,
            EVP_PKEY_sign(context, nil, &length, digest, digest.count) == 1
        else { throw .libcrypto("EVP_PKEY_sign") }
        var signature = [UInt8](repeating: 0, count: length)
        let result = signature.withUnsafeMutableBufferPointer {
            EVP_PKEY_sign(context, $0.baseAddress, &length, digest, digest.count)
        }
        guard result == 1 else { throw .libcrypto("EVP_PKEY_sign") }
        return Array(signature.prefix(length))
    }

    // EVP_PKEY_PUBLIC_KEY, a macro that Swift does not see.
    private static let publicKeySelection =
        OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS | OSSL_KEYMGMT_SELECT_OTHER_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY

    // Nil when libcrypto refuses the point.
    private static func publicKey(_ point: [UInt8]) throws(PackageError) -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "SM2", nil) else { throw .libcrypto("SM2") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_fromdata_init(context) == 1 else { throw .libcrypto("EVP_PKEY_fromdata_init") }
        let parameters = LibcryptoParameters()
        parameters.add(OSSL_PKEY_PARAM_GROUP_NAME, text: "SM2")
        parameters.add(OSSL_PKEY_PARAM_PUB_KEY, bytes: point)
        var key: OpaquePointer?
        let result = parameters.withList { EVP_PKEY_fromdata(context, &key, publicKeySelection, $0) }
        return result == 1 ? key : nil
    }
}
