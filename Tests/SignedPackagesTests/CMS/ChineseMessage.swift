import Foundation

/// Writes GB/T 35275 SignedData by hand, so that each of its fields can be right or wrong. The encoder is of its own on
/// purpose: what the module writes must not be judged by what the module writes.
struct ChineseMessage {
    /// The object identifiers that occur, by their arcs.
    enum Name: String {
        case data = "1.2.156.10197.6.1.4.2.1"
        case signedData = "1.2.156.10197.6.1.4.2.2"
        case plainData = "1.2.840.113549.1.7.1"
        case plainSignedData = "1.2.840.113549.1.7.2"
        case sm3 = "1.2.156.10197.1.401"
        case sm2 = "1.2.156.10197.1.301.1"
        case sm2WithSM3 = "1.2.156.10197.1.501"
        case sha256 = "2.16.840.1.101.3.4.2.1"
    }

    var content: [UInt8]
    var outer = Name.signedData
    var inner = Name.data
    var announced = Name.sm3
    var digest = Name.sm3
    var signature = Name.sm2
    var nullParameters = false
    var hasAttributes = true
    var isDetached = false
    var userID = "1234567812345678"
    /// Replaces the digest in the attributes.
    var claimedDigest: [UInt8]?
    /// The content type in the attributes, where it is not the inner one.
    var claimedType: Name?
    /// Attributes that are written twice, by their index in the list of content type, time, digest.
    var repeated: [Int] = []
    /// Attributes that are left out.
    var omitted: [Int] = []
    /// Whether the digest attribute has a second value.
    var secondValue = false
    /// Whether attributes are written, and signed, in another order than that of DER.
    var unsorted = false
    /// The time, as it is written.
    var time = (tag: UInt8(0x17), text: "261121010000Z")
    /// Where the certificate comes from.
    var signer = TestSigner.sm2

    /// Signs with `openssl dgst`.
    func make() throws -> [UInt8] {
        let signer = try signer.get()
        let certificate = try signer.der
        var attributes: [UInt8] = []
        let value: [UInt8]
        if hasAttributes {
            attributes = try attributeContents()
            value = try sign(tlv(0x31, attributes), signer)
        } else {
            value = try sign(content, signer)
        }
        let block =
            [2, 1, 1] + Self.issuerAndSerial(certificate) + algorithm(digest)
            + (hasAttributes ? tlv(0xA0, attributes) : []) + algorithm(signature) + tlv(4, value)
        let inside = object(inner) + (isDetached ? [] : tlv(0xA0, tlv(4, content)))
        let body =
            [2, 1, 1] + tlv(0x31, algorithm(announced)) + tlv(0x30, inside) + tlv(0xA0, certificate)
            + tlv(0x31, tlv(0x30, block))
        return tlv(0x30, object(outer) + tlv(0xA0, tlv(0x30, body)))
    }

    private func attributeContents() throws -> [UInt8] {
        let hash = try claimedDigest ?? Self.digest(content)
        var values: [(String, [UInt8])] = [
            ("1.2.840.113549.1.9.3", object(claimedType ?? inner)),
            ("1.2.840.113549.1.9.5", tlv(time.tag, Array(time.text.utf8))),
            ("1.2.840.113549.1.9.4", tlv(4, hash) + (secondValue ? tlv(4, hash.reversed()) : [])),
        ]
        values += repeated.map { values[$0] }
        for index in omitted.sorted(by: >) { values.remove(at: index) }
        let encoded = values.map { tlv(0x30, Self.object($0.0) + tlv(0x31, $0.1)) }
        return (unsorted ? encoded.reversed() : encoded.sorted { $0.lexicographicallyPrecedes($1) }).flatMap { $0 }
    }

    private func sign(_ bytes: [UInt8], _ signer: TestSigner) throws -> [UInt8] {
        let file = try OpenSSL.write(bytes)
        let id = userID.isEmpty ? [] : ["-sigopt", "distid:\(userID)"]
        return try OpenSSL.run(["dgst", "-sm3", "-sign", signer.key] + id + [file])
    }

    private func algorithm(_ name: Name) -> [UInt8] { tlv(0x30, object(name) + (nullParameters ? [5, 0] : [])) }

    private func object(_ name: Name) -> [UInt8] { Self.object(name.rawValue) }

    static func digest(_ bytes: [UInt8]) throws -> [UInt8] {
        try OpenSSL.run("dgst", "-sm3", "-binary", try OpenSSL.write(bytes))
    }

    static func object(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { Int($0) }
        var content = [UInt8(arcs[0] * 40 + arcs[1])]
        for arc in arcs.dropFirst(2) {
            let groups = stride(from: 63, through: 0, by: -7).map { UInt8(arc >> $0 & 0x7F) }.drop { $0 == 0 }
            content += groups.dropLast().map { $0 | 0x80 } + [groups.last ?? 0]
        }
        return tlv(6, content)
    }

    // Serial number and issuer stand first in the part of a version 3 certificate that is signed.
    private static func issuerAndSerial(_ certificate: [UInt8]) -> [UInt8] {
        let fields = members(of: members(of: certificate)[0])
        return tlv(0x30, fields[3] + fields[1])
    }

    /// The values inside of a value.
    static func members(of value: [UInt8]) -> [[UInt8]] {
        var rest = value[header(value[...])...]
        var found: [[UInt8]] = []
        while !rest.isEmpty {
            let size = header(rest) + length(rest)
            found.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return found
    }

    private static func header(_ value: ArraySlice<UInt8>) -> Int {
        let first = value[value.startIndex + 1]
        return first < 0x80 ? 2 : 2 + Int(first & 0x7F)
    }

    private static func length(_ value: ArraySlice<UInt8>) -> Int {
        let first = value[value.startIndex + 1]
        guard first >= 0x80 else { return Int(first) }
        return value.dropFirst(2).prefix(Int(first & 0x7F)).reduce(0) { $0 << 8 | Int($1) }
    }
}

/// Tag, length and content.
func tlv(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    switch content.count {
    case 0..<0x80: [tag, UInt8(content.count)] + content
    case 0x80..<0x100: [tag, 0x81, UInt8(content.count)] + content
    case 0x100..<0x10000: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    default:
        [tag, 0x83, UInt8(content.count >> 16), UInt8(content.count >> 8 & 0xFF), UInt8(content.count & 0xFF)] + content
    }
}
