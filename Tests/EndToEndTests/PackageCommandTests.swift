import Foundation
import Testing

/// `qiao package` and `qiao trust` at their edges: exit codes, what is found by itself, what is refused.
@Suite struct PackageCommandTests {
    static let good = SamplePackages.folder.appending(path: "good")

    @Test func aDocumentBesideItsSignatureIsFound() async throws {
        let folder = try TemporaryFolder()
        let package = folder.url.appending(path: "roster.csv.p7s")
        try FileManager.default.copyItem(at: Self.good.appending(path: "roster.csv.p7s"), to: package)
        let (alone, missing) = try await verify(package.path, SamplePackages.policy)
        #expect(alone.exitCode == 2)
        #expect(missing.codes == ["package.detached-content-missing"])
        let elsewhere = folder.url.appending(path: "received.csv")
        try FileManager.default.copyItem(at: Self.good.appending(path: "roster.csv"), to: elsewhere)
        let (named, _) = try await verify(package.path, SamplePackages.policy + ["--content", elsewhere.path])
        #expect(named.exitCode == 0)
        try FileManager.default.moveItem(at: elsewhere, to: folder.url.appending(path: "roster.csv"))
        let (found, _) = try await verify(package.path, SamplePackages.policy)
        #expect(found.exitCode == 0)
    }

    @Test(arguments: [["--subject", "CN=Nobody"], ["--pinned", String(repeating: "0", count: 64)]])
    func aSignerThatWasNotDeclaredIsRefused(binding: [String]) async throws {
        let (ended, report) = try await verify(
            Self.good.appending(path: "filing.asice").path, SamplePackages.trust + binding)
        #expect(ended.exitCode == 2)
        #expect(report.codes == ["package.wrong-signer"])
    }

    @Test func revocationFollowsTheFlag() async throws {
        let package = Self.good.appending(path: "cases.asics").path
        let root = ["--trust", SamplePackages.certificate("test-root")]
        let stale = root + ["--crl", SamplePackages.list("test-ca-stale"), "--crl", SamplePackages.list("test-root")]
        #expect(try await verify(package, root + ["--revocation", "required"]).1.outcome == "indeterminate")
        #expect(try await verify(package, root).1.outcome == "passed")
        #expect(try await verify(package, stale + ["--revocation", "off"]).1.outcome == "passed")
        #expect(try await verify(package, stale).1.codes == ["package.crl-stale"])
        #expect(try await verify(package, stale + ["--revocation", "required"]).1.outcome == "failed")
    }

    @Test func theTimeCanBeGiven() async throws {
        let package = Self.good.appending(path: "cases.asics").path
        let (late, report) = try await verify(package, SamplePackages.trust + ["--at", "2051-01-01"])
        #expect(late.exitCode == 2)
        #expect(report.codes.contains("package.certificate-expired"))
        #expect(report.at == "2051-01-01T00:00:00Z")
    }

    @Test func withoutARootTheNextStepIsSaid() async throws {
        let ended = try await qiao("package", "verify", Self.good.appending(path: "cases.asics").path)
        #expect(ended.exitCode == 2)
        #expect(ended.errors.contains("--trust"))
    }

    @Test func whatIsNoPackageIsRefused() async throws {
        let document = Self.good.appending(path: "roster.csv").path
        let ended = try await qiao("package", "verify", document)
        #expect(ended.exitCode == 2)
        #expect(ended.errors.contains("不是签名包"))
        #expect(try await verify(document, []).1.outcome == "unsigned")
        #expect(try await qiao("package", "inspect", document).exitCode == 2)
    }

    @Test(arguments: ["asice", "asics"])
    func aContainerWithoutSignaturesIsNotSigned(ending: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("application/vnd.etsi.asic-\(ending.suffix(1))+zip", to: "mimetype")
        try folder.write("姓名,身份证号\r\n", to: "roster.csv")
        let package = folder.url.appending(path: "filing.\(ending)").path
        let zipped = try await run("/usr/bin/zip", ["-X", "-0", package, "mimetype", "roster.csv"], in: folder.url)
        #expect(zipped.exitCode == 0, "\(zipped.errors)")
        let (ended, report) = try await verify(package, SamplePackages.trust)
        #expect(ended.exitCode == 2)
        #expect(report.codes == ["package.not-signed"])
    }

    static let failures: [(arguments: [String], code: Int32)] = [
        (["package", "verify", "nowhere.p7m"], 74),
        (["package", "verify", "/tmp"], 74),
        (["package", "verify"], 64),
        (["package", "verify", "x.p7m", "--revocation", "perhaps"], 64),
        (["package", "verify", "x.p7m", "--at", "yesterday"], 64),
        (["package", "verify", "x.p7m", "--required", "0"], 64),
        (["package", "inspect", "nowhere.p7m"], 74),
        (["package", "create", "README.md", "--kind", "asic-s"], 64),
        (["package", "create", "README.md", "Package.swift", "--kind", "asic-s"], 64),
        (["package", "create", "README.md", "README.md", "--kind", "asic-e"], 64),
        (["package", "create", "README.md", "--kind", "zip"], 64),
        (["trust", "list", "--trust", "README.md"], 74),
    ]

    @Test(arguments: failures)
    func theExitCodeSaysWhoIsToBlame(arguments: [String], code: Int32) async throws {
        let ended = try await run(Program.path("qiao"), arguments)
        #expect(ended.exitCode == code, "\(ended.errors)")
        #expect(!ended.errors.isEmpty)
    }

