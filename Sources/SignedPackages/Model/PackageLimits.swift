/// What a package may hold at most. Each is checked before memory is taken for what exceeds it.
public struct PackageLimits: Sendable, Hashable {
    /// Entries of a container.
    public var entries = 1000
    /// Bytes of an entry's name.
    public var entryNameBytes = 1024
    /// Bytes of the central directory of a container.
    public var directoryBytes = 4 << 20
    /// Bytes of one document.
    public var documentBytes: Int64 = 4 << 30
    /// How many times larger than its compressed form an entry may be.
    public var expansionRatio: Int64 = 200
    /// Bytes of all entries together.
    public var totalExpandedBytes: Int64 = 16 << 30
    /// Bytes of one manifest.
    public var manifestBytes = 4 << 20
    /// Bytes of all of a SignedData but its content.
    public var signatureBytes = 8 << 20
    /// Nesting of DER and BER values.
    public var nesting = 32
    /// Signatures of a package, and signers of one SignedData.
    public var signatures = 32
    /// Certificates of one SignedData or one document of certificates.
    public var certificates = 64
    /// Revocation lists and OCSP responses of one SignedData.
    public var revocationItems = 64
    /// Certificates of a path, the root included.
    public var pathLength = 10

    /// The defaults.
    public init() {}
}

extension PackageLimits: Codable {
    /// Reads limits; what is absent has its default, so that verdicts of an older version can still be read.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Number: Decodable>(_ key: CodingKeys, _ standard: Number) throws -> Number {
            try values.decodeIfPresent(Number.self, forKey: key) ?? standard
        }
        entries = try value(.entries, entries)
        entryNameBytes = try value(.entryNameBytes, entryNameBytes)
        directoryBytes = try value(.directoryBytes, directoryBytes)
        documentBytes = try value(.documentBytes, documentBytes)
        expansionRatio = try value(.expansionRatio, expansionRatio)
        totalExpandedBytes = try value(.totalExpandedBytes, totalExpandedBytes)
        manifestBytes = try value(.manifestBytes, manifestBytes)
        signatureBytes = try value(.signatureBytes, signatureBytes)
        nesting = try value(.nesting, nesting)
        signatures = try value(.signatures, signatures)
        certificates = try value(.certificates, certificates)
        revocationItems = try value(.revocationItems, revocationItems)
        pathLength = try value(.pathLength, pathLength)
    }
}
