import CLibcrypto

/// A list of OSSL_PARAM for one call.
///
/// Invariant: every pointer in `list` points into a block of `blocks`, which live and stay in place until `deinit`;
/// the list always ends with the end mark. It is used within one function and not shared.
final class LibcryptoParameters {
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var list: [OSSL_PARAM] = [OSSL_PARAM_construct_end()]

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Adds a name.
    func add(_ key: String, text: String) {
        let value = block(Array(text.utf8) + [0])
        append(OSSL_PARAM_construct_utf8_string(name(key), value.baseAddress?.assumingMemoryBound(to: CChar.self), 0))
    }

    /// Adds bytes.
    func add(_ key: String, bytes: [UInt8]) {
        append(OSSL_PARAM_construct_octet_string(name(key), block(bytes).baseAddress, bytes.count))
    }

    /// Adds a number.
    func add(_ key: String, number: Int) {
        let value = withUnsafeBytes(of: CInt(clamping: number)) { block(Array($0)) }
        append(OSSL_PARAM_construct_int(name(key), value.baseAddress?.assumingMemoryBound(to: CInt.self)))
    }

    /// Lends the list to a call.
    func withList<Value>(_ body: (UnsafeMutablePointer<OSSL_PARAM>?) -> Value) -> Value {
        list.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    }

    private func append(_ parameter: OSSL_PARAM) {
        list.insert(parameter, at: list.count - 1)
    }

    private func name(_ key: String) -> UnsafePointer<CChar>? {
        UnsafePointer(block(Array(key.utf8) + [0]).baseAddress?.assumingMemoryBound(to: CChar.self))
    }

    private func block(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
        block.copyBytes(from: bytes)
        blocks.append(block)
        return block
    }
}
