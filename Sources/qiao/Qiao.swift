import ArgumentParser
import ExporterProtocol
import Gateway

struct Qiao: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qiao",
        abstract: "A document-interchange gateway: files in, canonical records out.",
        discussion: """
            EXAMPLES
              qiao demo                               the samples through the gateway
              qiao convert roster.csv --to jsonl      one document, here and now
              qiao check --config qiao.yaml           what is wrong with the settings
              qiao serve --config qiao.yaml           the daemon
              qiao package verify x.p7m --trust r.pem a signature, each check of it

            EXIT CODES
              0 all good · 1 some records were set aside · 2 rejected, or a check failed
              64 usage · 70 internal · 74 input or output · 78 configuration
            """,
        version: Version.text,
        subcommands: [
            DemoCommand.self, ServeCommand.self, CheckCommand.self, ConvertCommand.self, RecordsCommand.self,
            MappingCommand.self, PackageCommand.self, TrustCommand.self, ExporterCommand.self, StatusCommand.self,
            FilingsCommand.self, FilingCommand.self, RetryCommand.self, DeadLettersCommand.self, DeadLetterCommand.self,
            ReplayCommand.self, DismissCommand.self,
        ])
}

/// What `qiao --version` prints.
enum Version {
    static let text = "qiao \(GatewayVersion.number), exporter protocol \(ExporterProtocolVersion.current)"
}
