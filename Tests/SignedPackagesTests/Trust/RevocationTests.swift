import Findings
import Foundation
import Testing

@testable import SignedPackages

/// Lists and OCSP responses made with `openssl`.
@Suite struct RevocationTests {
    private let now = Int64(Date().timeIntervalSince1970) + 60
    private let root: TestAuthority
    private let signer: TestAuthority

    init() throws {
        root = try TestAuthority.root()
        signer = try root.issue("TEST signer", .signer)
    }

    private func check(
        crls: [[UInt8]] = [], ocsp: [[UInt8]] = [], others: [TestAuthority] = [], rule: RevocationRule = .required,
        maximumAge: Int64? = nil, signedAt: Int64? = nil, now: Int64? = nil
    ) async -> TrustResult {
        let policy = VerificationPolicy(
            roots: [root.der], validity: .atSigning, revocation: rule, maximumCRLAge: maximumAge)
        return await checkTrust(
            signer: signer.certificate, others: others.map(\.certificate), policy: policy,
            signedAt: signedAt ?? self.now,
            now: now ?? self.now, crls: crls, ocspResponses: ocsp)
    }

    private func revocation(_ reason: String?, daysAgo: Int64 = 1) -> TestAuthority.Revocation {
        TestAuthority.Revocation(certificate: signer.certificate, date: now - daysAgo * 86_400, reason: reason)
    }

    private func list(_ revoked: [TestAuthority.Revocation] = [], extensions: [String] = []) throws -> [UInt8] {
        try root.list(revoked, thisUpdate: now - 3600, nextUpdate: now + 3600, extensions: extensions)
    }

    @Test(arguments: [
        (RevocationRule.required, CheckOutcome.indeterminate, "package.revocation-unknown"),
        (.whereAvailable, .passed, ""), (.off, .passed, ""),
    ]) func noListAtAll(_ rule: RevocationRule, _ outcome: CheckOutcome, _ code: String) async {
        let result = await check(rule: rule)
        #expect(result.outcome(.revocation) == outcome)
        #expect(result.codes == (code.isEmpty ? [] : [code]))
    }

    @Test func passedForWantOfAListSaysSo() async {
        let detail = await check(rule: .whereAvailable).checks.first { $0.check == .revocation }?.detail ?? ""
        #expect(detail.contains("not known, and not required: no revocation list of CN=TEST ROOT"))
    }

    // Fresh up to and including the second that nextUpdate names.
    @Test func freshnessIsExactToTheSecond() async throws {
        let list = try list()
        #expect(await check(crls: [list], now: now + 3600).codes == [])
        let late = await check(crls: [list], now: now + 3601)
        #expect(late.codes == ["package.crl-stale"])
        #expect(late.outcome(.revocation) == .failed)
        #expect(late.detail("package.crl-stale").contains("was to be renewed by \(CertificateTime.text(now + 3600))"))
        let lenient = await check(crls: [list], rule: .whereAvailable, now: now + 3601)
        #expect(lenient.outcome(.revocation) == .indeterminate)
        #expect(await check(crls: [list], rule: .off, now: now + 3601).codes == [])
    }

    @Test func maximumAgeIsExactToTheSecond() async throws {
        let list = try list()
        #expect(await check(crls: [list], maximumAge: 3600).codes == [])
        #expect(await check(crls: [list], maximumAge: 3599).codes == ["package.crl-stale"])
    }

    @Test func listFromTheFutureBlamesTheClock() async throws {
        let list = try root.list(thisUpdate: now + 7200, nextUpdate: now + 9000)
        let result = await check(crls: [list])
        #expect(result.codes == ["package.crl-invalid"])
        #expect(result.detail("package.crl-invalid").contains("is the clock right?"))
    }

    @Test func freshListBesideAStaleOne() async throws {
        let stale = try root.list(thisUpdate: now - 9000, nextUpdate: now - 7200)
        #expect(await check(crls: [stale]).codes == ["package.crl-stale"])
        #expect(await check(crls: [stale, try list()]).codes == [])
    }

    @Test(arguments: ["keyCompromise", "superseded", "cessationOfOperation", "CAkeyTime", ""])
    func revokedIsRefusedWhateverTheReason(_ reason: String) async throws {
        let word = reason.isEmpty ? nil : reason == "CAkeyTime" ? "CAkeyTime,20200101000000Z" : reason
        let list = try list([revocation(word)])
        for rule in [RevocationRule.required, .whereAvailable] {
            let result = await check(crls: [list], rule: rule)
            #expect(result.codes == ["package.certificate-revoked"])
            #expect(result.outcome == .failed)
        }
        #expect(await check(crls: [list], rule: .off).codes == [])
    }

