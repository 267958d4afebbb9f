import SwiftASN1

/// One alternative of a GeneralName (RFC 5280 section 4.2.1.6).
enum GeneralName: Sendable, Hashable {
    /// An e-mail address.
    case email(String)
    /// A domain name.
    case domain(String)
    /// A distinguished name.
    case directory(CertificateName)
    /// A URI.
    case uri(String)
    /// An address of 4 or 16 bytes; in a constraint address and mask.
    case address([UInt8])
    /// A kind of name that is not looked into, by its tag number.
    case other(tag: UInt, [UInt8])

    /// Reads one name.
    init(_ node: ASN1Node, of structure: String) throws(MalformedStructure) {
        guard node.identifier.tagClass == .contextSpecific else {
            throw MalformedStructure(reason: "\(structure): not a GeneralName")
        }
        switch node.identifier.tagNumber {
        case 1: self = .email(try Self.ascii(node, of: structure))
        case 2: self = .domain(try Self.ascii(node, of: structure))
        case 4:
            var wrapped = try DERFields(node, as: nil, of: structure)
            self = .directory(try CertificateName(try wrapped.next("directoryName"), of: structure))
        case 6: self = .uri(try Self.ascii(node, of: structure))
        case 7: self = .address(Array(try node.primitive(nil, of: structure)))
        case let tag: self = .other(tag: tag, Array(node.encodedBytes))
        }
    }

    /// Reads GeneralNames; `nil` as identifier where the sequence is tagged implicitly.
    static func list(
        _ node: ASN1Node, as identifier: ASN1Identifier? = .sequence, of structure: String
    ) throws(MalformedStructure) -> [GeneralName] {
        var fields = try DERFields(node, as: identifier, of: structure)
        var names: [GeneralName] = []
        while !fields.isAtEnd { names.append(try GeneralName(try fields.next("name"), of: structure)) }
        return names
    }

    private static func ascii(_ node: ASN1Node, of structure: String) throws(MalformedStructure) -> String {
        let bytes = try node.primitive(nil, of: structure)
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            throw MalformedStructure(reason: "\(structure): a name outside of ASCII")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How the name reads in messages.
    var text: String {
        switch self {
        case .email(let text), .domain(let text), .uri(let text): text
        case .directory(let name): name.text
        case .address(let bytes): "IP \(bytes.map(String.init).joined(separator: "."))"
        case .other(let tag, _): "name of kind \(tag)"
        }
    }
}

/// Where a certificate says that its revocation list is, or what a revocation list says it covers
/// (RFC 5280 sections 4.2.1.13 and 5.2.5).
enum DistributionPointName: Sendable, Hashable {
    /// Any of these names.
    case full([GeneralName])
    /// Attributes to append to the name of the list's issuer.
    case relative([String: String])

    /// Reads the content of the `[0]` tag that wraps the choice.
    init(wrapped node: ASN1Node, of structure: String) throws(MalformedStructure) {
        var choice = try DERFields(node, as: nil, of: structure)
        if let full = choice.next(tagged: 0) {
            self = .full(try GeneralName.list(full, as: nil, of: structure))
        } else if let relative = choice.next(tagged: 1) {
            let attributes = try CertificateName.relativeName(relative, as: nil, of: structure)
            self = .relative(Dictionary(attributes.map { ($0.type, $0.text) }) { first, _ in first })
        } else {
            throw MalformedStructure(reason: "\(structure): neither a full nor a relative name")
        }
        try choice.end()
    }

    /// All names that this stands for, relative ones appended to the issuer's.
    func names(relativeTo issuer: CertificateName) -> Set<GeneralName> {
        switch self {
        case .full(let names): return Set(names)
        case .relative(let attributes):
            let appended = attributes.sorted { $0.key < $1.key }
                .map { CertificateName.Attribute(type: $0.key, text: $0.value) }
            return [.directory(CertificateName(relativeNames: issuer.relativeNames + [appended]))]
        }
    }
}
