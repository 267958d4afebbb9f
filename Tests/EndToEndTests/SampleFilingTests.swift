import Foundation
import Testing

/// The sample packages, filed with a daemon whose sources must sign.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SampleFilingTests {
    let scene: SignedFilings

    init() throws { scene = try SignedFilings() }

    // The mappings that the documents of the samples are for.
    private var yaml: String {
        scene.yaml().replacing(
            "mappings: \(scene.root.path)/mappings", with: "mappings: \(Program.repository.path)/mappings")
    }

    private func source(_ file: String) -> String { file.contains("sm2") ? "sm2" : "yutai" }

    @Test func brokenTwinsAreAnsweredAndNothingOfThemGoesOn() async throws {
        let gateway = try await RunningGateway(in: scene.folder, settings: yaml)
        try await gateway.ready()
        // Whether a signing time lies ahead is up to the clock of the machine.
        let broken = SamplePackages.rows.filter { !$0.isGood && $0.codes.first != "package.signing-time" }
        for row in broken {
            let name = URL(filePath: row.path).lastPathComponent
            try scene.drop(try Data(contentsOf: URL(filePath: row.path)), as: name, into: source(row.file))
        }
        for row in broken {
            let receipt = try await scene.receipt(URL(filePath: row.path).lastPathComponent, source(row.file))
            #expect(receipt.contains("code=\"rejected\""), "\(row.file): \(receipt)")
            #expect(receipt.contains("code=\"\(row.codes.first ?? "")\""), "\(row.file): \(receipt)")
        }
        #expect(try await gateway.end() == 0)
        #expect(scene.exported.isEmpty)
        let config = scene.root.appending(path: "qiao.yaml").path
        let filings = try await qiao("filings", "--config", config, "--json")
        #expect(filings.lines.count == broken.count)
        #expect(filings.lines.allSatisfy { $0.contains("\"outcome\":\"rejected\"") && $0.contains("\"records\":{}") })
    }

    @Test func goodOnesAreTaken() async throws {
        let gateway = try await RunningGateway(in: scene.folder, settings: yaml)
        try await gateway.ready()
        let kinds = ["cases.xml.p7m", "filing.asice", "cases.asics", "sm2-cases.xml.p7m", "sm2-filing.asice"]
        for name in kinds {
            let file = SamplePackages.folder.appending(path: "good/\(name)")
            try scene.drop(try Data(contentsOf: file), as: name, into: source(name))
            let receipt = try await scene.receipt(name, source(name))
            #expect(receipt.contains("code=\"accepted"), "\(name): \(receipt)")
            #expect(receipt.contains("<signature verdict=\"passed\">"), "\(name): \(receipt)")
        }
        try await eventually("records are exported") { !scene.exported.isEmpty }
        #expect(try await gateway.end() == 0)
        #expect(scene.exported.allSatisfy { $0.contains("\"organisationCode\":\"12370827MB0000000C\"") })
    }
}
