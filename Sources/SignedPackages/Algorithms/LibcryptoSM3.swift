import CLibcrypto

/// SM3 (GB/T 32905) by libcrypto.
///
/// Invariant: `context` is a live EVP_MD_CTX that only this object knows; it is made in `init` and freed in `deinit`,
/// and no pointer to it or to the bytes outlives a call. It is not shared between threads.
final class LibcryptoSM3 {
    private let context: OpaquePointer

    init() throws(PackageError) {
        guard let context = EVP_MD_CTX_new() else { throw .libcrypto("EVP_MD_CTX_new") }
        guard EVP_DigestInit_ex(context, EVP_sm3(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .libcrypto("SM3")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes bytes; they are read before it returns.
    func update(_ bytes: UnsafeRawBufferPointer) {
        // It fails only where init failed already.
        _ = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest; the object is used up.
    func finish() throws(PackageError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = digest.withUnsafeMutableBufferPointer { EVP_DigestFinal_ex(context, $0.baseAddress, nil) }
        guard result == 1 else { throw .libcrypto("EVP_DigestFinal_ex") }
        return digest
    }
}

extension PackageError {
    /// libcrypto failed in a way that says nothing about the package: no memory, or an algorithm that it lacks.
    static func libcrypto(_ call: String) -> PackageError {
        var text = [CChar](repeating: 0, count: 256)
        let code = ERR_get_error()
        text.withUnsafeMutableBufferPointer { ERR_error_string_n(code, $0.baseAddress, $0.count) }
        ERR_clear_error()
        let said = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return PackageError(
            .library, place: "libcrypto \(call)", underlying: code == 0 ? nil : said, retryHelps: true,
            next: "Check that OpenSSL 3 with its default provider is installed and that there is memory left.")
    }
}
