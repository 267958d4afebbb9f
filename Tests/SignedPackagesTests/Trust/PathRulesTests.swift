import Findings
import Foundation
import Testing

@testable import SignedPackages

/// Paths made with `openssl`, each with one fault.
@Suite struct PathRulesTests {
    private let now = Int64(Date().timeIntervalSince1970) + 60

    private func check(
        _ signer: TestAuthority, _ others: [TestAuthority], roots: [TestAuthority]
    ) async -> TrustResult {
        let policy = VerificationPolicy(roots: roots.map(\.der), revocation: .off)
        return await checkTrust(
            signer: signer.certificate, others: others.map(\.certificate), policy: policy, signedAt: now, now: now)
    }

    // Root, CA and signer, where one of the two has other settings.
    private func check(
        ca: TestAuthority.Settings = .ca, signer: TestAuthority.Settings = .signer
    ) async throws -> TrustResult {
        let root = try TestAuthority.root()
        let authority = try root.issue("TEST CA", ca)
        return await check(try authority.issue("TEST signer", signer), [authority], roots: [root])
    }

    @Test func goodPath() async throws {
        let result = try await check()
        #expect(result.codes == [])
        #expect(result.checks[0].detail.hasPrefix("CN=TEST signer,O=TEST,C=CN ← CN=TEST CA,O=TEST,C=CN ← CN=TEST ROOT"))
    }

    @Test(arguments: [
        (["keyUsage=critical,keyCertSign"], "package.chain-invalid", "has no basicConstraints"),
        (["basicConstraints=critical,CA:FALSE"], "package.chain-invalid", "cA is false"),
        (["basicConstraints=critical,CA:TRUE", "keyUsage=cRLSign"], "package.key-usage", "without keyCertSign"),
        (["basicConstraints=critical,CA:TRUE", "1.2.3.4=critical,DER:0500"], "package.chain-invalid", "1.2.3.4"),
        (
            ["basicConstraints=CA:TRUE", "policyConstraints=critical,requireExplicitPolicy:0"], "package.chain-invalid",
            "2.5.29.36"
        ),
        (
            ["basicConstraints=CA:TRUE", "nameConstraints=critical,permitted;dirName:n", "[n]", "C=CN", "O=OTHER"],
            "package.chain-invalid", "outside of what the issuer's name constraints permit"
        ),
        (
            ["basicConstraints=CA:TRUE", "nameConstraints=critical,excluded;dirName:n", "[n]", "C=CN", "O=test"],
            "package.chain-invalid", "excluded by the issuer's name constraints"
        ),
    ]) func faultOfAnIssuer(_ extensions: [String], _ code: String, _ cause: String) async throws {
        var settings = TestAuthority.Settings.ca
        settings.extensions = extensions
        let result = try await check(ca: settings)
        #expect(result.codes == [code])
        #expect(result.detail(code).contains(cause), "\(result.detail(code))")
    }

    @Test(arguments: [
        (["keyUsage=keyEncipherment"], "package.key-usage"), (["keyUsage=digitalSignature"], ""),
        (["keyUsage=nonRepudiation"], ""), (["subjectKeyIdentifier=hash"], ""),
        (["extendedKeyUsage=serverAuth"], "package.key-usage"), (["extendedKeyUsage=serverAuth,emailProtection"], ""),
        (["extendedKeyUsage=critical,clientAuth"], ""), (["extendedKeyUsage=critical,1.2.156.1"], ""),
        (["1.2.3.4=critical,DER:0500"], "package.chain-invalid"), (["1.2.3.4=DER:0500"], ""),
    ]) func usageOfASigner(_ extensions: [String], _ code: String) async throws {
        var settings = TestAuthority.Settings.signer
        settings.extensions = extensions
        #expect(try await check(signer: settings).codes == (code.isEmpty ? [] : [code]))
    }

