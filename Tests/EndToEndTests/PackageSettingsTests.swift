import Foundation
import Testing

/// `--source`, `--filing` and `trust list --config`: commands that take from a gateway what it demands and what it kept.
@Suite struct PackageSettingsTests {
    @Test func aSourceOfTheSettingsSaysWhatIsDemanded() async throws {
        let folder = try TemporaryFolder()
        let config = try await settings(in: folder, Setup(folder))
        let good = SamplePackages.folder.appending(path: "good/cases.xml.p7m").path
        let (passed, _) = try await verify(good, ["--source", "cases", "--config", config])
        #expect(passed.exitCode == 0, "\(String(decoding: passed.output, as: UTF8.self))")
        let wrong = SamplePackages.folder.appending(path: "broken/wrong-signer.xml.p7m").path
        let (refused, report) = try await verify(wrong, ["--source", "cases", "--config", config])
        #expect(refused.exitCode == 2)
        #expect(report.codes == ["package.wrong-signer"])
        let unknown = try await qiao("package", "verify", good, "--source", "case", "--config", config)
        #expect(unknown.exitCode == 78)
        #expect(unknown.errors.contains("Did you mean cases?"))
        let both = try await run(
            Program.path("qiao"),
            ["package", "verify", good, "--source", "cases", "--config", config] + SamplePackages.trust)
        #expect(both.exitCode == 64)
    }

    @Test func trustListShowsWhatEachSourceTrusts() async throws {
        let folder = try TemporaryFolder()
        let config = try await settings(in: folder, Setup(folder))
        let listed = try await qiao("trust", "list", "--config", config)
        #expect(listed.exitCode == 0, "\(listed.errors)")
        let text = String(decoding: listed.output, as: UTF8.self)
        #expect(text.contains("source cases") && !text.contains("source roster"))
        #expect(text.contains("TEST ROOT P-256") && text.contains("TEST CA P-256"))
        let late = try await qiao(
            "trust", "list", "--config", config, "--source", "cases", "--at", "2051-01-01", "--json")
        #expect(late.exitCode == 2)
        #expect(String(decoding: late.output, as: UTF8.self).contains("\"source\":\"cases\""))
    }

    @Test(.timeLimit(.minutes(4)))
    func theVerdictOnAFilingIsRepeated() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let config = try await settings(in: folder, setup)
        let gateway = try await RunningGateway(
            in: folder, settings: try String(contentsOf: URL(filePath: config), encoding: .utf8))
        try await gateway.ready()
        let document = try folder.write(Forms.cases(["1", "2"]), to: "drops/signed.xml")
        let package = document.path + ".p7m"
        try await create(
            [document.path, "--kind", "cms-attached", "-o", package] + SamplePackages.signer("yutai-signer"))
        try setup.drop(try Data(contentsOf: URL(filePath: package)), as: "signed.xml.p7m", into: "cases")
        try await eventually("it is delivered") { setup.exportedLines.count == 2 }
        #expect(try await gateway.end() == 0)
        let listed = try await qiao("filings", "--config", config, "--json")
        let id = try #require(listed.lines.first?.firstMatch(of: /"id":"([0-9a-f]{64})"/)).1
        let repeated = try await qiao("package", "verify", "--filing", String(id.prefix(8)), "--config", config)
        let text = String(decoding: repeated.output, as: UTF8.self)
        #expect(repeated.exitCode == 0, "\(text)\(repeated.errors)")
        #expect(text.contains("REPEATED 结论与当时一致") && text.contains("TODAY 今天"))
        // Long after, the old verdict stands, and today's is another.
        let later = try await qiao(
            "package", "verify", "--filing", String(id), "--config", config, "--at", "2051-01-01", "--json")
        #expect(later.exitCode == 0)
        let json = String(decoding: later.output, as: UTF8.self)
        #expect(json.contains("\"isRepeated\":true") && json.contains("package.certificate-expired"))
    }

    // The settings of the tests, with a source of cases that must sign.
    private func settings(in folder: TemporaryFolder, _ setup: Setup) async throws -> String {
        let signature = """
                signature: required
                trust: [\(SamplePackages.certificate("test-root")), \(SamplePackages.certificate("test-ca"))]
                crls: [\(SamplePackages.list("test-root")), \(SamplePackages.list("test-ca"))]
                revocation: required
                signers: { organisation-codes: [12370827MB0000000C] }

            """
        let yaml = setup.yaml.replacing("    stable-for: 300ms\n", with: "    stable-for: 300ms\n" + signature)
        return try folder.write(yaml, to: "signed.yaml").path
    }
}
