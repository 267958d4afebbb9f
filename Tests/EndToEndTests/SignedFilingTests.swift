import Foundation
import Testing

/// A daemon whose sources must sign what they file.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SignedFilingTests {
    let scene: SignedFilings

    init() throws { scene = try SignedFilings() }

    private func cases(_ id: String) -> String { Forms.cases([id]) }

    @Test func signedFilingsOfEveryKindAreTakenAndOthersAreNot() async throws {
        let gateway = try await RunningGateway(in: scene.folder, settings: scene.yaml())
        try await gateway.ready()
        // Accepted.
        try scene.drop(try await scene.openssl(cases("attached")), as: "attached.xml.p7m")
        let text = cases("first-document")
        let signature = try await scene.openssl(text, detached: true)
        try scene.drop(Data(text.utf8), as: "first.xml")
        try scene.drop(signature, as: "first.xml.p7s")
        let other = cases("first-signature")
        try scene.drop(try await scene.openssl(other, detached: true, "-cades"), as: "second.xml.p7s")
        try scene.drop(Data(other.utf8), as: "second.xml")
        try scene.drop(
            try scene.asicE([("a.xml", cases("container-a")), ("b.xml", cases("container-b"))]), as: "c.asice")
        try scene.drop(try scene.gbt35275(cases("sm2")), as: "sm2.xml.p7", into: "sm2")
        for name in ["attached.xml.p7m", "first.xml", "second.xml", "c.asice"] {
            let receipt = try await scene.receipt(name)
            #expect(receipt.contains("code=\"accepted\""), "\(receipt)")
            #expect(receipt.contains("<signature verdict=\"passed\">"))
        }
        #expect(try await scene.receipt("sm2.xml.p7", "sm2").contains("SM2 with SM3"))

        // Refused.
        try scene.drop(Data(cases("unsigned").utf8), as: "unsigned.xml")
        let unchanged = try await scene.openssl(cases("unchanged"), detached: true)
        try scene.drop(Data(cases("changed").utf8), as: "changed.xml")
        try scene.drop(unchanged, as: "changed.xml.p7s")
        try scene.drop(try await scene.openssl(cases("lone"), detached: true), as: "lone.xml.p7s")
        let signers = ["other-signer", "expired-signer", "revoked-signer", "unknown-signer"]
        for signer in signers {
            try scene.drop(try await scene.openssl(cases(signer), by: signer), as: "\(signer).xml.p7m")
        }
        let refused = [
            ("unsigned.xml", "package.not-signed"), ("changed.xml", "package.document-digest"),
            ("lone.xml.p7s", "package.detached-content-missing"), ("other-signer.xml.p7m", "package.wrong-signer"),
            ("expired-signer.xml.p7m", "package.certificate-expired"),
            ("revoked-signer.xml.p7m", "package.certificate-revoked"),
            ("unknown-signer.xml.p7m", "package.unknown-root"),
        ]
        for (name, code) in refused {
            let receipt = try await scene.receipt(name)
            #expect(receipt.contains("code=\"rejected\""), "\(name)")
            #expect(receipt.contains("code=\"\(code)\""), "\(name): \(receipt)")
        }
        try await eventually("everything is exported") { scene.exported.count >= 6 }
        #expect(try await gateway.end() == 0)
        try accepted()
        try await receiptsAreSigned()
    }

    private func accepted() throws {
        let exported = scene.exported
        #expect(exported.count == 6)
        for id in ["attached", "first-document", "first-signature", "container-a", "container-b", "sm2"] {
            let record = try #require(exported.first { $0.contains("\"number\":\"\(id)\"") })
            #expect(record.contains("\"organisationCode\":\"12370827MB0000000C\""))
            #expect(record.contains("\"fingerprint\":"))
            #expect(record.contains("\"signedAt\":"))
        }
        let quarantine = scene.root.appending(path: "state/quarantine/yutai")
        // One folder for each day, of which the test may have seen two.
        let kept = quarantine.entries.flatMap { quarantine.appending(path: $0).entries }
            .filter { !$0.hasSuffix(".reason.txt") }
        #expect(kept.count == 8)
    }

    // By a program that nobody here wrote.
    private func receiptsAreSigned() async throws {
        let folder = scene.root.appending(path: "receipts/yutai")
        let receipts = folder.entries.filter { $0.hasSuffix(".receipt.xml") }
        #expect(receipts.count == 11)
        for receipt in receipts {
            let ended = try await run(
                "/usr/bin/openssl",
                [
                    "cms", "-verify", "-binary", "-inform", "DER", "-in", "\(folder.path)/\(receipt).p7s",
                    "-content", "\(folder.path)/\(receipt)", "-CAfile", "\(SignedFilings.pki.path)/certs/test-root.crt",
                    "-purpose", "any", "-out", "/dev/null",
                ])
            #expect(ended.exitCode == 0, "\(ended.errors)")
        }
    }

    @Test func aPackageFiledTwiceIsADuplicate() async throws {
        let gateway = try await RunningGateway(in: scene.folder, settings: scene.yaml())
        try await gateway.ready()
        let package = try await scene.openssl(cases("once"))
        try scene.drop(package, as: "one.xml.p7m")
        _ = try await scene.receipt("one.xml.p7m")
        try scene.drop(package, as: "two.xml.p7m")
        let receipt = try await scene.receipt("two.xml.p7m")
        #expect(receipt.contains("<duplicate>"))
        #expect(receipt.contains("<signature verdict=\"passed\">"))
        try await eventually("it is exported") { scene.exported.count >= 1 }
        #expect(try await gateway.end() == 0)
        #expect(scene.exported.count == 1)
        try await verdictIsRepeated(of: receipt)
    }

    // From the journal and the archive, beside no gateway at all.
    private func verdictIsRepeated(of receipt: String) async throws {
        let id = try #require(receipt.firstMatch(of: /<filing>([0-9a-f]{64})<\/filing>/)).1.prefix(12)
        let config = scene.root.appending(path: "qiao.yaml").path
        let good = try await qiao("package", "verify", "--filing", String(id), "--config", config)
        #expect(good.exitCode == 0, "\(good.errors)")
        #expect(good.lines.contains { $0.hasPrefix("REPEATED") })
        // Long after the certificates have expired, the old verdict still stands, and today's is another.
        let later = try await qiao(
            "package", "verify", "--filing", String(id), "--config", config, "--at", "2060-01-01T00:00:00Z", "--json")
        #expect(later.exitCode == 0)
        let line = try #require(later.lines.first)
        #expect(line.contains("\"isRepeated\":true"))
        #expect(line.contains("package.certificate-expired"))
    }

    @Test func aReloadChangesWhoIsTrusted() async throws {
        try scene.trust(["unknown-root"], of: "yutai")
        let gateway = try await RunningGateway(in: scene.folder, settings: scene.yaml())
        try await gateway.ready()
        try scene.drop(try await scene.openssl(cases("before")), as: "before.xml.p7m")
        #expect(try await scene.receipt("before.xml.p7m").contains("code=\"rejected\""))
        // A trust file that cannot be used changes nothing, and is told.
        try scene.folder.write("no certificate", to: "yutai.pem")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Kept the old settings and mappings")
        try scene.trust(["test-root", "test-ca"], of: "yutai")
        gateway.send(SIGHUP)
        try await gateway.waitFor("Reloaded settings and mappings")
        try scene.drop(try await scene.openssl(cases("after")), as: "after.xml.p7m")
        #expect(try await scene.receipt("after.xml.p7m").contains("code=\"accepted\""))
        #expect(try await gateway.end() == 0)
    }

    @Test func aNewRevocationListIsHeededWithoutAReload() async throws {
        try scene.copy("crls/test-root.crl", to: "yutai.crl")
        let gateway = try await RunningGateway(in: scene.folder, settings: scene.yaml())
        try await gateway.ready()
        try scene.drop(try await scene.openssl(cases("before"), by: "revoked-signer"), as: "before.xml.p7m")
        #expect(try await scene.receipt("before.xml.p7m").contains("code=\"accepted"))
        try scene.copy("crls/test-ca.crl", to: "yutai.crl")
        try scene.drop(try await scene.openssl(cases("after"), by: "revoked-signer"), as: "after.xml.p7m")
        #expect(try await scene.receipt("after.xml.p7m").contains("package.certificate-revoked"))
        #expect(try await gateway.end() == 0)
    }

    @Test func oldAndNewCertificateAreGoodWhileTheyOverlap() async throws {
        var pins: [String] = []
        for name in ["yutai-signer", "yutai-signer-next"] {
            let ended = try await run(
                "/usr/bin/openssl",
                ["x509", "-in", "\(SignedFilings.pki.path)/certs/\(name).crt", "-noout", "-fingerprint", "-sha256"])
            pins.append("\"\(try #require(ended.lines.first?.split(separator: "=").last))\"")
        }
        let settings = scene.yaml("signers: { pinned: [\(pins.joined(separator: ", "))] }")
        let gateway = try await RunningGateway(in: scene.folder, settings: settings)
        try await gateway.ready()
        for name in ["yutai-signer", "yutai-signer-next", "yutai-signer"] {
            try scene.drop(try await scene.openssl(cases(UUID().uuidString), by: name), as: "\(name).xml.p7m")
            #expect(try await scene.receipt("\(name).xml.p7m").contains("code=\"accepted\""))
            try FileManager.default.removeItem(at: scene.root.appending(path: "receipts/yutai"))
        }
        try scene.drop(try await scene.openssl(cases("rsa"), by: "yutai-rsa-signer"), as: "rsa.xml.p7m")
        #expect(try await scene.receipt("rsa.xml.p7m").contains("package.wrong-signer"))
        #expect(try await gateway.end() == 0)
    }

    @Test func packagesAreConvertedByHandOnlyOnceTheyAreVerified() async throws {
        let package = scene.root.appending(path: "cases.xml.p7m")
        try await scene.openssl(cases("by-hand")).write(to: package)
        let mappings = scene.root.appending(path: "mappings").path
        let refused = try await qiao("convert", package.path, "--mappings", mappings)
        #expect(refused.exitCode == 78)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.contains("--trust"))
        let trust = scene.root.appending(path: "yutai.pem").path
        let converted = try await qiao("convert", package.path, "--mappings", mappings, "--trust", trust)
        #expect(converted.exitCode == 0, "\(converted.errors)")
        #expect(converted.lines.count == 1)
        #expect(converted.lines.first?.contains("\"organisationCode\":\"12370827MB0000000C\"") == true)
        let other = scene.root.appending(path: "sm2.pem").path
        let wrong = try await qiao("convert", package.path, "--mappings", mappings, "--trust", other)
        #expect(wrong.exitCode == 2)
        #expect(wrong.output.isEmpty)
        let signature = scene.root.appending(path: "cases.xml.p7s")
        try await scene.openssl(cases("beside"), detached: true).write(to: signature)
        try Data(cases("beside").utf8).write(to: scene.root.appending(path: "cases.xml"))
        let detached = try await qiao("convert", signature.path, "--mappings", mappings, "--trust", trust)
        #expect(detached.exitCode == 0, "\(detached.errors)")
        #expect(detached.lines.first?.contains("\"number\":\"beside\"") == true)
    }
}
