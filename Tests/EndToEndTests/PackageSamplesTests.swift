import Foundation
import Testing

/// `qiao package verify` over every sample package: the good ones pass, each broken twin gives its own code.
@Suite struct PackageSamplesTests {
    @Test(arguments: SamplePackages.rows)
    func theVerdictIsThatOfTheTable(row: SamplePackages.Row) async throws {
        let (ended, report) = try await verify(row.path, SamplePackages.policy)
        #expect(report.codes == row.codes.sorted(), "\(String(decoding: ended.output, as: UTF8.self))")
        #expect(ended.exitCode == (row.isGood ? 0 : 2))
        #expect((report.outcome == "passed") == row.isGood)
        #expect(report.findings.allSatisfy { ($0.severity == "warning") == row.isGood })
        #expect(report.at == "2026-12-01T00:00:00Z")
    }

    @Test(arguments: SamplePackages.rows)
    func aPersonReadsTheReasonInBothLanguages(row: SamplePackages.Row) async throws {
        let ended = try await run(
            Program.path("qiao"), ["package", "verify", row.path] + SamplePackages.policy)
        let text = String(decoding: ended.output, as: UTF8.self)
        #expect(text.contains(row.isGood ? "PASSED 验证通过" : "验证不通过") || text.contains("无法判定"))
        for code in row.codes { #expect(text.contains("       \(code): "), "\(text)") }
        #expect(!text.contains("\u{1B}"), "colour is for terminals")
    }

    @Test func everyBrokenTwinHasACodeOfItsOwn() {
        let broken = SamplePackages.rows.filter { !$0.isGood }
        #expect(broken.count >= 14)
        #expect(broken.allSatisfy { !$0.codes.isEmpty })
        #expect(Set(broken.map(\.codes.first)).count == broken.count)
    }

    @Test func theTablesListWhatIsThere() throws {
        var found: Set<String> = []
        for folder in ["good", "broken"] {
            let names = SamplePackages.folder.appending(path: folder).entries
            found.formUnion(names.filter { !$0.hasSuffix(".xml") && !$0.hasSuffix(".csv") }.map { "\(folder)/\($0)" })
        }
        #expect(found == Set(SamplePackages.rows.map(\.file)))
        #expect(Set(SamplePackages.rows.filter(\.isGood).map(\.file)).count >= 10)
    }

    @Test func signersAreNamed() async throws {
        let (_, cms) = try await verify(
            SamplePackages.folder.appending(path: "good/two-signers.xml.p7m").path, SamplePackages.policy)
        #expect(cms.signatures.count == 2)
        #expect(Set(cms.signatures.compactMap(\.signer?.fingerprint)).count == 2)
        #expect(cms.documents.map(\.name) == ["two-signers.xml"])
        let (_, chinese) = try await verify(
            SamplePackages.folder.appending(path: "good/sm2-filing.asice").path, SamplePackages.policy)
        let signer = try #require(chinese.signatures.first?.signer)
        #expect(signer.organisationCode == "12370827MB0000000C")
        #expect(signer.algorithm == "SM2 with SM3")
        #expect(chinese.signatures.first?.profile == "gb/t-35275")
        #expect(Set(chinese.signatures.first?.covers ?? []) == ["cases.xml", "roster.csv"])
    }

    /// What is in the packages is what the mappings read: the extracts are documents, not just bytes.
    @Test(arguments: ["good/cases.xml", "good/roster.csv"])
    func theDocumentsConvert(document: String) async throws {
        let path = SamplePackages.folder.appending(path: document).path
        let converted = try await qiao("convert", path, "--to", "jsonl")
        #expect([0, 1].contains(converted.exitCode), "\(converted.errors)")
        #expect(converted.lines.count >= 8)
    }
}
