import CLibcrypto

/// A private key in libcrypto, for SM2 only; other keys are swift-crypto's.
///
/// Invariant: `pointer` is a live EVP_PKEY that only this object frees. It is never changed after `init`, and
/// libcrypto locks the count of references, so that sharing it between threads is safe.
final class LibcryptoPrivateKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Reads PKCS#8 or SEC 1 DER; nil when it is neither, or no SM2 key.
    init?(der: [UInt8]) {
        defer { ERR_clear_error() }
        let read: OpaquePointer? = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_AutoPrivateKey(nil, &next, bytes.count)
        }
        guard let key = read else { return nil }
        guard EVP_PKEY_is_a(key, "SM2") == 1 else {
            EVP_PKEY_free(key)
            return nil
        }
        pointer = key
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// The public point, 65 bytes, uncompressed.
    func point() throws(PackageError) -> [UInt8] {
        var point = [UInt8](repeating: 0, count: 133)
        var length = 0
        let result = point.withUnsafeMutableBufferPointer {
            EVP_PKEY_get_octet_string_param(pointer, OSSL_PKEY_PARAM_PUB_KEY, $0.baseAddress, $0.count, &length)
        }
        guard result == 1, length == 65, point[0] == 4 else { throw .libcrypto("SM2 public key") }
        return Array(point.prefix(length))
    }
}
