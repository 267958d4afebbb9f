import CLibcrypto

/// RSASSA-PSS with a salt or a mask digest that swift-crypto does not offer, by libcrypto.
///
/// Invariant: every EVP object is made and freed within one call, and pointers into Swift arrays are used only while
/// they are lent.
enum LibcryptoPSS {
    /// Whether `signature` is right for `digest` and the RSA key of a SubjectPublicKeyInfo.
    static func verifies(
        _ signature: [UInt8], digest: [UInt8], spki: [UInt8], parameters: PSSParameters
    ) throws(PackageError) -> Bool {
        guard let key = publicKey(spki) else { return false }
        defer {
            EVP_PKEY_free(key)
            ERR_clear_error()
        }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { throw .libcrypto("EVP_PKEY_CTX_new") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_verify_init(context) == 1 else { throw .libcrypto("EVP_PKEY_verify_init") }
        guard set(parameters, on: context) else { return false }
        return EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    private static func publicKey(_ spki: [UInt8]) -> OpaquePointer? {
        guard let members = try? DERElement(spki[...]).children else { return nil }
        var cursor = members
        guard (try? cursor.next()) != nil, let bits = try? cursor.next(DERTag.bitString, "the key") else { return nil }
        return Array(bits.content.dropFirst()).withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_PublicKey(EVP_PKEY_RSA, nil, &next, bytes.count)
        }
    }

    private static func set(_ parameters: PSSParameters, on context: OpaquePointer) -> Bool {
        let list = LibcryptoParameters()
        list.add(OSSL_PKEY_PARAM_PAD_MODE, text: OSSL_PKEY_RSA_PAD_MODE_PSS)
        list.add(OSSL_SIGNATURE_PARAM_DIGEST, text: name(parameters.digest))
        list.add(OSSL_PKEY_PARAM_MGF1_DIGEST, text: name(parameters.maskDigest))
        list.add(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, number: parameters.salt)
        return list.withList { EVP_PKEY_CTX_set_params(context, $0) } == 1
    }

    private static func name(_ digest: DigestAlgorithm) -> String {
        switch digest {
        case .sha256: "SHA256"
        case .sha384: "SHA384"
        case .sha512: "SHA512"
        case .sm3: "SM3"
        }
    }
}
