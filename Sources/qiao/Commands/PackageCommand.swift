import ArgumentParser

struct PackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package",
        abstract: "Verifies, shows and makes signed packages.",
        discussion: """
            A package is CMS or GB/T 35275 SignedData with its document inside (.p7m, .p7) or beside it (.p7s), an ASiC-E or \
            ASiC-S container with CAdES signatures, or a bundle of certificates (.p7b). docs/signed-packages.md says what is \
            checked, and what each finding means.
            """,
        subcommands: [Verify.self, Inspect.self, Create.self])
}
