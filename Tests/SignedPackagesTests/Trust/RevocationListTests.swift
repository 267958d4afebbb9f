import Testing

@testable import SignedPackages

/// What a list says, whatever its size and the order of its entries are. Its signature is not looked at here.
@Suite struct RevocationListTests {
    // A list of the test CA, put together by hand so that it can be of any size.
    static func list(entries: [[UInt8]]) throws -> [UInt8] {
        let issuer = try SamplePKI.certificate("yutai-signer").issuerName.der
        let algorithm = DERWriter.sequence(ObjectID(1, 2, 840, 10045, 4, 3, 2).der)
        let signed = DERWriter.sequence(
            [DERTag.integer, 1, 1], algorithm, issuer, time, time,
            entries.isEmpty ? [] : DERWriter.sequence(entries.flatMap(\.self)))
        return DERWriter.sequence(signed, algorithm, [DERTag.bitString, 2, 0, 0])
    }

    static func entry(serial: Int, _ extensions: [UInt8]...) -> [UInt8] {
        var bytes = withUnsafeBytes(of: UInt64(serial).bigEndian) { Array($0) }
        bytes = Array(bytes.drop { $0 == 0 })
        if bytes.first.map({ $0 >= 0x80 }) ?? true { bytes.insert(0, at: 0) }
        return entry(bytes, extensions)
    }

    static func entry(_ serial: [UInt8], _ extensions: [[UInt8]]) -> [UInt8] {
        DERWriter.sequence(
            DERWriter.value(DERTag.integer, serial), time,
            extensions.isEmpty ? [] : DERWriter.sequence(extensions.flatMap(\.self)))
    }

    private static let time = DERWriter.value(DERTag.utcTime, Array("260101000000Z".utf8))

    private static func reason(_ reason: RevocationReason) -> [UInt8] {
        DERWriter.sequence(ObjectID(2, 5, 29, 21).der, DERWriter.octets([0x0A, 1, UInt8(reason.rawValue)]))
    }

    private static func issuer(_ name: CertificateName) -> [UInt8] {
        let names = DERWriter.sequence(DERWriter.value(DERTag.contextConstructed(4), name.der))
        return DERWriter.sequence(ObjectID(2, 5, 29, 29).der, [DERTag.boolean, 1, 0xFF], DERWriter.octets(names))
    }

    @Test(arguments: [0, 1, 2, 999, 5000]) func anEntryIsFoundWhereverItStands(_ place: Int) throws {
        let signer = try SamplePKI.certificate("yutai-signer")
        var entries = (1...5000).map { Self.entry(serial: $0 * 7919, Self.reason(.superseded)) }
        #expect(try RevocationList(der: Self.list(entries: entries)).entry(for: signer) == nil)
        entries.insert(Self.entry(signer.serialBytes, [Self.reason(.keyCompromise)]), at: place)
        let list = try RevocationList(der: Self.list(entries: entries))
        #expect(list.count == 5001)
        let found = try #require(list.entry(for: signer))
        #expect(found.reason == .keyCompromise)
        #expect(found.date == 1_767_225_600)
    }

    // RFC 5280 section 5.3.3: an entry that names no issuer has that of the entry before it.
    @Test func issuersHoldUntilAnotherIsNamed() throws {
        let signer = try SamplePKI.certificate("yutai-signer")
        let other = try SamplePKI.certificate("sm2-yutai-signer")
        func entry(_ reason: RevocationReason) -> [UInt8] { Self.entry(signer.serialBytes, [Self.reason(reason)]) }
        func naming(_ name: CertificateName) -> [UInt8] { Self.entry(serial: 5, Self.issuer(name)) }
        let ofOther = [naming(other.issuerName), entry(.superseded), entry(.unspecified)]
        let none = try RevocationList(der: Self.list(entries: ofOther))
        #expect(none.entry(for: signer) == nil)
        let both = try RevocationList(
            der: Self.list(entries: ofOther + [naming(signer.issuerName), entry(.keyCompromise)]))
        #expect(both.entry(for: signer)?.reason == .keyCompromise)
        let first = try RevocationList(der: Self.list(entries: [entry(.cACompromise)] + ofOther))
        #expect(first.entry(for: signer)?.reason == .cACompromise)
        #expect(first.unknownCritical.isEmpty)
    }

    @Test func whatIsMalformedInAnEntryIsSeenAtOnce() throws {
        let critical = DERWriter.sequence(ObjectID(1, 2, 3).der, [DERTag.boolean, 1, 0xFF], DERWriter.octets([5, 0]))
        let list = try RevocationList(
            der: Self.list(entries: [Self.entry(serial: 1), Self.entry(serial: 2, critical)]))
        #expect(list.unknownCritical == ["1.2.3"])
        for bad: [UInt8] in [
            DERWriter.sequence([]), DERWriter.sequence([DERTag.integer, 1, 1]), [DERTag.null, 0],
            DERWriter.sequence([DERTag.integer, 1, 1], [DERTag.utcTime, 1, 0x30]),
            Self.entry(serial: 3, [DERTag.null, 0]), Self.entry(serial: 3) + [0x30],
        ] {
            #expect(throws: MalformedStructure.self) {
                try RevocationList(der: Self.list(entries: [Self.entry(serial: 1), bad]))
            }
        }
    }
}