    /// Of a delta list that builds on a newer list than there is, what it says of others is not known; what it says of this one is.
    @Test(arguments: [("superseded", "package.certificate-revoked"), ("removeFromCRL", ""), (nil, "")])
    func deltaThatCannotBeCombinedStillRevokes(_ reason: String?, _ code: String) async throws {
        let delta = try root.list(
            reason == nil ? [] : [revocation(reason)], number: "06", thisUpdate: now - 1800, nextUpdate: now + 3600,
            extensions: ["2.5.29.27=critical,DER:02:01:05"])
        #expect(await check(crls: [try list(), delta]).codes == (code.isEmpty ? [] : [code]))
    }

    @Test func revokedAfterTheClaimedSigningTimeIsRefusedToo() async throws {
        let list = try list([revocation("superseded")])
        let result = await check(crls: [list], signedAt: signer.certificate.notBefore)
        #expect(result.codes == ["package.certificate-revoked"])
        let earlier = await check(crls: [list], signedAt: now - 2 * 86_400)
        #expect(earlier.detail("package.certificate-revoked").contains("(superseded)"))
        #expect(earlier.detail("package.certificate-revoked").contains("is earlier, but proves nothing"))
    }

    @Test func listOfSomebodyElseIsNoList() async throws {
        let stranger = try TestAuthority.root("STRANGER")
        let list = try stranger.list(thisUpdate: now - 60, nextUpdate: now + 60)
        #expect(await check(crls: [list], others: [stranger]).codes == ["package.revocation-unknown"])
    }

    // The issuer's name, but not its key.
    @Test func forgedListIsInvalid() async throws {
        let forger = try TestAuthority.root()
        let list = try forger.list(thisUpdate: now - 60, nextUpdate: now + 60)
        for rule in [RevocationRule.required, .whereAvailable] {
            let result = await check(crls: [list], others: [forger], rule: rule)
            #expect(result.codes == ["package.crl-invalid"])
            #expect(result.outcome(.revocation) == .indeterminate)
        }
    }

    @Test func changedListIsInvalid() async throws {
        let list = try list([revocation(nil)])
        for index in stride(from: 4, to: list.count, by: 3) {
            var changed = list
            changed[index] ^= 0x01
            let result = await check(crls: [changed])
            #expect(result.outcome(.revocation) != .passed, "byte \(index)")
        }
    }

    @Test(arguments: [
        "1.2.3.4=critical,DER:0500", "issuingDistributionPoint=critical,@i\n[i]\nonlysomereasons=keyCompromise",
    ])
    func listThatIsNotForAllPurposes(_ lines: String) async throws {
        let list = try list(extensions: [lines])
        let code = lines.hasPrefix("1") ? "package.crl-invalid" : "package.revocation-unknown"
        #expect(await check(crls: [list]).codes == [code])
    }

    @Test func issuerThatMayNotSignLists() async throws {
        let authority = try root.issue("CA", .ca.with("basicConstraints=CA:TRUE", "keyUsage=keyCertSign"))
        let leaf = try authority.issue("signer", .signer)
        let lists = [try list(), try authority.list(thisUpdate: now - 60, nextUpdate: now + 60)]
        let policy = VerificationPolicy(roots: [root.der], crls: lists, validity: .now, revocation: .required)
        let result = await checkTrust(
            signer: leaf.certificate, others: [authority.certificate], policy: policy, signedAt: nil, now: now)
        #expect(result.codes == ["package.crl-invalid"])
        #expect(result.detail("package.crl-invalid").contains("without cRLSign"))
    }

    @Test func unreadableListIsNotOverlooked() async {
        for rule in [RevocationRule.required, .whereAvailable] {
            let result = await check(crls: [[0x30, 0x03, 0x02, 0x01, 0x00]], rule: rule)
            #expect(result.outcome(.revocation) == .indeterminate)
            #expect(result.codes == ["package.crl-invalid"])
        }
    }

    @Test func evidenceRepeatsTheVerdict() async throws {
        let crl = try list()
        let result = await check(crls: [
            crl, try TestAuthority.root("STRANGER").list(thisUpdate: now, nextUpdate: now + 9),
        ])
        #expect(result.crls == [crl])
        #expect(await check(crls: result.crls).checks == result.checks)
    }

    // MARK: OCSP

    @Test(arguments: [[], ["-resp_key_id"], ["-rmd", "sha384"]]) func goodResponseOfTheIssuer(_ options: [String])
        async throws
    {
        let response = try root.ocspResponse(about: signer, signedBy: root, options: options)
        let result = await check(ocsp: [response])
        #expect(result.codes == [], "\(result.checks.map(\.detail))")
        #expect(result.ocspResponses == [response])
        #expect(result.crls == [])
    }

