import ArgumentParser
import Foundation
import SignedPackages

/// What is trusted, as files on the command line.
struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Root certificates, PEM or DER; those that others issued help to build paths. Can be repeated.",
            valueName: "file"))
    var trust: [FileArgument] = []

    @Option(help: ArgumentHelp("Certificates that only help to build paths. Can be repeated.", valueName: "file"))
    var intermediate: [FileArgument] = []

    @Option(help: ArgumentHelp("Revocation lists, PEM or DER. Can be repeated.", valueName: "file"))
    var crl: [FileArgument] = []

    @Option(help: ArgumentHelp("OCSP responses, DER. Can be repeated.", valueName: "file"))
    var ocsp: [FileArgument] = []

    /// The files that were named.
    var files: [FileArgument] { trust + intermediate + crl + ocsp }

    /// Whether no file was named.
    var isDefault: Bool { files.isEmpty }

    /// A policy with this material and the defaults for everything else.
    func policy() throws -> VerificationPolicy {
        let (roots, others) = TrustFiles.partition(
            try trust.flatMap { try TrustFiles.certificates(try SmallFile.bytes($0), name: $0.displayed) })
        return VerificationPolicy(
            roots: roots,
            intermediates: others
                + (try intermediate.flatMap { try TrustFiles.certificates(try SmallFile.bytes($0), name: $0.displayed) }),
            crls: try crl.flatMap { try TrustFiles.crls(try SmallFile.bytes($0), name: $0.displayed) },
            ocspResponses: try ocsp.map { try TrustFiles.ocspResponse(try SmallFile.bytes($0), name: $0.displayed) })
    }
}

/// What is demanded of a package, as flags of the command line.
struct PolicyOptions: ParsableArguments {
    @OptionGroup var trustOptions: TrustOptions

    @Option(
        help: ArgumentHelp("SHA-256 of a signer's certificate that is accepted. Can be repeated.", valueName: "sha-256")
    )
    var pinned: [String] = []

    @Option(help: ArgumentHelp("The subject of a signer that is accepted. Can be repeated.", valueName: "name"))
    var subject: [String] = []

    @Option(
        help: ArgumentHelp(
            "The unified social credit code of a signer that is accepted. Can be repeated.", valueName: "code"))
    var organisationCode: [String] = []

    @Option(help: "Whether revocation must be known: required, where-available or off.", transform: WordArgument.read)
    var revocation = RevocationRule.whereAvailable

    @Option(help: "When certificates must be valid: at-signing, now or both.", transform: WordArgument.read)
    var validity = ValidityRule.both

    @Option(help: ArgumentHelp("How many good signatures suffice. Default: every one must be good.", valueName: "n"))
    var required: Int?

    func validate() throws {
        if let required, required < 1 { throw ValidationError("--required needs a number from 1 on, not \(required).") }
        if let subject = SignerBinding(subjects: subject).unreadableSubjects.first {
            throw ValidationError(
                "--subject needs a subject as `openssl x509 -subject` prints it, such as “C = CN, O = …, CN = …”, "
                    + "not “\(subject)”.")
        }
    }

    /// Whether nothing was said.
    var isDefault: Bool {
        trustOptions.isDefault && pinned.isEmpty && subject.isEmpty && organisationCode.isEmpty && required == nil
            && revocation == .whereAvailable && validity == .both
    }

    /// The policy that the flags describe.
    func policy() throws -> VerificationPolicy {
        var policy = try trustOptions.policy()
        policy.binding = SignerBinding(pinned: pinned, subjects: subject, organisationCodes: organisationCode)
        policy.revocation = revocation
        policy.validity = validity
        if let required { policy.required = .atLeast(required) }
        return policy
    }
}

/// Words of another module's choices, read as options.
enum WordArgument {
    /// The choice that a word stands for.
    static func read<Choice: RawRepresentable<String> & CaseIterable>(_ word: String) throws -> Choice {
        guard let choice = Choice(rawValue: word) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("“\(word)” is none of \(words).")
        }
        return choice
    }
}
