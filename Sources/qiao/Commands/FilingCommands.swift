import ArgumentParser
import Foundation
import Gateway
import Journal

struct FilingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filings",
        abstract: "Lists filings, newest first.",
        discussion: """
            EXAMPLES
              qiao filings --limit 20
              qiao filings --source yutai-liangzhang --outcome rejected --json
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Only of this source.") var source: String?
    @Option(help: "accepted, accepted-with-findings or rejected.") var outcome: String?
    @Option(parsing: .unconditional, help: "At most so many.") var limit = 50
    @Flag(help: "Prints one JSON object per filing.") var json = false

    func validate() throws {
        try RawArguments.demandText(source, for: "The name of the source")
        guard limit > 0 else { throw ValidationError("--limit needs a number from 1 on, not \(limit).") }
        if let outcome, FilingOutcome(rawValue: outcome) == nil {
            let words = FilingOutcome.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--outcome must be one of \(words), not “\(outcome)”.")
        }
    }

    func run() async throws {
        let settings = try await options.settings()
        let journal = try await options.journal(settings)
        let wanted = outcome.flatMap(FilingOutcome.init(rawValue:))
        let filings = try await journal.filings(FilingQuery(limit: limit, source: source, outcome: wanted))
        // One that is not in the settings any more may have filed before.
        if filings.isEmpty, let source { _ = try settings.source(named: source) }
        if json {
            for filing in filings { Terminal.print(try JSONOutput.line(FilingView(filing))) }
            return
        }
        var table = Table(["ID", "SOURCE", "NAME", "OUTCOME", "RECEIVED", "ROWS", "RECORDS", "FINDINGS"])
        for filing in filings {
            table.add([
                String(filing.identity.hex.prefix(12)), filing.identity.source, FilingView(filing).name,
                filing.outcome.rawValue, Moment.text(filing.receivedAt), "\(filing.counts.rowsRead)",
                "\(filing.counts.records)", "\(filing.findings)",
            ])
        }
        // Names have up to 255 bytes.
        if let width = Terminal.outputWidth { table.shorten(column: 2, toFit: width) }
        Terminal.print(table.text)
    }
}

struct FilingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filing",
        abstract: "Shows one filing: what happened to it, its counts, its findings.",
        discussion: """
            EXAMPLES
              qiao filing 3fa9c1           the first digits of the id are enough
              qiao filing 3fa9c1 --json
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The id of the filing (its SHA-256), or its first digits.") var id: String
    @Option(help: "Only of this source.") var source: String?
    @Option(help: "Findings to show.") var findings = 20
    @Flag(help: "Prints one JSON object.") var json = false

    func validate() throws {
        try FilingID.demand(id)
        try RawArguments.demandText(source, for: "The name of the source")
        guard findings >= 0 else { throw ValidationError("--findings needs a number from 0 on, not \(findings).") }
    }

    func run() async throws {
        let journal = try await options.journal(try await options.settings())
        guard let filing = try await journal.filing(startingWith: id, source: source) else {
            throw CommandFailure(.rejected, "No filing's id begins with \(id); `qiao filings` lists them.")
        }
        let events = try await journal.events(of: filing.identity)
        let found = try await journal.findings(of: filing.identity, limit: findings)
        if json {
            Terminal.print(try JSONOutput.line(FilingView(filing, events: events, findings: found.findings)))
        } else {
            Terminal.print(FilingText(filing, events: events, findings: found).text)
        }
        if !filing.reconciles { throw ExitCode(Outcome.rejected.rawValue) }
    }
}

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Tries a quarantined filing once more, e.g. after its mapping was mended.",
        discussion: """
            EXAMPLES
              qiao retry 3fa9c1
              qiao retry 3fa9c1 --allow-deletes    a snapshot that its guard held back
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The id of the filing (its SHA-256), or its first digits.") var id: String
    @Option(help: "Only of this source.") var source: String?
    @Flag(help: "Approves the deletions of a snapshot that was held back.") var allowDeletes = false

    func validate() throws {
        try FilingID.demand(id)
        try RawArguments.demandText(source, for: "The name of the source")
    }

    func run() async throws {
        let settings = try await options.settings()
        let journal = try await options.journal(settings, access: .guest)
        guard let filing = try await journal.filing(startingWith: id, source: source) else {
            throw CommandFailure(.rejected, "No filing's id begins with \(id); `qiao filings` lists them.")
        }
        guard filing.outcome == .rejected else {
            throw CommandFailure(
                .rejected,
                "Filing \(filing.identity.hex.prefix(12)) was \(filing.outcome.rawValue); only rejected filings can be retried."
            )
        }
        let request = RetryRequest(source: filing.identity.source, digest: filing.identity.hex)
        guard try await hasOriginal(request, settings) else {
            throw CommandFailure(
                .rejected,
                """
                Filing \(filing.identity.hex.prefix(12)) of \(filing.identity.source) cannot be tried again now: its original is \
                not in \(settings.state)/quarantine/\(filing.identity.source). If it lies in \(workFolder(request, settings)), it \
                could not be moved there, as the log says; ask again when it has been. Else it has left with \
                `retention.quarantine`, or somebody has taken it away: put it back, or have it filed again. If it is being tried \
                again already, `qiao filing` says what becomes of it.
                """)
        }
        if allowDeletes { try await journal.approve(filing.identity, at: Date()) }
        try request.leave(in: settings.state)
        let when = settings.runningProcess == nil ? "when the gateway is started" : "now"
        Terminal.say("Filing \(filing.identity.hex.prefix(12)) of \(filing.identity.source) is tried again \(when).")
    }

    private func workFolder(_ request: RetryRequest, _ settings: Settings) -> String {
        let source = settings.sources.first { $0.name == request.source }
        return source.map { "\($0.inbound)/.qiao/work" } ?? "the work folder of that source"
    }

    // A filing is answered a moment before its original is moved.
    private func hasOriginal(_ request: RetryRequest, _ settings: Settings) async throws -> Bool {
        for _ in 0..<20 where settings.runningProcess != nil {
            if try request.hasOriginal(in: settings.state) { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try request.hasOriginal(in: settings.state)
    }
}

/// The id of a filing on the command line: its SHA-256, or as many of the first digits as tell it from the others.
enum FilingID {
    static func demand(_ text: String) throws {
        guard !text.isEmpty, text.utf8.count <= 64, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw ValidationError(
                "The id of a filing has 1 to 64 hexadecimal digits, not “\(text)”; `qiao filings` lists them.")
        }
    }
}
