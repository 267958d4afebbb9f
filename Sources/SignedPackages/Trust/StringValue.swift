import SwiftASN1

/// The character string types of ASN.1 that names and extensions use, as text.
enum StringValue {
    /// The text of a string value; anything else as `#` and the hex of its DER, which RFC 4514 section 2.4 asks for.
    static func text(_ node: ASN1Node) -> String {
        decoded(node) ?? "#" + hex(node.encodedBytes)
    }

    /// The text of a string value, or `nil` when it is none or its bytes do not fit its type.
    static func decoded(_ node: ASN1Node) -> String? {
        guard case .primitive(let bytes) = node.content else { return nil }
        switch node.identifier {
        case .utf8String: return String(validating: bytes, as: UTF8.self)
        case .printableString, .ia5String, .numericString, .visibleString:
            return bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        // Issuers put Latin-1 here more often than real T.61.
        case .teletexString: return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case .bmpString: return utf16(bytes)
        case .universalString: return utf32(bytes)
        default: return nil
        }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count % 2 == 0 else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        return String(validating: units, as: UTF16.self)
    }

    private static func utf32(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count % 4 == 0 else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map {
            bytes[$0..<$0 + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return String(validating: units, as: UTF32.self)
    }
}
