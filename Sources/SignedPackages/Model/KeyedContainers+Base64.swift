import Foundation

extension KeyedEncodingContainer {
    /// Writes byte strings as base64 texts.
    mutating func encodeBase64(_ items: [[UInt8]], forKey key: Key) throws {
        try encode(items.map { Data($0).base64EncodedString() }, forKey: key)
    }
}

extension KeyedDecodingContainer {
    /// Reads byte strings from base64 texts; none where the key is absent.
    func decodeBase64(forKey key: Key) throws -> [[UInt8]] {
        try (decodeIfPresent([String].self, forKey: key) ?? []).map { text in
            guard let data = Data(base64Encoded: text) else {
                throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "not base64")
            }
            return Array(data)
        }
    }
}
