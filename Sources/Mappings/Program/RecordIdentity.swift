import CanonicalRecords

/// Makes the ids of records: a keyed hash over source, record type and natural key, with U+001F between all parts.
///
/// Normalised values hold no control characters, so the separator keeps different keys apart.
struct RecordIdentity: Sendable {
    private let start: SipHash128
    // By entry: the hash with the record type in it.
    private let entryStarts: [SipHash128]
    // By key type of the program's code, likewise.
    private let keyStarts: [SipHash128]
    private let document: [UInt8]
    static let separator: UInt8 = 0x1F

    init(_ context: FilingContext, entryTypes: [String], keyTypes: [String]) {
        var hash = SipHash128(key: context.identityKey.key)
        hash.update(context.source)
        start = hash
        entryStarts = entryTypes.map { [start] in Self.adding(type: $0, to: start) }
        keyStarts = keyTypes.map { [start] in Self.adding(type: $0, to: start) }
        document = Array("\(context.filing)\u{1F}\(context.document)".utf8)
    }

    /// The id of a record by its natural key, the parts of which are separated already.
    func id(type: String, naturalKey: Span<UInt8>) -> SipHash128.Digest {
        Self.adding(type: type, to: start).digest(appending: naturalKey)
    }

    /// The id of a record of one of the code's key types; the same as by its name.
    func id(keyType: Int, naturalKey: Span<UInt8>) -> SipHash128.Digest {
        keyStarts[keyType].digest(appending: naturalKey)
    }

    /// The hash that gives the id of a record of one of the code's key types, once the rest of the natural key is appended.
    func hash(keyType: Int, beginning: Span<UInt8>) -> SipHash128 {
        var hash = keyStarts[keyType]
        hash.update(beginning)
        return hash
    }

    /// The id of a record that an entry gives; the same as by its type.
    func id(entry: Int, naturalKey: Span<UInt8>) -> SipHash128.Digest {
        entryStarts[entry].digest(appending: naturalKey)
    }

    /// The id of a record that has no natural key: by its place in the filing.
    func id(entry: Int, row: Int) -> SipHash128.Digest {
        var key = document
        key.append(contentsOf: "\u{1F}\(entry)\u{1F}\(row)".utf8)
        return id(entry: entry, naturalKey: key.span)
    }

    private static func adding(type: String, to start: SipHash128) -> SipHash128 {
        var hash = start
        hash.update(separator)
        hash.update(type)
        hash.update(separator)
        return hash
    }
}