    /// Both documents of the container have findings and control totals of their own.
    @Test func convertSaysWhichDocumentOfAPackageItSpeaksOf() async throws {
        let ended = try await run(
            Program.path("qiao"),
            [
                "convert", Self.good.appending(path: "filing.asice").path, "--mappings",
                Program.repository.appending(path: "mappings").path, "-o", "/dev/null",
            ] + SamplePackages.trust)
        #expect(ended.exitCode == 0)
        #expect(ended.errors.contains("control total cases.xml: 诉求总数: declared 8, found 8, agrees"), "\(ended.errors)")
        #expect(ended.errors.contains("control total roster.csv: 楼长: declared 813, found 7, DIFFERS"))
        #expect(ended.errors.contains("warning: roster.csv: control total differs: 楼长, declared 813, found 7"))
    }

    @Test func everyCommandHasExamples() async throws {
        for command in [["package", "verify"], ["package", "inspect"], ["package", "create"], ["trust", "list"]] {
            let ended = try await run(Program.path("qiao"), command + ["--help"])
            #expect(ended.exitCode == 0)
            #expect(String(decoding: ended.output, as: UTF8.self).contains("EXAMPLES\n"))
        }
    }

    /// Whatever `inspect` shows, it says that nothing of it was verified.
    @Test(arguments: SamplePackages.rows)
    func inspectSaysThatNothingWasVerified(row: SamplePackages.Row) async throws {
        let text = try await qiao("package", "inspect", row.path)
        #expect(text.lines.first?.hasPrefix("NOT VERIFIED 未验证 ") == true)
        #expect(text.lines.last == "NOT VERIFIED 未验证")
        let json = try await qiao("package", "inspect", row.path, "--json")
        #expect(String(decoding: json.output, as: UTF8.self).contains("\"verified\":false"))
        if row.isGood { #expect(text.exitCode == 0, "\(String(decoding: text.output, as: UTF8.self))") }
    }

    @Test func aKeyOfAnotherCertificateMakesNoPackage() async throws {
        let folder = try TemporaryFolder()
        let output = folder.url.appending(path: "x.p7m").path
        let ended = try await qiao(
            "package", "create", "README.md", "--kind", "cms-attached", "--key", SamplePackages.key("other-signer"),
            "--certificate", SamplePackages.certificate("yutai-signer"), "-o", output)
        #expect(ended.exitCode == 74)
        #expect(ended.errors.contains("other-signer.key"))
        #expect(ended.errors.contains("certificate that was issued for it"))
        #expect(!ended.errors.contains("PKCS#8"), "the form of the key is not to blame")
        #expect(folder.url.entries.isEmpty)
    }

    @Test func theChineseProfileIsForSM2Alone() async throws {
        let folder = try TemporaryFolder()
        let ended = try await qiao(
            "package", "create", "README.md", "--kind", "cms-attached", "--key", SamplePackages.key("yutai-signer"),
            "--certificate", SamplePackages.certificate("yutai-signer"), "--profile", "gbt35275", "-o",
            folder.url.appending(path: "x.p7m").path)
        #expect(ended.exitCode == 64)
        #expect(ended.errors.contains("SM2"))
        #expect(folder.url.entries.isEmpty)
    }

    /// A package of each kind from each kind of key, and back.
    @Test(arguments: ["cms-attached", "cms-detached", "asic-e", "asic-s"], ["yutai-signer", "sm2-yutai-signer"])
    func whatIsCreatedVerifies(kind: String, signer: String) async throws {
        let folder = try TemporaryFolder()
        let document = try folder.write(String(repeating: "楼长,单元长\r\n", count: 60_000), to: "roster.csv")
        let chain = signer.hasPrefix("sm2") ? "sm2-ca" : "test-ca"
        let made = try await run(
            Program.path("qiao"),
            ["package", "create", document.path, "--kind", kind, "--chain", SamplePackages.certificate(chain)]
                + SamplePackages.signer(signer))
        #expect(made.exitCode == 0, "\(made.errors)")
        let ending = ["cms-attached": "p7m", "cms-detached": "p7s", "asic-e": "asice", "asic-s": "asics"][kind] ?? ""
        let (ended, report) = try await verify(document.path + "." + ending)
        #expect(ended.exitCode == 0, "\(String(decoding: ended.output, as: UTF8.self))")
        #expect(report.kind == kind)
        #expect(report.documents.map(\.name) == ["roster.csv"])
        #expect(report.signatures.first?.profile == (signer.hasPrefix("sm2") ? "gb/t-35275" : "cms"))
        #expect(folder.url.entries.count == 2, "nothing half-made is left")
    }

    @Test func trustListSaysWhatIsAboutToEnd() async throws {
        let good = try await run(Program.path("qiao"), ["trust", "list"] + SamplePackages.trust)
        #expect(good.exitCode == 0, "\(good.errors)")
        let text = String(decoding: good.output, as: UTF8.self)
        #expect(text.contains("TEST ROOT SM2") && text.contains("DAYS LEFT") && text.contains("REVOCATION LIST OF"))
        #expect(good.errors.contains("TEST CA SM2"), "its list is there, its certificate is not")
        let late = try await run(
            Program.path("qiao"), ["trust", "list", "--at", "2049-12-01T00:00:00Z"] + SamplePackages.trust)
        #expect(late.exitCode == 0)
        #expect(late.errors.contains("expires in 31 days"))
        let expired = try await run(
            Program.path("qiao"), ["trust", "list", "--at", "2050-02-01"] + SamplePackages.trust)
        #expect(expired.exitCode == 2)
        #expect(expired.errors.contains("expired at 2050-01-01T00:00:00Z"))
        let stale = try await run(
            Program.path("qiao"),
            ["trust", "list", "--json", "--crl", SamplePackages.list("test-ca-stale")] + SamplePackages.trust)
        #expect(stale.exitCode == 2)
        #expect(String(decoding: stale.output, as: UTF8.self).contains("\"isStale\":true"))
    }
}
