import ArgumentParser
import Foundation
import Gateway
import SignedPackages

struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Looks after what sources are trusted by.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists roots with the days until they expire, and revocation lists with their age.",
            discussion: """
                Of every source of the settings that trusts anything, or of files.

                EXAMPLES
                  qiao trust list
                  qiao trust list --config qiao.yaml --source yutai-cases --json
                  qiao trust list --trust root.pem --crl ca.crl

                EXIT CODES
                  0 nothing is wrong, though something may expire soon
                  2 something is expired, stale or unreadable
                  64 usage · 74 input or output · 78 configuration
                """)

        @OptionGroup var trustOptions: TrustOptions
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "Only of this source of the settings.") var source: String?
        @Option(help: ArgumentHelp("Counts from this time (RFC 3339). Default: now.", valueName: "time"))
        var at: TimeArgument?
        @Flag(help: "Prints one JSON object for each source.") var json = false

        func validate() throws {
            try RawArguments.demandText(source, for: "The name of the source")
            if !trustOptions.isDefault, source != nil || options.config != nil {
                throw ValidationError(
                    "Name either files, with --trust and --crl, or settings, with --config and --source.")
            }
        }

        func run() async throws {
            let now = TimeArgument.orNow(at)
            var isGrave = false
            for (source, policy) in try await policies() {
                isGrave = try tell(TrustListing(policy, now: now), of: source) || isGrave
            }
            if isGrave { throw ExitCode(Outcome.rejected.rawValue) }
        }

        private func policies() async throws -> [(source: String?, policy: VerificationPolicy)] {
            guard trustOptions.isDefault else { return [(nil, try trustOptions.policy())] }
            let settings = try await options.settings()
            let named = try source.map { [try settings.source(named: $0)] }
            let sources = named ?? settings.sources.filter { !$0.signature.trust.isEmpty }
            if sources.isEmpty {
                Terminal.say(
                    "No source of \(options.file) trusts anything; `trust` of a source names the files of its roots.")
            }
            return try sources.map { ($0.name, try TrustStore($0, limits: settings.limits).policy()) }
        }

        // Whether something is wrong already.
        private func tell(_ listing: TrustListing, of source: String?) throws -> Bool {
            if json {
                Terminal.print(try JSONOutput.line(TrustView(source: source, trust: listing)))
            } else {
                if let source { Terminal.print(Terminal.coloured("source \(source)", .bold, on: .output)) }
                for part in TrustText(listing).parts { Terminal.print(part) }
            }
            let warnings = TrustWarnings(listing)
            let place = source.map { "source \($0): " } ?? ""
            for warning in warnings.texts {
                Terminal.say(Terminal.coloured("warning", .yellow) + ": \(place)\(warning)")
            }
            return warnings.isGrave
        }
    }
}

private struct TrustView: Encodable {
    var source: String?
    var trust: TrustListing
}
