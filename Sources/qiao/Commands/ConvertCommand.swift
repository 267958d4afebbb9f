import ArgumentParser
import Findings
import Foundation
import Gateway
import Inbound
import Mappings
import Receipts
import SignedPackages

struct ConvertCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case protobuf, jsonl
    }

    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Converts documents here and now, with the code that the gateway runs.",
        discussion: """
            Records go to stdout or --output, everything else to stderr. Fields are not masked: they are the data.

            EXAMPLES
              qiao convert samples/yutai/liangzhang-roster.csv --to jsonl
              qiao convert cases.xml --to protobuf -o cases.binpb
              qiao convert roster.csv --mapping mine.yaml --findings findings.csv
              qiao convert roster.csv.p7s --trust root.pem    verified first
            """)

    @Argument(help: "The documents.") var files: [String]
    @Option(help: "A mapping's id, or the path of a mapping file. Default: the one that matches.") var mapping: String?
    @OptionGroup var mappingOptions: MappingOptions
    @Option(name: .customLong("to"), help: "protobuf (length-delimited) or jsonl.") var format = Format.jsonl
    @Option(name: [.customShort("o"), .long], help: "Writes the records to this file; - is stdout.") var output: String?
    @Option(help: "Writes the findings to this CSV file, which Excel opens; - is stdout.") var findings: String?
    @Option(help: "The source in the records' provenance. Default: the mapping's id with hyphens.") var source: String?
    @OptionGroup(title: "Signed packages") var trustOptions: TrustOptions
    @Option(help: "Takes identity key and limits from these settings.") var config: String?
    @Flag(help: "Prints the summary as one JSON object per document on stderr.") var json = false

    func run() async throws {
        try refuseToOverwrite()
        let set = try mappingSet()
        let run = ConversionRun(
            mappings: set.set, chosen: set.chosen, limits: try await settings()?.limits ?? GatewayLimits(),
            identityKey: try await settings().flatMap { IdentityKeyFile.existing(in: $0.state) } ?? .published,
            source: source, policy: try packagePolicy())
        var output = try RecordOutput(path: output, format: format)
        var table = try findings.map(FindingsFile.init)
        var outcome = Outcome.good
        for file in files {
            let result = try await run.convert(file, to: &output)
            Terminal.say(json ? try JSONOutput.line(ConversionView(file, result)) : try text(file, result))
            try table?.write(result.findings)
            outcome = outcome.combined(with: result.outcome)
        }
        try output.finish()
        try table?.finish()
        try outcome.end()
    }

    private func text(_ file: String, _ result: ConversionResult) throws -> String {
        ConversionText(PlainFile.displayed(path: try RawArguments.bytes(of: file)), result).text
    }

    // A slip of the hand must cost nobody a document.
    private func refuseToOverwrite() throws {
        let documents = Set(files.compactMap(SystemFile.identity))
        for path in [output, findings].compactMap({ $0 }) {
            guard let identity = SystemFile.identity(of: path), documents.contains(identity) else { continue }
            throw CommandFailure(.usage, "\(path) is one of the documents and would be overwritten; name another file.")
        }
        guard let output, let findings, output != "-" else { return }
        let names = [output, findings].map { URL(filePath: $0).standardizedFileURL.path }
        guard names[0] == names[1], SystemFile.kind(of: output).map({ $0 == .regular }) ?? true else { return }
        throw CommandFailure(.usage, "Records and findings cannot both be written to \(output); name another file.")
    }

    private func settings() async throws -> Settings? {
        guard let config else { return nil }
        var options = try ConfigurationOptions.parse([])
        options.config = config
        return try await options.settings()
    }

    // Without anybody to trust, packages are not opened.
    private func packagePolicy() throws -> VerificationPolicy? {
        guard !trustOptions.trust.isEmpty else { return nil }
        let policy = try trustOptions.policy()
        guard !policy.roots.isEmpty else {
            throw CommandFailure(
                .configuration, "--trust names no root: give the certificate that issued itself, too.")
        }
        return policy
    }

    private func mappingSet() throws -> (set: MappingSet, chosen: Mapping?) {
        guard let mapping else { return (try mappingOptions.load(), nil) }
        if mapping.contains("/") || mapping.hasSuffix(".yaml") || mapping.hasSuffix(".yml") {
            let load = MappingSet.load(file: mapping)
            for problem in load.problems { Terminal.say("\(problem)") }
            guard !load.hasErrors, let only = load.set.mappings.first else {
                throw CommandFailure(.configuration, "\(mapping) cannot be used; mend what is listed above.")
            }
            return (load.set, only)
        }
        let set = try mappingOptions.load()
        guard let chosen = set.mapping(id: mapping) else {
            let hint =
                Suggestion.nearest(to: mapping, among: set.mappings.map(\.id)).map { " Did you mean \($0)?" } ?? ""
            throw CommandFailure(.configuration, "There is no mapping \(mapping) in \(mappingOptions.folder).\(hint)")
        }
        return (set, chosen)
    }
}
