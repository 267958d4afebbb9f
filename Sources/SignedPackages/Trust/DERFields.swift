import SwiftASN1

/// Why bytes are not the DER structure that they should be, told to people.
struct MalformedStructure: Error, Hashable, Sendable {
    /// What was expected and where, e.g. `certificate: serialNumber is missing`.
    var reason: String
}

/// The members of a constructed DER value, taken one after the other.
///
/// X.509 structures are sequences with optional, tagged members; this is the cursor that their readers share.
struct DERFields {
    private let members: [ASN1Node]
    private var index = 0
    private let structure: String

    /// Opens a constructed value.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - identifier: The tag it must carry; `nil` accepts any, for implicitly tagged values.
    ///   - structure: The name of the structure, for messages.
    init(
        _ node: ASN1Node, as identifier: ASN1Identifier? = .sequence, of structure: String
    ) throws(MalformedStructure) {
        guard identifier == nil || node.identifier == identifier, case .constructed(let members) = node.content else {
            throw MalformedStructure(reason: "\(structure): a constructed value is missing")
        }
        self.members = Array(members)
        self.structure = structure
    }

    /// Whether every member was taken.
    var isAtEnd: Bool { index == members.count }

    /// The next member, which must be there.
    mutating func next(_ name: String) throws(MalformedStructure) -> ASN1Node {
        guard index < members.count else { throw MalformedStructure(reason: "\(structure): \(name) is missing") }
        index += 1
        return members[index - 1]
    }

    /// The next member if it carries this tag.
    mutating func next(if identifier: ASN1Identifier) -> ASN1Node? {
        guard index < members.count, members[index].identifier == identifier else { return nil }
        index += 1
        return members[index - 1]
    }

    /// The next member if it carries the context-specific tag of this number.
    mutating func next(tagged number: UInt) -> ASN1Node? {
        next(if: ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific))
    }

    /// Refuses members that no version of the structure has.
    func end() throws(MalformedStructure) {
        guard isAtEnd else { throw MalformedStructure(reason: "\(structure): unexpected member at the end") }
    }
}

extension DER {
    /// Parses one DER value that must fill the bytes.
    static func node(_ bytes: ArraySlice<UInt8>, of structure: String) throws(MalformedStructure) -> ASN1Node {
        do {
            return try DER.parse(bytes)
        } catch {
            throw MalformedStructure(reason: "\(structure): not DER (\(error))")
        }
    }
}

extension ASN1Node {
    /// The content bytes of a primitive value, with the tag checked unless `nil`.
    func primitive(_ identifier: ASN1Identifier?, of structure: String) throws(MalformedStructure) -> ArraySlice<UInt8>
    {
        guard identifier == nil || self.identifier == identifier, case .primitive(let bytes) = content else {
            throw MalformedStructure(reason: "\(structure): unexpected type")
        }
        return bytes
    }

    /// An object identifier in dotted form.
    func objectIdentifier(of structure: String) throws(MalformedStructure) -> String {
        do {
            return try ASN1ObjectIdentifier(derEncoded: self).description
        } catch {
            throw MalformedStructure(reason: "\(structure): not an object identifier")
        }
    }

    /// A BOOLEAN; DER knows 00 and FF only.
    func boolean(of structure: String) throws(MalformedStructure) -> Bool {
        switch Array(try primitive(.boolean, of: structure)) {
        case [0x00]: return false
        case [0xFF]: return true
        default: throw MalformedStructure(reason: "\(structure): not a DER BOOLEAN")
        }
    }

    /// A non-negative INTEGER that fits `Int`.
    func smallInteger(_ identifier: ASN1Identifier? = .integer, of structure: String) throws(MalformedStructure) -> Int
    {
        let bytes = try primitive(identifier, of: structure)
        guard let first = bytes.first, first < 0x80, bytes.count <= 8 else {
            throw MalformedStructure(reason: "\(structure): not a small non-negative INTEGER")
        }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    /// The bits of a BIT STRING, most significant first; named bits that are absent are false.
    func namedBits(_ identifier: ASN1Identifier? = .bitString, of structure: String) throws(MalformedStructure)
        -> [Bool]
    {
        let bytes = try primitive(identifier, of: structure)
        guard let unused = bytes.first, unused < 8, bytes.count > 1 || unused == 0 else {
            throw MalformedStructure(reason: "\(structure): not a BIT STRING")
        }
        let bits = bytes.dropFirst().flatMap { byte in (0..<8).map { byte & (0x80 >> $0) != 0 } }
        return Array(bits.dropLast(Int(unused)))
    }

    /// A signature value; empty, which no key verifies, when it is not a whole number of bytes.
    func signatureBytes(of structure: String) throws(MalformedStructure) -> ArraySlice<UInt8> {
        let bytes = try primitive(.bitString, of: structure)
        return bytes.first == 0 ? bytes.dropFirst() : []
    }

    /// The bytes of a BIT STRING without unused bits.
    func bitStringBytes(of structure: String) throws(MalformedStructure) -> ArraySlice<UInt8> {
        let bytes = try primitive(.bitString, of: structure)
        guard bytes.first == 0 else { throw MalformedStructure(reason: "\(structure): a BIT STRING with unused bits") }
        return bytes.dropFirst()
    }
}
