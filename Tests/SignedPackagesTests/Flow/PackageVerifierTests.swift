import Findings
import Testing

@testable import SignedPackages

@Suite struct PackageVerifierTests {
    @Test(arguments: ["yutai-signer", "yutai-rsa-signer", "sm2-yutai-signer"], [CMSProfile.cms, .gbt35275])
    func everyKindOfPackageIsVerified(signer: String, profile: CMSProfile) async throws {
        guard profile == .cms || signer.hasPrefix("sm2") else { return }
        let creator = try FlowSamples.creator(signer, profile: profile)
        let attached = try await FlowSamples.verify(FlowSamples.attached(creator), "a.xml.p7m")
        let detached = try await FlowSamples.verify(
            creator.detached(BytesInput(FlowSamples.xml)), "a.xml.p7s", content: FlowSamples.xml)
        let extended = try await FlowSamples.verify(FlowSamples.asicE(creator), "a.asice")
        let simple = try await FlowSamples.verify(FlowSamples.asicS(creator), "a.asics")
        let results: [(VerificationResult, PackageKind, [String: [UInt8]])] = [
            (attached, .cmsAttached, ["a.xml": FlowSamples.xml]),
            (detached, .cmsDetached, ["a.xml": FlowSamples.xml]),
            (extended, .asicE, ["cases.xml": FlowSamples.xml, "名册.csv": FlowSamples.csv]),
            (simple, .asicS, ["cases.xml": FlowSamples.xml]),
        ]
        for (result, kind, contents) in results {
            let package = try result.package()
            #expect(package.verdict.kind == kind)
            #expect(try package.contents() == contents)
            #expect(package.isSigned)
            #expect(package.verdict.findings.isEmpty)
            #expect(package.verdict.signatures.map(\.profile) == [profile])
            #expect(Set(package.verdict.signatures[0].covers) == Set(contents.keys))
            #expect(package.verdict.signatures[0].evidence.chain.count == 3)
            #expect(package.verdict.signatures[0].signer?.organisationCode == "12370827MB0000000C")
        }
    }

