import Testing

@testable import SignedPackages

/// Whatever the bytes are, there is a finding or a verdict, never a crash, and nothing changed is ever good.
@Suite struct MalformedMessageTests {
    static let content = Array("a small document\n".utf8)
    static let attached = Result { try CreatingInteropTests.attached(try creator(), content) }
    static let detached = Result { try creator().detached(BytesInput(content)) }
    static let inPieces = Result {
        let sample = OpenSSLInteropTests.Case(
            name: "", signers: [TestSigner.p256], options: ["-nodetach", "-stream", "-outform", "DER"], algorithm: "")
        return try OpenSSLInteropTests.sign(sample, content)
    }
    static let all: [Result<[UInt8], any Error>] = [attached, detached, inPieces]

    static func creator() throws -> PackageCreator {
        PackageCreator(
            signers: [try CreatingInteropTests.signer(try TestSigner.p256.get())], signedAt: CreatingInteropTests.now,
            cades: true)
    }

    @Test(arguments: 0..<3) func cutOffAtEveryByte(index: Int) throws {
        let package = try Self.all[index].get()
        for count in 0..<package.count {
            let code = fault(Array(package.prefix(count)))
            #expect(code == "package.truncated" || code == "package.malformed", "\(count) bytes: \(code ?? "accepted")")
            if count > 30, index != 2 { #expect(code == "package.truncated", "\(count) bytes") }
        }
    }

    @Test(arguments: 0..<3) func moreBytesBehindTheEnd(index: Int) throws {
        let package = try Self.all[index].get()
        for more in [[0], [0, 0], [0x30, 0x00], [0x0A]] as [[UInt8]] {
            #expect(fault(package + more) == "package.malformed")
        }
    }

    /// Every change of one byte either is refused, or changed nothing that is signed or read.
    @Test(arguments: 0..<3, [UInt8(0x01), 0x80, 0xFF]) func everyByteTurnedOver(index: Int, mask: UInt8) throws {
        let package = try Self.all[index].get()
        let original = try #require(try verify(package, content: Self.content).first)
        var accepted: [Int] = []
        for place in package.indices {
            var changed = package
            changed[place] ^= mask
            guard let reports = try? verify(changed, content: Self.content), let report = reports.first else {
                continue
            }
            guard report.isGood else { continue }
            accepted.append(place)
            // Content, attributes and signer are those that were signed.
            #expect(report.signedAt == original.signedAt, "byte \(place)")
            #expect(Self.isContentUnchanged(changed), "byte \(place)")
        }
        // What nothing vouches for: versions, and what a certificate says besides its key (its issuer signed that).
        let certificate = try TestSigner.p256.get().der
        let start = try #require(OpenSSLInteropTests.find(certificate, in: package))
        let outside = accepted.filter { !(start..<(start + certificate.count)).contains($0) }
        #expect(outside.count <= 6, "\(outside.map { "\($0): 0x\(hex(package[$0]))" })")
    }

    private static func isContentUnchanged(_ package: [UInt8]) -> Bool {
        guard let message = try? SignedMessageReader.read(BytesInput(package)), message.content != nil else {
            return true
        }
        var bytes: [UInt8] = []
        try? message.streamContent(from: BytesInput(package)) { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        return bytes == content
    }

    static let signedData = ChineseMessage.object("1.2.840.113549.1.7.2")
    static let data = ChineseMessage.object("1.2.840.113549.1.7.1")

    static func message(_ parts: [UInt8]...) -> [UInt8] {
        tlv(0x30, signedData + tlv(0xA0, tlv(0x30, Array(parts.joined()))))
    }

    static let table: [(name: String, bytes: [UInt8], code: String)] = [
        ("nothing", [], "package.truncated"),
        ("one byte", [0x30], "package.truncated"),
        ("text", Array("hello".utf8), "package.malformed"),
        ("a ZIP file", [0x50, 0x4B, 3, 4, 0, 0], "package.malformed"),
        ("a length of 2^63", [0x30, 0x88, 0x80, 0, 0, 0, 0, 0, 0, 0], "package.truncated"),
        ("a length of 2^64 - 1", [0x30, 0x88] + [UInt8](repeating: 0xFF, count: 8), "package.truncated"),
        ("a length of nine octets", [0x30, 0x89] + [UInt8](repeating: 1, count: 9), "package.malformed"),
        ("a length of 127 octets", [0x30, 0xFF] + [UInt8](repeating: 1, count: 127), "package.malformed"),
        ("a tag number above 30", [0x3F, 0x81, 0x01, 0x00], "package.malformed"),
        ("an empty SEQUENCE", [0x30, 0x00], "package.malformed"),
        ("only end-of-contents octets", [0x30, 0x80, 0x00, 0x00], "package.malformed"),
        ("another type", tlv(0x30, data + tlv(0xA0, tlv(4, [1]))), "package.not-signed"),
        ("a certificate", tlv(0x30, tlv(0x30, [])), "package.malformed"),
        ("SignedData without anything", message(), "package.malformed"),
        ("a negative version", message([2, 1, 0xFF], tlv(0x31, [])), "package.malformed"),
        ("version 2", message([2, 1, 2], tlv(0x31, [])), "package.malformed"),
        ("no content type", message([2, 1, 1], tlv(0x31, []), tlv(0x30, [])), "package.malformed"),
        ("no signers", message([2, 1, 1], tlv(0x31, []), tlv(0x30, data)), "package.malformed"),
        (
            "signers twice", message([2, 1, 1], tlv(0x31, []), tlv(0x30, data), tlv(0x31, []), tlv(0x31, [])),
            "package.malformed"
        ),
        (
            "revocation lists before certificates",
            message([2, 1, 1], tlv(0x31, []), tlv(0x30, data), tlv(0xA1, []), tlv(0xA0, []), tlv(0x31, [])),
            "package.malformed"
        ),
        (
            "content that is no OCTET STRING",
            message([2, 1, 1], tlv(0x31, []), tlv(0x30, data + tlv(0xA0, tlv(0x30, []))), tlv(0x31, [])),
            "package.malformed"
        ),
        (
            "two contents",
            message([2, 1, 1], tlv(0x31, []), tlv(0x30, data + tlv(0xA0, tlv(4, [1]) + tlv(4, [2]))), tlv(0x31, [])),
            "package.malformed"
        ),
        (
            "content larger than what holds it",
            message([2, 1, 1], tlv(0x31, []), tlv(0x30, data + [0xA0, 0x03, 0x04, 0x05, 0x01]), tlv(0x31, [])),
            "package.malformed"
        ),
        (
            "a signer that is empty", message([2, 1, 1], tlv(0x31, []), tlv(0x30, data), tlv(0x31, tlv(0x30, []))),
            "package.malformed"
        ),
        (
            "a signer that is a number", message([2, 1, 1], tlv(0x31, []), tlv(0x30, data), tlv(0x31, [2, 1, 1])),
            "package.malformed"
        ),
        (
            "33 signers", message([2, 1, 1], tlv(0x31, []), tlv(0x30, data), tlv(0x31, signers(33))), "package.limit"
        ),
        (
            "65 certificates",
            message(
                [2, 1, 1], tlv(0x31, []), tlv(0x30, data),
                tlv(0xA0, [UInt8](repeatElement([0x30, 0], count: 65).joined())),
                tlv(0x31, [])), "package.limit"
        ),
        (
            "a certificate of 70,000 bytes",
            message(
                [2, 1, 1], tlv(0x31, []), tlv(0x30, data),
                tlv(0xA0, tlv(0x30, tlv(4, [UInt8](repeating: 0, count: 70_000)))), tlv(0x31, [])), "package.limit"
        ),
        ("10,000 levels", [UInt8](repeatElement([0x30, 0x80], count: 10_000).joined()), "package.limit"),
        ("10,000 levels among the signers", deep(0x30), "package.limit"),
        ("10,000 levels of content", deep(0x24), "package.limit"),
    ]

    static func signers(_ count: Int) -> [UInt8] {
        let algorithm = tlv(0x30, ChineseMessage.object("2.16.840.1.101.3.4.2.1"))
        let signer = tlv(0x30, [2, 1, 1] + tlv(0x30, tlv(0x30, []) + [2, 1, 1]) + algorithm + algorithm + tlv(4, [1]))
        return [UInt8](repeatElement(signer, count: count).joined())
    }

    static func deep(_ tag: UInt8) -> [UInt8] {
        let levels = [UInt8](repeatElement([tag, 0x80], count: 10_000).joined())
        let start: [UInt8] = [0x30, 0x80] + signedData + [0xA0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80] + data
        return tag == 0x24 ? start + [0xA0, 0x80] + levels : start + [0, 0, 0x31, 0x80] + levels
    }

    @Test(arguments: table.indices) func malformedMessageIsAFinding(index: Int) {
        let (name, bytes, code) = Self.table[index]
        let found = fault(bytes)
        #expect(found == code, "\(name)")
    }

    @Test func contentOverItsLimit() throws {
        var limits = PackageLimits()
        limits.documentBytes = 16
        #expect(fault(try Self.attached.get(), limits: limits) == "package.limit")
        #expect(fault(try Self.inPieces.get(), limits: limits) == "package.limit")
    }

    @Test func signaturesOverTheirLimit() throws {
        var limits = PackageLimits()
        limits.signatureBytes = 400
        #expect(fault(try Self.attached.get(), limits: limits) == "package.limit")
    }

    /// A megabyte of content in pieces of one byte is fine; of no byte is not.
    @Test func contentInManyPieces() throws {
        func package(_ piece: [UInt8], _ count: Int) -> [UInt8] {
            [0x30, 0x80] + Self.signedData + [0xA0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80] + Self.data
                + [0xA0, 0x80, 0x24, 0x80] + [UInt8](repeatElement(piece, count: count).joined())
                + [0, 0, 0, 0, 0, 0, 0x31, 0, 0, 0, 0, 0, 0, 0]
        }
        var limits = PackageLimits()
        limits.signatureBytes = 100_000
        #expect(fault(package([4, 0], 200_000), limits: limits) == "package.limit")
        #expect(fault(package([4, 1, 0x41], 40_000), limits: limits) == nil)
        let nested = package([0x24, 0x80, 4, 1, 0x41, 0, 0], 1000)
        let message = try SignedMessageReader.read(BytesInput(nested))
        #expect(message.content?.size == 1000)
    }

    /// Random damage of many bytes: a seed, so that a failure can be repeated.
    @Test func randomDamageNeverCrashes() throws {
        var generator = SeededDamage(seed: 20_261_121)
        for package in try Self.all.map({ try $0.get() }) {
            for _ in 0..<400 {
                var changed = package
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    let place = Int.random(in: changed.indices, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: changed[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: changed.remove(at: place)
                    default: changed.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                    }
                }
                _ = try? verify(changed, content: Self.content)
            }
        }
    }
}

/// A generator that gives the same numbers for the same seed.
struct SeededDamage: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
