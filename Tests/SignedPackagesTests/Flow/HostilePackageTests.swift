import Testing

@testable import SignedPackages

/// Packages that somebody put together to be believed, or to keep the gateway busy.
@Suite struct HostilePackageTests {
    // RFC 5652 section 5.4: the signature over attributes is made over their encoding alone, so a message without
    // attributes that has that encoding as its content has a signature that fits.
    @Test(arguments: [("yutai-signer", CMSProfile.cms), ("yutai-rsa-signer", .cms), ("sm2-yutai-signer", .gbt35275)])
    func theAttributesOfOneMessageAreNoDocumentOfAnother(_ signer: String, _ profile: CMSProfile) async throws {
        let creator = try FlowSamples.creator(signer, profile: profile)
        let honest = try FlowSamples.attached(creator)
        #expect(try await FlowSamples.verify(honest, "a.p7m").codes == ["verified"])
        let forged = try Self.withAttributesAsContent(honest)
        let message = try SignedMessageReader.read(BytesInput(forged))
        #expect(message.content != nil && message.signers[0].signedAttributes == nil)
        #expect(try await FlowSamples.verify(forged, "a.p7m").codes == ["package.attribute-invalid"])
    }

    @Test func theShapeOfAttributesIsThatAndNothingElse() throws {
        let type = CMSObjectIDs.messageDigest.der
        let attribute = DERWriter.sequence(type, DERWriter.value(DERTag.set, DERWriter.octets([1, 2, 3])))
        let long = DERWriter.sequence(
            type, DERWriter.value(DERTag.set, DERWriter.octets([UInt8](repeating: 7, count: 70_000))))
        for fitting in [attribute, attribute + attribute, long + attribute] {
            #expect(Self.fits(DERWriter.value(DERTag.set, fitting)))
            #expect(!Self.fits(DERWriter.value(DERTag.set, fitting) + [0]))
            #expect(!Self.fits(DERWriter.value(DERTag.set, fitting).dropLast()))
            #expect(!Self.fits(DERWriter.sequence(fitting)))
        }
        for other in ["", "1", "10", "1,0", "1.0,2\n", "<a/>", "1" + String(repeating: "0", count: 50)] {
            #expect(!Self.fits(Array(other.utf8)), "\(other)")
        }
        #expect(!Self.fits(DERWriter.value(DERTag.set, [])))
    }

    // What the package and the policy bring is parsed once, however many have signed.
    @Test func manySignersDoNotMultiplyTheirLists() async throws {
        let honest = try FlowSamples.attached(try FlowSamples.creator("yutai-signer"))
        let list = try RevocationListTests.list(entries: (1...30_000).map { RevocationListTests.entry(serial: $0) })
        let policy = try FlowSamples.policy { $0.crls.append(list) }
        let clock = ContinuousClock()
        var codes: [Set<String>] = []
        let one = try await clock.measure {
            codes.append(try await FlowSamples.verify(honest, "a.p7m", policy: policy).codes)
        }
        let crowd = try Self.repeatingSigner(of: honest, 32)
        let many = try await clock.measure {
            codes.append(try await FlowSamples.verify(crowd, "a.p7m", policy: policy).codes)
        }
        #expect(codes[0] == codes[1])
        #expect(many < one * 10, "\(one) for one signer, \(many) for 32")
    }

    @Test func theEffortOfAllSearchesIsBounded() {
        let effort = SearchEffort()
        #expect((0..<SearchEffort.maximumSteps).allSatisfy { _ in effort.takeStep() })
        #expect(!effort.takeStep())
    }

    // What was not looked at might have said something.
    @Test func nothingPassesOnceTheEffortIsSpent() async throws {
        let signer = try SamplePKI.certificate("yutai-signer")
        let others = [try SamplePKI.certificate("test-ca")]
        let known = PolicyMaterial(try SamplePKI.policy())
        let effort = SearchEffort()
        func check() async -> Set<String> {
            await checkTrust(
                signer: signer, others: others, known: known, signedAt: nil, now: SamplePKI.now, effort: effort
            ).codes
        }
        #expect(await check() == [])
        for number in 0..<SearchEffort.maximumSignatureChecks {
            _ = effort.signature("\(number)", by: signer) { _ in .invalid }
        }
        #expect(effort.isExhausted)
        #expect(await check() == ["package.chain-invalid"])
    }
}

extension HostilePackageTests {
    private static func fits(_ bytes: [UInt8]) -> Bool {
        // In pieces, as a document arrives.
        var shape = AttributesShape()
        for start in stride(from: 0, to: bytes.count, by: 5) {
            let piece = Array(bytes[start..<min(start + 5, bytes.count)])
            shape.update(piece.span)
        }
        return shape.fits
    }

    // The members of a SignedData, each as it is encoded.
    private static func members(_ package: [UInt8]) throws -> (types: [[UInt8]], members: [DERElement]) {
        var info = try DERElement(package[...]).children
        let type = try info.next(DERTag.objectIdentifier, "type")
        var wrapper = try info.next(DERTag.contextConstructed(0), "wrapper").children
        var data = try wrapper.next(DERTag.sequence, "SignedData").children
        var members: [DERElement] = []
        while let member = try data.next() { members.append(member) }
        var content = members[2].children
        return ([Array(type.encoded), Array(try content.next(DERTag.objectIdentifier, "type").encoded)], members)
    }

    private static func package(_ type: [UInt8], _ members: [[UInt8]]) -> [UInt8] {
        let data = DERWriter.sequence(members.flatMap(\.self))
        return DERWriter.sequence(type, DERWriter.value(DERTag.contextConstructed(0), data))
    }

    private static func withAttributesAsContent(_ package: [UInt8]) throws -> [UInt8] {
        let (types, members) = try members(package)
        var signers = members[members.count - 1].children
        var fields = try signers.next(DERTag.sequence, "signer").children
        var kept: [[UInt8]] = []
        var attributes: [UInt8] = []
        while let field = try fields.next() {
            if field.tag == DERTag.contextConstructed(0) {
                attributes = DERWriter.value(DERTag.set, Array(field.content))
            } else {
                kept.append(Array(field.encoded))
            }
        }
        let content = DERWriter.value(DERTag.contextConstructed(0), DERWriter.octets(attributes))
        var encoded = members.map { Array($0.encoded) }
        encoded[2] = DERWriter.sequence(types[1], content)
        encoded[encoded.count - 1] = DERWriter.value(DERTag.set, DERWriter.sequence(kept.flatMap(\.self)))
        return Self.package(types[0], encoded)
    }

    private static func repeatingSigner(of package: [UInt8], _ count: Int) throws -> [UInt8] {
        let (types, members) = try members(package)
        var encoded = members.map { Array($0.encoded) }
        let signer = Array(members[members.count - 1].content)
        encoded[encoded.count - 1] = DERWriter.value(DERTag.set, (0..<count).flatMap { _ in signer })
        return Self.package(types[0], encoded)
    }
}
