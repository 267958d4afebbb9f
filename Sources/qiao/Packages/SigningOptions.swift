import ArgumentParser
import Foundation
import SignedPackages

/// Who signs, and how, as flags of the command line.
struct SigningOptions: ParsableArguments {
    /// The object identifiers of a SignedData.
    enum Profile: String, ExpressibleByArgument, CaseIterable {
        case cms, gbt35275

        var profile: CMSProfile { self == .cms ? .cms : .gbt35275 }
    }

    @Option(
        help: ArgumentHelp("A signer's private key, PEM without a passphrase. Once for each signer.", valueName: "file")
    )
    var key: [FileArgument] = []

    @Option(
        help: ArgumentHelp(
            "The certificate of that key, PEM or DER; issuers may follow in the same file. As often as --key, in the same"
                + " order.", valueName: "file"))
    var certificate: [FileArgument] = []

    @Option(
        help: ArgumentHelp("Certificates of issuers that go into the package too. Can be repeated.", valueName: "file"))
    var chain: [FileArgument] = []

    @Option(help: "cms (RFC 5652) or gbt35275. Default: gbt35275 where all keys are SM2, otherwise cms.")
    var profile: Profile?

    @Flag(help: "Names the signer's certificate in the signed attributes. ASiC packages always do.")
    var cades = false

    @Flag(help: "RSA keys sign with RSASSA-PSS instead of PKCS#1 v1.5.")
    var pss = false

    @Option(help: ArgumentHelp("The signing time (RFC 3339). Default: now.", valueName: "time"))
    var signingTime: TimeArgument?

    func validate() throws {
        guard key.count == certificate.count else {
            throw ValidationError(
                "--key is given \(Plural.of(key.count, "time")) and --certificate"
                    + " \(Plural.of(certificate.count, "time")); each signer needs one of both.")
        }
    }

    /// The files that are named.
    var files: [FileArgument] { key + certificate + chain }

    /// What makes the package.
    func creator() throws -> PackageCreator {
        let issuers = try chain.flatMap(certificates)
        var isSM2 = true
        let signers = try zip(key, certificate).map { keyFile, certificateFile in
            let own = try certificates(certificateFile)
            let pem = try SmallFile.bytes(keyFile)
            do throws(PackageError) {
                let key = try PackageSigningKey(pem: pem)
                isSM2 = isSM2 && key.name == "SM2"
                return try PackageSigner(key: key, certificates: own + issuers, pss: pss)
            } catch {
                var error = error
                if error.code == .unusableKey {
                    error.place = (error.place == "certificate" ? certificateFile : keyFile).displayed
                }
                throw error
            }
        }
        return PackageCreator(
            signers: signers, profile: profile?.profile ?? (isSM2 ? .gbt35275 : .cms),
            signedAt: TimeArgument.orNow(signingTime), cades: cades)
    }

    private func certificates(_ file: FileArgument) throws -> [[UInt8]] {
        try TrustFiles.certificates(try SmallFile.bytes(file), name: file.displayed)
    }
}
