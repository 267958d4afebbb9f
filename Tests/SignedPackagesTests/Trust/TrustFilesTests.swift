import Findings
import Testing

@testable import SignedPackages

@Suite struct TrustFilesTests {
    @Test func severalCertificatesAmongOtherText() throws {
        let text = try ["test-root", "sm2-root"].map {
            String(decoding: try SamplePKI.bytes("certs/\($0).crt"), as: UTF8.self)
        }
        let joined = "根证书\r\n" + text.joined(separator: "\nsubject=CN=…\n").replacingLineEnds()
        #expect(
            try TrustFiles.certificates(Array(joined.utf8)) == [
                try SamplePKI.der("test-root"), try SamplePKI.der("sm2-root"),
            ])
    }

    // Editors on Windows put a byte order mark in front of what they save.
    @Test func byteOrderMarkInFrontOfPEM() throws {
        let file = Array("\u{FEFF}".utf8) + (try SamplePKI.bytes("certs/test-root.crt"))
        #expect(try TrustFiles.certificates(file) == [try SamplePKI.der("test-root")])
    }

    @Test func derIsTakenAsItIs() throws {
        #expect(try TrustFiles.certificates(try SamplePKI.der("test-ca")) == [try SamplePKI.der("test-ca")])
        #expect(try TrustFiles.crls(try SamplePKI.list("sm2-ca")) == [try SamplePKI.list("sm2-ca")])
    }

    @Test func oneLineOfBase64AndTrustedCertificates() throws {
        let file = try OpenSSL.write(try SamplePKI.bytes("certs/test-root.crt"), OpenSSL.newName("pem"))
        let trusted = try OpenSSL.run("x509", "-in", file, "-trustout", "-addtrust", "emailProtection")
        #expect(String(decoding: trusted, as: UTF8.self).contains("BEGIN TRUSTED CERTIFICATE"))
        #expect(try TrustFiles.certificates(trusted) == [try SamplePKI.der("test-root")])
        let lines = String(decoding: try SamplePKI.bytes("certs/test-root.crt"), as: UTF8.self).split(separator: "\n")
        let oneLine = "\(lines[0])\n\(lines.dropFirst().dropLast().joined())\n\(lines[lines.count - 1])"
        #expect(try TrustFiles.certificates(Array(oneLine.utf8)) == [try SamplePKI.der("test-root")])
    }

    @Test(arguments: [
        ("", "no CERTIFICATE in it"), ("hello", "no CERTIFICATE in it"),
        ("-----BEGIN CERTIFICATE-----\nMIIB", "is the file cut off?"),
        ("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----", "is damaged"),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----", "tbsCertificate is missing"),
        ("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----", "no CERTIFICATE in it"),
        ("-----END CERTIFICATE-----", "without its BEGIN"),
    ]) func unusableFileSaysWhy(_ text: String, _ cause: String) throws {
        let error = #expect(throws: PackageError.self) {
            try TrustFiles.certificates(Array(text.utf8), name: "roots.pem")
        }
        #expect(error?.code == .unusableTrust)
        #expect(error?.place.hasPrefix("roots.pem") == true)
        #expect(error?.underlying?.contains(cause) == true, "\(error?.description ?? "")")
    }

    @Test func aKeyIsNoCertificate() throws {
        let key = try SamplePKI.bytes("keys/test-root.key")
        #expect(throws: PackageError.self) { try TrustFiles.certificates(key) }
        #expect(throws: PackageError.self) { try TrustFiles.crls(try SamplePKI.bytes("certs/test-root.crt")) }
        #expect(throws: PackageError.self) { try TrustFiles.ocspResponse(key) }
    }

    @Test func rootsAreThoseThatIssuedThemselves() throws {
        let all = try ["yutai-signer", "test-root", "test-ca", "sm2-root"].map(SamplePKI.der)
        let parts = TrustFiles.partition(all)
        #expect(parts.roots == [all[1], all[3]])
        #expect(parts.intermediates == [all[0], all[2]])
    }

    @Test func listingOfASource() throws {
        var policy = try SamplePKI.policy(
            roots: ["test-root", "expired-signer"], lists: ["test-ca", "test-ca-stale", "sm2-ca"])
        policy.intermediates = [try SamplePKI.der("test-ca"), [0x30, 0x00]]
        let listing = TrustListing(policy, now: SamplePKI.now)
        #expect(listing.roots.map(\.problem) == ["", "expired"])
        #expect(listing.roots.map(\.key) == ["P-256", "P-256"])
        #expect(listing.roots[0].daysLeft == 8441)
        #expect(listing.roots[1].daysLeft == -1056)
        #expect(listing.intermediates.map(\.subject) == ["CN=TEST CA P-256,O=Qiao TEST PKI,C=CN"])
        #expect(listing.lists.map(\.isStale) == [false, true, false])
        #expect(listing.lists.map(\.isVerified) == [true, true, false])
        #expect(listing.lists.map(\.revoked) == [1, 0, 1])
        #expect(listing.lists[0].age == 20 * 86_400 + 3600)
        #expect(listing.unreadable.count == 1)
    }

    // The last second of validity still counts as the day it is in; the next one is a day too late.
    @Test(arguments: [(Int64(0), Int64(0)), (-1, 0), (-86_400, 1), (1, -1), (86_400, -1), (86_401, -2)])
    func daysLeftAroundTheEnd(_ offset: Int64, _ days: Int64) throws {
        let policy = VerificationPolicy(roots: [try SamplePKI.der("expired-signer")])
        let end = try SamplePKI.certificate("expired-signer").notAfter
        #expect(TrustListing(policy, now: end + offset).roots[0].daysLeft == days)
    }
}

extension String {
    fileprivate func replacingLineEnds() -> String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }
}
