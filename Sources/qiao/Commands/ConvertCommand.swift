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
            Records go to stdout or --output, everything else to stderr. Fields are not masked: they are the data. A document \
            that is rejected or cannot be read gives no record, and the others theirs. Where none is accepted, the file of \
            --output stays as it was.

            EXAMPLES
              qiao convert samples/yutai/liangzhang-roster.csv --to jsonl
              qiao convert cases.xml --to protobuf -o cases.binpb
              qiao convert roster.csv --mapping mine.yaml --findings findings.csv
              qiao convert roster.csv.p7s --trust root.pem    verified first
            """)

    @Argument(help: "The documents.") var files: [FileArgument]
    @OptionGroup var mappingOptions: MappingChoiceOptions
    @Option(name: .customLong("to"), help: "protobuf (length-delimited) or jsonl.") var format = Format.jsonl
    @Option(name: [.customShort("o"), .long], help: "Writes the records to this file; - is stdout.") var output:
        FileArgument?
    @Option(help: "Writes the findings to this CSV file, which Excel opens; - is stdout.") var findings: FileArgument?
    @Option(help: "The source in the records' provenance. Default: the mapping's id with hyphens.") var source: String?
    @OptionGroup(title: "Signed packages") var trustOptions: TrustOptions
    @Option(help: "Takes identity key and limits from these settings.") var config: String?
    @Flag(help: "Prints the summary as one JSON object per document on stderr, or its `error`.") var json = false

    func validate() throws {
        try RawArguments.demandText(source, for: "The name of the source")
        try RawArguments.demandText(config, for: "The name of the settings file")
    }

    func run() async throws {
        try refuseToOverwrite()
        let set = try mappingOptions.load()
        let run = ConversionRun(
            mappings: set.set, chosen: set.chosen, limits: try await settings()?.limits ?? GatewayLimits(),
            identityKey: try await settings().flatMap { IdentityKeyFile.existing(in: $0.state) } ?? .published,
            source: source, policy: try packagePolicy())
        var output = try RecordOutput(path: output, format: format)
        var table = try findings.map { try FindingsFile($0, ofSeveral: files.count > 1) }
        var outcome = Outcome.good
        var (isAnyRead, isAnyAccepted) = (false, false)
        for file in files {
            let name = file.displayed
            do {
                let result = try await run.convert(file, to: &output)
                isAnyRead = true
                if !result.isRejected { isAnyAccepted = true }
                Terminal.say(
                    json ? try JSONOutput.line(ConversionView(name, result)) : ConversionText(name, result).text)
                try table?.write(result.findings, of: name)
                outcome = outcome.combined(with: result.outcome)
            } catch let failure as DocumentFailure {
                try tell(failure, of: name)
                outcome = outcome.combined(with: failure.outcome)
            }
        }
        // What is there stays where there is nothing to put in its place.
        if isAnyAccepted {
            try output.finish()
        } else if let kept = try output.leave(), !json {
            Terminal.say("No document was accepted: \(kept).")
        }
        if isAnyRead {
            try table?.finish()
        } else {
            try table?.leave()
        }
        try outcome.end()
    }

    private func tell(_ failure: DocumentFailure, of file: String) throws {
        struct View: Encodable {
            var file, error: String
        }
        let error = Terminal.coloured("error", .red) + ": \(failure.message)"
        Terminal.say(json ? try JSONOutput.line(View(file: file, error: failure.message)) : error)
    }

    // A slip of the hand must cost nobody a document.
    private func refuseToOverwrite() throws {
        let named = files + files.compactMap(PackageFile.beside) + trustOptions.files
        let read = Set((named + [mappingOptions.mapping].compactMap { $0 }).compactMap(SystemFile.identity))
        for path in [output, findings].compactMap({ $0 }) {
            guard let identity = SystemFile.identity(of: path), read.contains(identity) else { continue }
            throw CommandFailure(
                .usage, "\(path.displayed) is read by this command and would be overwritten; name another file.")
        }
        guard let findings else { return }
        let places = [try OutputPlace(output), try OutputPlace(findings)]
        guard places[0].isSame(as: places[1]) else { return }
        let name = findings.isStandardStream ? "stdout" : findings.displayed
        throw CommandFailure(
            .usage, "Records and findings cannot both be written to \(name); name another file with -o or --findings.")
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
}