    @Test func revokedResponseOutweighsAGoodList() async throws {
        let response = try root.ocspResponse(about: signer, revoked: [revocation("keyCompromise")], signedBy: root)
        let result = await check(crls: [try list()], ocsp: [response])
        #expect(result.codes == ["package.certificate-revoked"])
        #expect(result.detail("package.certificate-revoked").contains("keyCompromise"))
    }

    @Test func revokedListOutweighsAGoodResponse() async throws {
        let response = try root.ocspResponse(about: signer, signedBy: root)
        let result = await check(crls: [try list([revocation(nil)])], ocsp: [response])
        #expect(result.codes == ["package.certificate-revoked"])
    }

    @Test func unknownCertificateIsNotGood() async throws {
        let response = try root.ocspResponse(about: signer, known: false, signedBy: root)
        for rule in [RevocationRule.required, .whereAvailable] {
            let result = await check(ocsp: [response], rule: rule)
            #expect(result.codes == ["package.revocation-unknown"])
            #expect(result.outcome(.revocation) == .indeterminate)
        }
    }

    @Test(arguments: [
        (["extendedKeyUsage=OCSPSigning", "noCheck=ignored"], ""),
        (["extendedKeyUsage=OCSPSigning"], "package.crl-invalid"),
        (["extendedKeyUsage=emailProtection", "noCheck=ignored"], "package.crl-invalid"),
        (["extendedKeyUsage=OCSPSigning", "noCheck=ignored", "keyUsage=keyEncipherment"], "package.crl-invalid"),
        (["extendedKeyUsage=OCSPSigning", "noCheck=ignored", "1.2.3.4=critical,DER:0500"], "package.crl-invalid"),
    ]) func appointedResponder(_ extensions: [String], _ code: String) async throws {
        var settings = TestAuthority.Settings.signer
        settings.extensions = extensions
        let responder = try root.issue("TEST responder", settings)
        let response = try root.ocspResponse(about: signer, signedBy: responder)
        let result = await check(ocsp: [response])
        #expect(result.codes == (code.isEmpty ? [] : [code]), "\(result.checks.map(\.detail))")
    }

    @Test func responderThatAListCovers() async throws {
        let responder = try root.issue("TEST responder", .signer.with("extendedKeyUsage=OCSPSigning"))
        let response = try root.ocspResponse(about: signer, signedBy: responder)
        // The list leaves the signer to OCSP, as it is not the responder's business; it must cover the responder.
        let good = await check(crls: [try list()], ocsp: [response])
        #expect(good.codes == [])
        #expect(good.ocspResponses == [response])
        let revoked = TestAuthority.Revocation(certificate: responder.certificate, date: now - 60, reason: nil)
        let bad = await check(crls: [try list([revoked])], ocsp: [response])
        #expect(bad.ocspResponses == [])
    }

    @Test func responderOfAnotherIssuer() async throws {
        let stranger = try TestAuthority.root("STRANGER")
        let responder = try stranger.issue("R", .signer.with("extendedKeyUsage=OCSPSigning", "noCheck=ignored"))
        let response = try root.ocspResponse(about: signer, signedBy: responder)
        let result = await check(ocsp: [response], others: [stranger])
        #expect(result.codes == ["package.crl-invalid"])
        #expect(result.detail("package.crl-invalid").contains("was not appointed by CN=TEST ROOT"))
    }

    @Test func staleResponse() async throws {
        let response = try root.ocspResponse(about: signer, signedBy: root)
        let result = await check(ocsp: [response], now: now + 2 * 86_400)
        #expect(result.codes == ["package.crl-stale"])
    }

    @Test func responseAboutAnotherCertificate() async throws {
        let other = try root.issue("OTHER", .signer)
        let response = try root.ocspResponse(about: other, signedBy: root)
        #expect(await check(ocsp: [response]).codes == ["package.revocation-unknown"])
    }

    @Test func changedResponse() async throws {
        let response = try root.ocspResponse(about: signer, signedBy: root)
        for index in stride(from: 0, to: response.count, by: 5) {
            var changed = response
            changed[index] ^= 0x04
            let result = await check(ocsp: [changed])
            // The certificates that come with a response are not signed; losing them does not matter here.
            guard (try? OCSPResponse(der: changed))?.signedBytes != (try OCSPResponse(der: response)).signedBytes else {
                continue
            }
            #expect(result.outcome(.revocation) != .passed, "byte \(index)")
        }
    }
}