    @Test func checksComeInTheirOrder() async throws {
        let package = try await FlowSamples.verify(
            FlowSamples.asicE(FlowSamples.creator("yutai-signer")), "a.asice"
        ).package()
        #expect(
            package.verdict.checks.map(\.check) == [
                .entries, .structure, .manifest, .structure, .documentDigest, .documentDigest,
            ])
        let checks = package.verdict.signatures[0].checks.map(\.check)
        for needed: CheckName in [
            .certificate, .algorithms, .messageDigest, .contentType, .signingCertificate, .signatureValue, .signingTime,
            .chain, .validity, .keyUsage, .revocation, .binding,
        ] {
            #expect(checks.contains(needed), "\(needed)")
        }
    }

    @Test func aBundleIsHandedOnAndNeverTrusted() async throws {
        let certificates = try ["yutai-signer", "sm2-yutai-signer", "test-ca"].map(SamplePKI.der)
        let bundle = PackageCreator.bundle(certificates)
        let package = try await FlowSamples.verify(bundle, "new.p7b").package()
        #expect(package.verdict.kind == .certificates)
        #expect(!package.isSigned)
        #expect(package.verdict.findings.map(\.code) == ["package.not-signed"])
        #expect(package.verdict.findings.map(\.severity) == [.warning])
        let listing = try package.certificates(in: package.documents[0])
        #expect(Set(listing.certificates.map(\.content)) == Set(certificates))
        #expect(listing.faults.isEmpty)
    }

    @Test func certificateDocumentsAreListed() async throws {
        let der = try SamplePKI.der("yutai-signer")
        let documents = [
            PackageSourceDocument(name: "a.cer", mediaType: "", content: BytesInput(der)),
            PackageSourceDocument(
                name: "b.pem", mediaType: "", content: BytesInput(try SamplePKI.bytes("certs/sm2-yutai-signer.crt"))),
            PackageSourceDocument(name: "c.p7b", mediaType: "", content: BytesInput(PackageCreator.bundle([der]))),
            PackageSourceDocument(name: "d.crt", mediaType: "", content: BytesInput(FlowSamples.xml)),
        ]
        let package = try await FlowSamples.verify(
            FlowSamples.asicE(FlowSamples.creator("yutai-signer"), documents), "a.asice"
        ).package()
        let listings = try package.documents.map { try package.certificates(in: $0) }
        let certificate = try #require(listings[0].certificates.first)
        #expect(package.documents.allSatisfy(CertificateDocuments.holdsCertificates))
        #expect(certificate.content == der)
        #expect(certificate.keyUsage.contains("digitalSignature"))
        #expect(certificate.keyAlgorithm == "P-256")
        #expect(certificate.organisationCode == "12370827MB0000000C")
        #expect(certificate.validFrom == "2020-01-01T00:00:00Z")
        #expect(listings[1].certificates.map(\.keyAlgorithm) == ["SM2"])
        #expect(listings[2].certificates == [certificate])
        #expect(listings[3].certificates.isEmpty)
        #expect(listings[3].faults.map(\.kind) == [.packageMalformed])
    }

    @Test func whatIsNoPackageIsUnsigned() async throws {
        #expect(try await FlowSamples.verify(FlowSamples.csv, "a.csv").codes == ["unsigned"])
        #expect(try await FlowSamples.verify([], "a.csv").codes == ["unsigned"])
    }

    @Test func whatOnlySaysItIsAPackageIsRefused() async throws {
        #expect(try await FlowSamples.verify(FlowSamples.csv, "a.p7m").codes == ["package.malformed"])
        #expect(try await FlowSamples.verify(FlowSamples.csv, "a.asice").codes == ["package.truncated"])
    }

    @Test func aDetachedSignatureNeedsItsDocument() async throws {
        let signature = try FlowSamples.creator("yutai-signer").detached(BytesInput(FlowSamples.xml))
        #expect(
            try await FlowSamples.verify(signature, "a.xml.p7s").codes == ["package.detached-content-missing"])
        let other = try await FlowSamples.verify(signature, "a.xml.p7s", content: FlowSamples.csv)
        #expect(other.codes == ["package.document-digest"])
    }

    @Test func aDocumentBesideASignatureWithItsOwnIsNotGuessedAt() async throws {
        let attached = try FlowSamples.attached(FlowSamples.creator("yutai-signer"))
        let result = try await FlowSamples.verify(attached, "a.xml.p7s", content: FlowSamples.xml)
        #expect(result.codes == ["package.malformed"])
    }

    @Test func signersCountAsThePolicySays() async throws {
        let both = try FlowSamples.attached(FlowSamples.creator("yutai-signer", "other-signer"))
        let ours = try FlowSamples.policy { $0.binding.organisationCodes = ["12370827MB0000000C"] }
        #expect(try await FlowSamples.verify(both, "a.p7m", policy: ours).codes == ["package.wrong-signer"])
        var one = ours
        one.required = .atLeast(1)
        let package = try await FlowSamples.verify(both, "a.p7m", policy: one).package()
        #expect(package.verdict.findings.map(\.code) == ["package.wrong-signer"])
        #expect(package.verdict.findings.map(\.severity) == [.warning])
        var two = ours
        two.required = .atLeast(2)
        #expect(
            try await FlowSamples.verify(both, "a.p7m", policy: two).codes == [
                "package.wrong-signer", "package.required-signatures",
            ])
    }

    @Test func oneSignerWhoSignsTwiceIsOneSigner() async throws {
        let twice = try FlowSamples.attached(FlowSamples.creator("yutai-signer", "yutai-signer"))
        let policy = try FlowSamples.policy { $0.required = .atLeast(2) }
        #expect(
            try await FlowSamples.verify(twice, "a.p7m", policy: policy).codes == ["package.required-signatures"])
    }

    @Test func whatCouldBeEnoughWithMoreKnowledgeIsIndeterminate() async throws {
        let package = try FlowSamples.attached(FlowSamples.creator("yutai-signer"))
        let policy = try FlowSamples.policy {
            $0.required = .atLeast(1)
            $0.crls = []
        }
        let result = try await FlowSamples.verify(package, "a.p7m", policy: policy)
        #expect(result.verdict?.outcome == .indeterminate)
        #expect(result.codes == ["package.revocation-unknown", "package.required-signatures"])
    }

    @Test(arguments: [
        (-60, SigningTimeRule(), "verified"), (299, SigningTimeRule(), "verified"),
        (301, SigningTimeRule(), "package.signing-time"),
        (301, SigningTimeRule(outside: .finding), "verified"),
        (-3601, SigningTimeRule(maximumAge: 3600), "package.signing-time"),
        (-3600, SigningTimeRule(maximumAge: 3600), "verified"),
        (-3601, SigningTimeRule(maximumAge: 3600, outside: .finding), "verified"),
    ])
    func theSigningTimeMustLieInTheWindow(offset: Int64, rule: SigningTimeRule, code: String) async throws {
        let creator = try FlowSamples.creator("yutai-signer", signedAt: FlowSamples.now + offset)
        let policy = try FlowSamples.policy { $0.signingTime = rule }
        let result = try await FlowSamples.verify(FlowSamples.attached(creator), "a.p7m", policy: policy)
        #expect(result.codes == [code])
        if rule.outside == .finding {
            #expect(result.verdict?.findings.map(\.code) == ["package.signing-time"])
        }
    }

    @Test func failuresOfTheInputAreThrown() async throws {
        struct Broken: Error {}
        struct Failing: PackageInput {
            let bytes: [UInt8]
            var size: Int64 { Int64(bytes.count) }
            func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
                guard offset + Int64(count) <= 600 else { throw Broken() }
                try BytesInput(bytes).read(at: offset, count: count, into: &buffer)
            }
        }
        let creator = try FlowSamples.creator("yutai-signer")
        for (bytes, name) in [
            (try FlowSamples.attached(creator), "a.p7m"), (try FlowSamples.asicE(creator), "a.asice"),
        ] {
            let verifier = PackageVerifier(policy: try FlowSamples.policy(), now: FlowSamples.now)
            await #expect(throws: Broken.self) { try await verifier.verify(Failing(bytes: bytes), name: name) }
        }
    }
}