    @Test func tooManyIssuersForThePathLength() async throws {
        let root = try TestAuthority.root("ROOT", .ca.with("basicConstraints=critical,CA:TRUE,pathlen:1"))
        let first = try root.issue("CA 1", .ca)
        let second = try first.issue("CA 2", .ca)
        let good = await check(try first.issue("signer", .signer), [first], roots: [root])
        #expect(good.codes == [])
        let bad = await check(try second.issue("signer", .signer), [first, second], roots: [root])
        #expect(bad.codes == ["package.chain-invalid"])
        #expect(
            bad.detail("package.chain-invalid").contains(
                "allows 1 issuers below it (pathLenConstraint), the path has 2"))
    }

    @Test func pathLongerThanTheLimit() async throws {
        let root = try TestAuthority.root()
        var chain = [root]
        for number in 1...5 { chain.append(try chain[number - 1].issue("CA \(number)", .ca)) }
        let signer = try chain[5].issue("signer", .signer)
        var policy = VerificationPolicy(roots: [root.der], revocation: .off)
        for (length, codes) in [(7, []), (6, ["package.chain-invalid"])] as [(Int, Set<String>)] {
            policy.limits.pathLength = length
            let result = await checkTrust(
                signer: signer.certificate, others: chain.dropFirst().map(\.certificate), policy: policy, signedAt: nil,
                now: now)
            #expect(result.codes == codes)
        }
    }

    @Test func rootWithTheSameNameAndAnotherKey() async throws {
        let real = try TestAuthority.root()
        let identifier = hex(try #require(real.certificate.subjectKeyIdentifier))
        let forged = try TestAuthority.root(
            "TEST ROOT",
            .ca.with(
                "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign",
                "subjectKeyIdentifier=\(identifier)"))
        let signer = try forged.issue("signer", .signer.with("authorityKeyIdentifier=keyid"))
        let result = await check(signer, [], roots: [real])
        #expect(result.codes == ["package.chain-invalid"])
        #expect(result.detail("package.chain-invalid").contains("does not verify with the key of CN=TEST ROOT"))
        #expect(await check(signer, [], roots: [real, forged]).codes == [])
    }

    // A CA that changes its key keeps its name: what is missing is the new certificate, the old one is no flaw of the path.
    @Test func issuerWithANewKeyIsMissing() async throws {
        var otherKind = TestAuthority.Settings.ca
        otherKind.key = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        let (old, rsa, new) = (
            try TestAuthority.root(), try TestAuthority.root("TEST ROOT", otherKind), try TestAuthority.root()
        )
        let identified = TestAuthority.Settings.signer.with("authorityKeyIdentifier=keyid")
        let signer = try new.issue("signer", identified)
        let result = await check(signer, [], roots: [old])
        #expect(result.codes == ["package.certificate-missing"])
        let detail = result.detail("package.certificate-missing")
        #expect(detail.contains(hex(try #require(new.certificate.subjectKeyIdentifier))))
        #expect(detail.contains("CN=TEST ROOT,O=TEST,C=CN (SHA-256 \(old.certificate.fingerprint)) has another key"))
        #expect(await check(signer, [], roots: [rsa]).codes == ["package.certificate-missing"])
        #expect(await check(signer, [], roots: [old, new]).codes == [])
    }

    // Two roots certify each other; either alone must do, and the circle must end.
    @Test func crossSignedRoots() async throws {
        let (old, new) = (try TestAuthority.root("OLD"), try TestAuthority.root("NEW"))
        let newByOld = try old.issue("NEW", .ca, key: new.key)
        let oldByNew = try new.issue("OLD", .ca, key: old.key)
        let signer = try new.issue("signer", .signer)
        let others = [newByOld, oldByNew, new, old]
        #expect(await check(signer, others, roots: [old]).codes == [])
        #expect(await check(signer, others, roots: [new]).codes == [])
        #expect(await check(signer, others, roots: [try TestAuthority.root("THIRD")]).codes.count == 1)
    }

    // One of two issuing certificates has a fault; the other path is found.
    @Test func faultyPathIsPassedOverForAGoodOne() async throws {
        let root = try TestAuthority.root()
        let good = try root.issue("CA", .ca)
        let bad = try root.issue("CA", .ca.with("basicConstraints=critical,CA:FALSE"), key: good.key)
        let signer = try good.issue("signer", .signer)
        #expect(await check(signer, [bad, good], roots: [root]).codes == [])
        #expect(await check(signer, [good, bad], roots: [root]).codes == [])
        #expect(await check(signer, [bad], roots: [root]).codes == ["package.chain-invalid"])
    }

    @Test func weakKeysAndDigests() async throws {
        let root = try TestAuthority.root()
        var weak = TestAuthority.Settings.signer
        weak.key = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]
        #expect(await check(try root.issue("signer", weak), [], roots: [root]).codes == ["package.weak-algorithm"])
        var sha1 = TestAuthority.Settings.signer
        sha1.signing = ["-sha1"]
        #expect(await check(try root.issue("signer", sha1), [], roots: [root]).codes == ["package.weak-algorithm"])
        var weakCA = TestAuthority.Settings.ca
        weakCA.key = weak.key
        let authority = try root.issue("CA", weakCA)
        let below = await check(try authority.issue("signer", .signer), [authority], roots: [root])
        #expect(below.codes == ["package.weak-algorithm"])
    }

    @Test(arguments: [
        (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], ["-sha384", "-sigopt", "rsa_padding_mode:pss"]),
        (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"], ["-sha512"]),
        (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], ["-sha384"]),
        (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], ["-sha512"]),
        // swift-certificates knows no SHA-256 under P-384; our own rules decide alone or agree.
        (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], ["-sha256"]),
        (["-algorithm", "ED25519"], []),
    ]) func algorithmsOfIssuers(_ key: [String], _ signing: [String]) async throws {
        var settings = TestAuthority.Settings.ca
        (settings.key, settings.signing) = (key, signing)
        let root = try TestAuthority.root("ROOT", settings)
        let authority = try root.issue("CA", settings)
        var leaf = TestAuthority.Settings.signer
        leaf.signing = signing
        let result = await check(try authority.issue("signer", leaf), [authority], roots: [root])
        #expect(result.codes == [], "\(result.checks.map(\.detail))")
    }

    // What OpenSSL 3 makes when it is not told the user id.
    @Test func sm2CertificateWithAnEmptyUserID() async throws {
        var settings = TestAuthority.Settings.ca
        (settings.key, settings.signing) = (["-algorithm", "SM2"], ["-sm3"])
        let root = try TestAuthority.root("ROOT", settings)
        var leaf = TestAuthority.Settings.signer
        (leaf.key, leaf.signing) = (settings.key, settings.signing)
        let result = await check(try root.issue("signer", leaf), [], roots: [root])
        #expect(result.codes == ["package.sm2-user-id"])
    }

    // A P-256 root over an SM2 issuer: only our own rules can judge the path.
    @Test func mixedPath() async throws {
        let root = try TestAuthority.root()
        var sm2 = TestAuthority.Settings.ca
        sm2.key = ["-algorithm", "SM2"]
        let authority = try root.issue("SM2 CA", sm2)
        var leaf = TestAuthority.Settings.signer
        leaf.signing = ["-sm3", "-sigopt", "distid:1234567812345678"]
        let signer = try authority.issue("signer", leaf)
        #expect(await check(signer, [authority], roots: [root]).codes == [])
        #expect(await check(signer, [], roots: [root]).codes == ["package.certificate-missing"])
    }

    @Test func libraryIsAskedAndObjects() async throws {
        let root = try TestAuthority.root()
        let bad = try root.issue("CA", .ca.with("basicConstraints=critical,CA:FALSE"))
        let signer = try bad.issue("signer", .signer)
        let good = try root.issue("CA", .ca, key: bad.key)
        let path = CertificatePath(certificates: [signer, bad, root].map(\.certificate))
        #expect(await LibraryVerifier.objection(to: path)?.contains("not marked as a CA") == true)
        let mended = CertificatePath(certificates: [signer, good, root].map(\.certificate))
        #expect(await LibraryVerifier.objection(to: mended) == nil)
    }
}
