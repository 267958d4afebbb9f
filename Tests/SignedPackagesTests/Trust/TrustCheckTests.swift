import Findings
import Testing

@testable import SignedPackages

/// Signers of the test PKI against the policy of a source.
@Suite struct TrustCheckTests {
    @Test(
        arguments: [
            ("yutai-signer", []),
            ("yutai-signer-next", []),
            ("yutai-rsa-signer", []),
            ("sm2-yutai-signer", []),
            ("future-signer", ["package.certificate-not-yet-valid"]),
            ("revoked-signer", ["package.certificate-revoked"]),
            ("sm2-revoked-signer", ["package.certificate-revoked"]),
            // Lists that were made after a certificate expired need not name it any more.
            ("expired-signer", ["package.certificate-expired", "package.revocation-unknown"]),
            ("unknown-signer", ["package.certificate-missing"]),
            ("test-ocsp", ["package.key-usage"]),
            ("test-ca", ["package.key-usage"]),
        ] as [(String, Set<String>)]) func signerIsJudged(_ signer: String, _ codes: Set<String>) async throws
    {
        let result = try await SamplePKI.check(signer, try SamplePKI.policy())
        #expect(result.codes == codes, "\(result.checks.map(\.detail))")
    }

    @Test func everyCheckIsReportedOnce() async throws {
        let result = try await SamplePKI.check("yutai-signer", try SamplePKI.policy())
        #expect(result.checks.map(\.check) == [.chain, .validity, .keyUsage, .revocation, .revocation, .binding])
        #expect(
            result.chain == [
                try SamplePKI.der("yutai-signer"), try SamplePKI.der("test-ca"), try SamplePKI.der("test-root"),
            ])
        #expect(Set(result.crls) == [try SamplePKI.list("test-ca"), try SamplePKI.list("test-root")])
    }

    @Test func untrustedRootInThePackageIsAnUnknownRoot() async throws {
        let result = try await SamplePKI.check("unknown-signer", with: ["unknown-root"], try SamplePKI.policy())
        #expect(result.codes == ["package.unknown-root"])
        #expect(result.detail("package.unknown-root").contains(try SamplePKI.certificate("unknown-root").fingerprint))
    }

    @Test func rootsOfAnotherSourceAreNoRoots() async throws {
        let policy = try SamplePKI.policy(roots: ["sm2-root"])
        let result = try await SamplePKI.check("yutai-signer", with: ["test-ca", "test-root"], policy)
        #expect(result.codes == ["package.unknown-root"])
    }

    @Test func selfSignedSignerThatNobodyTrusts() async throws {
        let result = try await SamplePKI.check("unknown-root", with: [], try SamplePKI.policy())
        #expect(result.codes.contains("package.unknown-root"))
    }

    @Test(arguments: ["yutai-signer", "sm2-yutai-signer"]) func missingIntermediateIsNamed(_ signer: String)
        async throws
    {
        let result = try await SamplePKI.check(signer, with: [], try SamplePKI.policy())
        let issuer = signer.hasPrefix("sm2") ? "CN=TEST CA SM2" : "CN=TEST CA P-256"
        #expect(result.codes == ["package.certificate-missing"])
        #expect(result.detail("package.certificate-missing").contains("issuer not found: \(issuer)"))
    }

    @Test func intermediateOfThePolicyHelps() async throws {
        var policy = try SamplePKI.policy()
        policy.intermediates = [try SamplePKI.der("test-ca")]
        #expect(try await SamplePKI.check("yutai-signer", with: [], policy).codes == [])
    }

    @Test func signerThatIsItselfTrustedNeedsNoPath() async throws {
        let policy = try SamplePKI.policy(roots: ["yutai-signer"], lists: [])
        let result = try await SamplePKI.check("yutai-signer", with: [], policy)
        #expect(result.codes == [])
        #expect(result.chain == [try SamplePKI.der("yutai-signer")])
    }

    @Test func noRootsAtAll() async throws {
        let policy = try SamplePKI.policy(roots: [])
        let result = try await SamplePKI.check("yutai-signer", with: ["test-ca", "test-root"], policy)
        #expect(result.detail("package.unknown-root").contains("the source has no roots"))
    }

    // Both ends of a validity period belong to it.
    @Test(arguments: ["yutai-signer", "sm2-yutai-signer"], [ValidityRule.now, .atSigning, .both])
    func validityIsExactToTheSecond(_ signer: String, _ rule: ValidityRule) async throws {
        var policy = try SamplePKI.policy()
        policy.validity = rule
        policy.revocation = .off
        let certificate = try SamplePKI.certificate(signer)
        let early = "package.certificate-not-yet-valid"
        let late = "package.certificate-expired"
        for (time, code) in [
            (certificate.notBefore - 1, early), (certificate.notBefore, ""), (certificate.notAfter, ""),
            (certificate.notAfter + 1, late),
        ] {
            let codes: Set<String> = code.isEmpty ? [] : [code]
            let now = try await SamplePKI.check(signer, policy, signedAt: SamplePKI.now, now: time)
            #expect(now.codes == (rule == .atSigning ? [] : codes), "now \(time)")
            let signing = try await SamplePKI.check(signer, policy, signedAt: time)
            #expect(signing.codes == (rule == .now ? [] : codes), "signed at \(time)")
        }
    }

    @Test func expiredNowButValidWhenSigned() async throws {
        var policy = try SamplePKI.policy(lists: [])
        policy.revocation = .whereAvailable
        let signedAt: Int64 = 1_600_000_000
        policy.validity = .atSigning
        #expect(try await SamplePKI.check("expired-signer", policy, signedAt: signedAt).codes == [])
        // Where no time is claimed there is only now.
        #expect(try await SamplePKI.check("expired-signer", policy).codes == ["package.certificate-expired"])
        policy.validity = .both
        let both = try await SamplePKI.check("expired-signer", policy, signedAt: signedAt)
        #expect(both.codes == ["package.certificate-expired"])
        #expect(
            both.detail("package.certificate-expired")
                == "valid until 2024-01-01T00:00:00Z, expired now (2026-11-21T01:00:00Z)")
    }

    // A byte that differs anywhere in a certificate must never leave a path.
    @Test(arguments: ["yutai-signer", "sm2-yutai-signer"])
    func noByteOfACertificateCanBeChanged(_ signer: String) async throws {
        let der = try SamplePKI.der(signer)
        var policy = try SamplePKI.policy()
        policy.revocation = .off
        let known = PolicyMaterial(policy)
        let others = try ["test-ca", "sm2-ca"].map(SamplePKI.certificate)
        for index in der.indices {
            var changed = der
            changed[index] ^= 1 << UInt8(index % 8)
            guard let certificate = try? PackageCertificate(der: changed) else { continue }
            let result = await checkTrust(
                signer: certificate, others: others, known: known, signedAt: nil, now: SamplePKI.now)
            #expect(result.outcome(.chain) == .failed, "byte \(index)")
        }
    }

    // Search and signatures stay bounded when a package is full of certificates with one name.
    @Test func manyIssuersOfTheSameNameEndTheSearch() async throws {
        let ca = try SamplePKI.certificate("test-ca")
        let forgeries = try (0..<200).map { number in
            var der = ca.der
            der[der.count - 1] ^= UInt8(number % 255 + 1)
            // The key too, so that each is another issuer: the last byte of the point lies before the extensions.
            let key = try #require(der.firstRange(of: ca.keyBits))
            der[key.upperBound - 1 - number % 16] ^= UInt8(number + 1)
            return try PackageCertificate(der: der)
        }
        let result = await checkTrust(
            signer: try SamplePKI.certificate("yutai-signer"), others: forgeries, policy: try SamplePKI.policy(),
            signedAt: nil, now: SamplePKI.now)
        #expect(result.codes == ["package.chain-invalid"])
        let found = await checkTrust(
            signer: try SamplePKI.certificate("yutai-signer"), others: forgeries + [ca], policy: try SamplePKI.policy(),
            signedAt: nil, now: SamplePKI.now)
        #expect(found.codes == [])
    }
}
