import ArgumentParser
import Foundation
import Gateway
import Journal
import SignedPackages

extension PackageCommand {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Checks a signed package: every check is a line, good or bad, with its reason.",
            discussion: """
                The document of a detached signature is found by itself where x.csv lies beside x.csv.p7s. Nothing is looked \
                up on a network: roots, revocation lists and OCSP responses are files. With --source, what is demanded is \
                what the settings demand of that source. With --filing, the verdict on a filing in the journal is repeated \
                from the evidence that was kept, as of its time, and today's is shown beside it.

                EXAMPLES
                  qiao package verify cases.xml.p7m --trust root.pem
                  qiao package verify roster.csv.p7s --trust root.pem \\
                      --crl ca.crl --revocation required
                  qiao package verify filing.asice --trust root.pem \\
                      --organisation-code 12370827MB0000000C
                  qiao package verify filing.asice --trust root.pem \\
                      --at 2026-11-21T08:00:00+08:00 --json
                  qiao package verify filing.asice --source yutai --config qiao.yaml
                  qiao package verify --filing 3fa9c1

                EXIT CODES
                  0 passed · 2 refused, no package, or an old verdict cannot be repeated
                  64 usage · 74 input or output · 78 configuration
                """)

        @Argument(help: "The package.") var file: FileArgument?
        @Option(help: ArgumentHelp("The document that a detached signature covers.", valueName: "file"))
        var content: FileArgument?
        @OptionGroup var policyOptions: PolicyOptions
        @Option(help: "Demands what the settings demand of this source.") var source: String?
        @Option(help: "Repeats the verdict on this filing; the first digits of its id are enough.") var filing: String?
        @OptionGroup var options: ConfigurationOptions
        @Option(help: ArgumentHelp("Verifies as of this time (RFC 3339). Default: now.", valueName: "time"))
        var at: TimeArgument?
        @Flag(help: "Prints one JSON object.") var json = false

        func validate() throws {
            guard (file == nil) != (filing == nil) else {
                throw ValidationError("Name either the file of a package, or a filing with --filing.")
            }
            if source != nil || filing != nil, !policyOptions.isDefault {
                throw ValidationError(
                    "--source and --filing take what is demanded from the settings; leave out the flags.")
            }
            if source == nil, filing == nil, options.config != nil || !options.set.isEmpty {
                throw ValidationError(
                    "Settings demand something of a source: name it with --source, or a filing with --filing.")
            }
            if let filing { try FilingID.demand(filing) }
            try RawArguments.demandText(source, for: "The name of the source")
            if filing != nil, content != nil {
                throw ValidationError("--content goes with a file; a filing has its documents in the archive.")
            }
        }

        func run() async throws {
            if let filing { return try await verifyFiling(filing) }
            // validate() has seen that there is one where there is no filing.
            guard let file else { return }
            try await verifyFile(try PackageFile(file, content: content))
        }

        private func verifyFile(_ file: PackageFile) async throws {
            let policy = try await policy()
            let now = TimeArgument.orNow(at)
            let result = try await PackageVerifier(policy: policy, now: now)
                .verify(file.package, name: file.name, detachedContent: file.content)
            guard let verdict = result.verdict else { try unsigned(file, now) }
            Terminal.print(
                json
                    ? try JSONOutput.line(VerdictView(file.path.displayed, verdict))
                    : VerdictText(file.path.displayed, verdict).text)
            guard verdict.outcome != .passed else { return }
            if policy.roots.isEmpty {
                Terminal.say("No root was given: name the files of the roots that you trust with --trust.")
            }
            throw ExitCode(Outcome.rejected.rawValue)
        }

        private func policy() async throws -> VerificationPolicy {
            guard let source else { return try policyOptions.policy() }
            let settings = try await options.settings()
            return try TrustStore(try settings.source(named: source), limits: settings.limits).policy()
        }

        private func verifyFiling(_ id: String) async throws {
            let settings = try await options.settings()
            let journal = try await options.journal(settings)
            guard let filing = try await journal.filing(startingWith: id, source: source) else {
                throw CommandFailure(.rejected, "No filing's id begins with \(id); `qiao filings` lists them.")
            }
            let now = Date(timeIntervalSince1970: TimeInterval(TimeArgument.orNow(at)))
            let reverification = FilingReverification(journal: journal, settings: settings)
            guard let found = try await reverification.run(filing, now: now) else {
                throw CommandFailure(
                    .rejected, "Filing \(filing.identity.hex.prefix(12)) of \(filing.identity.source) was not signed.")
            }
            let view = ReverificationView(FilingView(filing), found)
            Terminal.print(json ? try JSONOutput.line(view) : ReverificationText(FilingView(filing), found).text)
            guard found.isRepeated, found.then.outcome == .passed else { throw ExitCode(Outcome.rejected.rawValue) }
        }

        private func unsigned(_ file: PackageFile, _ now: Int64) throws -> Never {
            if json { Terminal.print(try JSONOutput.line(VerdictView(unsigned: file.path.displayed, at: now))) }
            throw CommandFailure(
                .rejected,
                "\(file.path.displayed) is not a signed package 不是签名包; name the signature (.p7s) rather than its document,"
                    + " and look at it with `qiao package inspect`.")
        }
    }
}
