import Findings
import Foundation
import SignedPackages
import Testing

/// The recipes of docs/signed-packages.md, run as they stand there by a plain shell with `openssl` and `zip`.
@Suite struct PackageRecipeTests {
    /// The marker of a recipe in the page, and the package that it makes.
    static let recipes = [
        ("detached", "roster.csv.p7s", 1), ("attached", "cases.xml.p7m", 1), ("asic-e", "filing.asice", 2),
    ]

    @Test(arguments: recipes)
    func whatTheRecipeMakesIsAccepted(name: String, package: String, documents: Int) async throws {
        let folder = try await prepared()
        let made = try await run("/bin/sh", ["-euc", try Self.recipe(name)], in: folder.url)
        #expect(made.exitCode == 0, "\(made.errors)")
        let (ended, report) = try await verify(folder.url.appending(path: package).path)
        #expect(ended.exitCode == 0, "\(String(decoding: ended.output, as: UTF8.self))")
        #expect(report.documents.count == documents)
        #expect(report.signatures.first?.signer?.organisationCode == "12370827MB0000000C")
    }

    @Test func aDocumentChangedAfterTheRecipeIsRefused() async throws {
        let folder = try await prepared()
        try await run("/bin/sh", ["-euc", try Self.recipe("asic-e")], in: folder.url)
        try folder.write("name,post\r\n", to: "roster.csv")
        let replaced = try await run("/usr/bin/env", ["zip", "-X", "filing.asice", "roster.csv"], in: folder.url)
        #expect(replaced.exitCode == 0, "\(replaced.errors)")
        let (ended, report) = try await verify(folder.url.appending(path: "filing.asice").path)
        #expect(ended.exitCode == 2)
        #expect(report.codes == ["package.document-digest"])
    }

    @Test func everyCodeIsExplained() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        for kind in PackageFindings.all { #expect(page.contains("\n| `\(kind.code)` | "), "\(kind.code)") }
    }

    // The files that the page says are there.
    private func prepared() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for document in ["cases.xml", "roster.csv"] {
            try FileManager.default.copyItem(
                at: SamplePackages.folder.appending(path: "good/\(document)"), to: folder.url.appending(path: document))
        }
        let files = [
            "my.key": SamplePackages.key("yutai-signer"), "my.crt": SamplePackages.certificate("yutai-signer"),
            "ca.crt": SamplePackages.certificate("test-ca"),
        ]
        for (name, path) in files {
            try FileManager.default.copyItem(atPath: path, toPath: folder.url.appending(path: name).path)
        }
        return folder
    }

    private static let page = Program.repository.appending(path: "docs/signed-packages.md")

    private static func recipe(_ name: String) throws -> String {
        let text = try String(contentsOf: page, encoding: .utf8)
        let parts = text.split(separator: "<!-- recipe: \(name) -->\n```sh\n", maxSplits: 1)
        try #require(parts.count == 2, "there is no recipe \(name) in \(page.path)")
        return String(try #require(parts[1].split(separator: "```", maxSplits: 1).first))
    }
}
