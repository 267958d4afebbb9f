import SwiftASN1

/// A distinguished name: how it reads, and how it compares after RFC 5280 section 7.1.
///
/// Two names are equal when their attributes match whatever the string types, the letters' case and the amount of white
/// space are; so a name that a certificate writes as PrintableString finds its issuer that writes UTF8String.
struct CertificateName: Sendable, Hashable {
    /// One attribute of a name.
    struct Attribute: Sendable {
        /// The attribute's type in dotted form.
        var type: String
        /// The value as text; `#` and hex where it is no string.
        var text: String

        /// Type and value in the form that is compared.
        var canonical: String { "\(type)=\(CertificateName.folded(text))" }
    }

    /// The relative names in encoded order (country first), each with its attributes.
    let relativeNames: [[Attribute]]
    /// The DER bytes.
    let der: [UInt8]
    private let canonical: [[String]]

    /// Reads a `Name` (a SEQUENCE of relative distinguished names).
    init(_ node: ASN1Node, of structure: String) throws(MalformedStructure) {
        var fields = try DERFields(node, of: structure)
        var names: [[Attribute]] = []
        while !fields.isAtEnd {
            names.append(try Self.relativeName(try fields.next("relative name"), as: .set, of: structure))
        }
        self.init(relativeNames: names, der: Array(node.encodedBytes))
    }

    /// A name put together from its parts.
    init(relativeNames: [[Attribute]], der: [UInt8] = []) {
        self.relativeNames = relativeNames
        self.der = der
        self.canonical = relativeNames.map { $0.map(\.canonical).sorted() }
    }

    /// The attributes of one relative name; also used by distribution points, which tag it implicitly.
    static func relativeName(
        _ node: ASN1Node, as identifier: ASN1Identifier?, of structure: String
    ) throws(MalformedStructure) -> [Attribute] {
        var set = try DERFields(node, as: identifier, of: structure)
        var attributes: [Attribute] = []
        while !set.isAtEnd {
            var pair = try DERFields(try set.next("attribute"), of: structure)
            let type = try pair.next("attribute type").objectIdentifier(of: structure)
            let value = try pair.next("attribute value")
            try pair.end()
            attributes.append(Attribute(type: type, text: StringValue.text(value)))
        }
        guard !attributes.isEmpty else { throw MalformedStructure(reason: "\(structure): an empty relative name") }
        return attributes
    }

    /// Whether the name has no attributes.
    var isEmpty: Bool { relativeNames.isEmpty }

    /// The name as RFC 4514 writes it, most specific part first: `CN=签名人,O=鱼台县…,C=CN`.
    var text: String {
        relativeNames.reversed()
            .map { $0.map { "\(Self.shortNames[$0.type] ?? $0.type)=\(Self.escaped($0.text))" }.joined(separator: "+") }
            .joined(separator: ",")
    }

    /// The first value of an attribute type, most specific part first.
    func value(of type: String) -> String? {
        for name in relativeNames.reversed() {
            if let attribute = name.first(where: { $0.type == type }) { return attribute.text }
        }
        return nil
    }

    /// Whether the name lies in the subtree that begins with `base` (RFC 5280 section 4.2.1.10).
    func isWithin(_ base: CertificateName) -> Bool { canonical.starts(with: base.canonical) }

    /// Whether the names match read in opposite directions, as `openssl x509 -subject` and RFC 4514 print them.
    func isReversed(_ other: CertificateName) -> Bool { canonical == other.canonical.reversed() }

    static func == (left: CertificateName, right: CertificateName) -> Bool { left.canonical == right.canonical }

    func hash(into hasher: inout Hasher) { hasher.combine(canonical) }

    /// Attribute types that have a short name.
    static let shortNames = [
        "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
        "2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description",
        "2.5.4.15": "businessCategory", "2.5.4.17": "postalCode", "2.5.4.20": "telephoneNumber", "2.5.4.41": "name",
        "2.5.4.42": "GN", "2.5.4.43": "initials", "2.5.4.44": "generationQualifier", "2.5.4.46": "dnQualifier",
        "2.5.4.65": "pseudonym", "2.5.4.97": "organizationIdentifier", "0.9.2342.19200300.100.1.1": "UID",
        "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "emailAddress",
    ]

    // Case is folded, white space trimmed and collapsed; String equality takes care of canonical equivalence.
    private static func folded(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for (index, character) in text.enumerated() {
            let isEdgeSpace = character == " " && (index == 0 || index == text.count - 1)
            if isEdgeSpace || ",+\"\\<>;=".contains(character) { result.append("\\") }
            let scalars = character.unicodeScalars
            let isControl = scalars.contains { $0.properties.generalCategory == .control }
            result += isControl ? scalars.map { "\\\(hex(String($0).utf8))" }.joined() : String(character)
        }
        return result
    }
}
