import SwiftASN1

/// The entries of a revocation list. They stay where they are in its bytes and are found by an index of eight bytes each:
/// a list of a big issuer has a million, and one that comes with a package is read before anybody vouched for it.
struct RevocationEntries: Sendable {
    /// How many there are.
    var count: Int { index.count }
    /// Critical extensions of entries that nothing here understands.
    private(set) var unknownCritical: Set<String> = []

    // The content of revokedCertificates.
    private let bytes: ArraySlice<UInt8>
    private let listIssuer: CertificateName
    // For each entry a hash of its serial number, and below it the offset at which it begins; ascending.
    private var index: [UInt64] = []
    // The offsets of the entries that name an issuer, ascending: it is that of those behind them, too.
    private var issuers: [UInt32] = []

    /// No entries.
    init(issuer: CertificateName) {
        bytes = []
        listIssuer = issuer
    }

    /// Reads the content of revokedCertificates.
    ///
    /// - Parameter issuer: Who issued the list, and so the certificates in it until an entry says otherwise.
    init(_ content: ArraySlice<UInt8>, issuer: CertificateName) throws(MalformedStructure) {
        guard content.count <= Int(UInt32.max) else {
            throw MalformedStructure(reason: "revokedCertificates: \(content.count) bytes are too many")
        }
        bytes = content
        listIssuer = issuer
        var cursor = DERCursor(content)
        while let element = try Self.reading({ () throws(EncodingFault) in try cursor.next() }) {
            let fields = try Fields(element)
            let details = try Details(fields.extensions)
            let offset = UInt32(element.encoded.startIndex - content.startIndex)
            if details.issuer != nil { issuers.append(offset) }
            unknownCritical.formUnion(details.unknownCritical)
            index.append(UInt64(Self.hash(fields.serial)) << 32 | UInt64(offset))
        }
        index.sort()
    }

    /// The entry for a certificate, by its issuer and serial number.
    func entry(for certificate: PackageCertificate) -> RevocationList.Entry? {
        let hash = UInt64(Self.hash(certificate.serialBytes[...]))
        var place = firstIndex(notBelow: hash << 32)
        while place < index.count, index[place] >> 32 == hash {
            let offset = UInt32(truncatingIfNeeded: index[place])
            place += 1
            // What cannot be read now could not be read by `init`, which threw.
            guard let fields = try? fields(at: offset), fields.serial.elementsEqual(certificate.serialBytes),
                let issuer = issuer(at: offset), issuer == certificate.issuerName
            else { continue }
            let reason = (try? Details(fields.extensions))?.reason
            return RevocationList.Entry(issuer: issuer, date: fields.date, reason: reason)
        }
        return nil
    }

    private func fields(at offset: UInt32) throws(MalformedStructure) -> Fields? {
        var cursor = DERCursor(bytes[(bytes.startIndex + Int(offset))...])
        return try Self.reading { () throws(EncodingFault) in try cursor.next() }.map(Fields.init)
    }

    private func issuer(at offset: UInt32) -> CertificateName? {
        var (low, high) = (0, issuers.count)
        while low < high {
            let middle = (low + high) / 2
            if issuers[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return listIssuer }
        guard let fields = try? fields(at: issuers[low - 1]) else { return nil }
        return (try? Details(fields.extensions))?.issuer
    }

    private func firstIndex(notBelow value: UInt64) -> Int {
        var (low, high) = (0, index.count)
        while low < high {
            let middle = (low + high) / 2
            if index[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // FNV-1a. Whoever makes numbers collide only makes the look-up longer.
    private static func hash(_ serial: ArraySlice<UInt8>) -> UInt32 {
        serial.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    fileprivate static func reading<Value>(
        _ body: () throws(EncodingFault) -> Value
    ) throws(MalformedStructure) -> Value {
        do throws(EncodingFault) {
            return try body()
        } catch {
            throw MalformedStructure(reason: "revoked certificate: \(error.detail)")
        }
    }
}

extension RevocationEntries {
    // One entry, its extensions not looked into.
    private struct Fields {
        var serial: ArraySlice<UInt8>
        var date: Int64
        var extensions: ArraySlice<UInt8>?

        init(_ element: DERElement) throws(MalformedStructure) {
            let parts = try RevocationEntries.reading { () throws(EncodingFault) in
                try element.expect(DERTag.sequence, "an entry")
                var cursor = element.children
                let serial = try cursor.next(DERTag.integer, "the serial number").content
                guard let date = try cursor.next() else { throw EncodingFault("the date is missing") }
                let extensions = try cursor.nextIf(DERTag.sequence)?.encoded
                try cursor.end("an entry")
                return (serial: serial, date: date, extensions: extensions)
            }
            serial = parts.serial
            extensions = parts.extensions
            date = try CertificateTime.seconds(parts.date, of: "revocationDate")
        }
    }

    // What the extensions of one entry say.
    private struct Details {
        var reason: RevocationReason?
        var issuer: CertificateName?
        var unknownCritical: Set<String> = []

        init(_ encoded: ArraySlice<UInt8>?) throws(MalformedStructure) {
            guard let encoded else { return }
            let node = try DER.node(encoded, of: "entry extensions")
            for item in try ExtensionEntry.list(node, of: "entry extensions") {
                switch item.type {
                case "2.5.29.21":
                    let value = try item.node().smallInteger(.enumerated, of: "reasonCode")
                    reason = RevocationReason(rawValue: value) ?? .unspecified
                case "2.5.29.29":
                    let names = try GeneralName.list(try item.node(), of: "certificateIssuer")
                    issuer = names.lazy.compactMap { if case .directory(let name) = $0 { name } else { nil } }.first
                    guard issuer != nil else {
                        throw MalformedStructure(reason: "certificateIssuer: no directory name")
                    }
                case "2.5.29.24": break
                default: if item.isCritical { unknownCritical.insert(item.type) }
                }
            }
        }
    }
}
