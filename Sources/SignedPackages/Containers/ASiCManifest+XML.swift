import Findings
import Foundation
import XMLCoder

extension ASiCManifest {
    /// Reads a manifest.
    ///
    /// - Parameter entry: The name of the entry it was read from, for the fault.
    init(xml bytes: [UInt8], entry: String, limits: PackageLimits) throws(PackageFault) {
        func fault(_ kind: FindingKind, _ detail: String) -> PackageFault {
            PackageFault(entry, .manifest, kind, detail)
        }
        guard bytes.count <= limits.manifestBytes else {
            throw fault(.packageLimit, "\(bytes.count) bytes; \(limits.manifestBytes) are allowed")
        }
        if let flaw = ManifestShape.flaw(in: bytes, limits: limits) { throw fault(.packageMalformed, flaw) }
        let decoder = XMLDecoder(trimValueWhitespaces: true)
        decoder.shouldProcessNamespaces = true
        let element: ManifestElement
        do {
            element = try decoder.decode(ManifestElement.self, from: Data(bytes))
        } catch {
            throw fault(.packageMalformed, "an attribute or value is missing")
        }
        guard let signature = PercentEncoding.name(of: element.signature.uri) else {
            throw fault(.packageMalformed, "the signature's URI “\(element.signature.uri)” is no path")
        }
        self.signature = signature
        references = []
        var names: Set<String> = []
        for reference in element.references {
            let reference = try Reference(reference, fault: fault)
            guard names.insert(ZipEntryName.key(reference.name)).inserted else {
                throw fault(.packageMalformed, "two references to \(reference.name)")
            }
            references.append(reference)
        }
    }

    /// The manifest as an XML document in UTF-8.
    func xml() throws(PackageError) -> [UInt8] {
        let element = ManifestElement(
            signature: SignatureElement(uri: PercentEncoding.uri(of: signature), mediaType: Self.signatureMediaType),
            references: references.map(ReferenceElement.init))
        let encoder = XMLEncoder()
        encoder.outputFormatting = .prettyPrinted
        encoder.prettyPrintIndentation = .spaces(2)
        do {
            let header = XMLHeader(version: 1.0, encoding: "UTF-8")
            return Array(try encoder.encode(element, withRootKey: "asic:ASiCManifest", header: header)) + [0x0A]
        } catch {
            throw PackageError(
                .notWritable, place: signature, underlying: "\(error)", next: "Report this as a fault of the program.")
        }
    }
}

extension ASiCManifest.Reference {
    fileprivate init(
        _ element: ReferenceElement, fault: (FindingKind, String) -> PackageFault
    ) throws(PackageFault) {
        guard let name = PercentEncoding.name(of: element.uri), !name.isEmpty else {
            throw fault(.packageMalformed, "the URI “\(element.uri)” is no path of an entry")
        }
        guard let algorithm = DigestAlgorithm(uri: element.method.algorithm) else {
            let isWeak = DigestAlgorithm.weakURIs.contains(element.method.algorithm)
            throw fault(
                isWeak ? .packageWeakAlgorithm : .packageUnsupportedAlgorithm,
                "the digest of \(name) is made with \(element.method.algorithm)")
        }
        let text = element.value.filter { !$0.isWhitespace }
        guard let digest = Data(base64Encoded: text), digest.count == algorithm.size else {
            throw fault(.packageMalformed, "the digest of \(name) is not \(algorithm.size) bytes in base64")
        }
        self.init(name: name, mediaType: element.mediaType ?? "", algorithm: algorithm, digest: Array(digest))
    }
}

private struct ManifestElement: Codable, DynamicNodeDecoding, DynamicNodeEncoding {
    var asic = ASiCManifest.namespace
    var digests = ASiCManifest.digestNamespace
    var signature: SignatureElement
    var references: [ReferenceElement]

    // Prefixes are written and, with namespaces processed, not read.
    enum CodingKeys: String, CodingKey {
        case asic = "xmlns:asic"
        case digests = "xmlns:ds"
        case signatureOut = "asic:SigReference"
        case referencesOut = "asic:DataObjectReference"
        case signature = "SigReference"
        case references = "DataObjectReference"
    }

    init(signature: SignatureElement, references: [ReferenceElement]) {
        self.signature = signature
        self.references = references
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        signature = try values.decode(SignatureElement.self, forKey: .signature)
        references = try values.decode([ReferenceElement].self, forKey: .references)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(asic, forKey: .asic)
        try values.encode(digests, forKey: .digests)
        try values.encode(signature, forKey: .signatureOut)
        try values.encode(references, forKey: .referencesOut)
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .element }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue.hasPrefix("xmlns:") ? .attribute : .element
    }
}

private struct SignatureElement: Codable, DynamicNodeDecoding, DynamicNodeEncoding {
    var uri: String
    var mediaType: String?

    enum CodingKeys: String, CodingKey {
        case uri = "URI"
        case mediaType = "MimeType"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .attribute }
    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding { .attribute }
}

private struct ReferenceElement: Codable, DynamicNodeDecoding, DynamicNodeEncoding {
    var uri: String
    var mediaType: String?
    var method: MethodElement
    var value: String

    enum CodingKeys: String, CodingKey {
        case uri = "URI"
        case mediaType = "MimeType"
        case methodOut = "ds:DigestMethod"
        case valueOut = "ds:DigestValue"
        case method = "DigestMethod"
        case value = "DigestValue"
    }

    init(_ reference: ASiCManifest.Reference) {
        uri = PercentEncoding.uri(of: reference.name)
        mediaType = reference.mediaType.isEmpty ? nil : reference.mediaType
        method = MethodElement(algorithm: reference.algorithm.uri)
        value = Data(reference.digest).base64EncodedString()
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        uri = try values.decode(String.self, forKey: .uri)
        mediaType = try values.decodeIfPresent(String.self, forKey: .mediaType)
        method = try values.decode(MethodElement.self, forKey: .method)
        value = try values.decode(String.self, forKey: .value)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(uri, forKey: .uri)
        try values.encodeIfPresent(mediaType, forKey: .mediaType)
        try values.encode(method, forKey: .methodOut)
        try values.encode(value, forKey: .valueOut)
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        ["URI", "MimeType"].contains(key.stringValue) ? .attribute : .element
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        ["URI", "MimeType"].contains(key.stringValue) ? .attribute : .element
    }
}

private struct MethodElement: Codable, DynamicNodeDecoding, DynamicNodeEncoding {
    var algorithm: String

    enum CodingKeys: String, CodingKey {
        case algorithm = "Algorithm"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .attribute }
    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding { .attribute }
}
