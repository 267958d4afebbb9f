import ArgumentParser
import Foundation
import Gateway
import SignedPackages

extension PackageCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Makes a signed package from documents and a key.",
            discussion: """
                KINDS
                  cms-attached   SignedData with the document inside, in DER: cases.xml.p7m
                  cms-detached   SignedData beside the document: roster.csv.p7s
                  asic-e         ASiC-E with CAdES: any number of documents
                  asic-s         ASiC-S with CAdES: one document
                  certificates   a bundle of the certificates in the files, with no signature

                EXAMPLES
                  qiao package create cases.xml --kind cms-attached \\
                      --key my.key --certificate my.crt
                  qiao package create roster.csv --kind cms-detached \\
                      --key sm2.key --certificate sm2.crt -o roster.csv.p7s
                  qiao package create cases.xml roster.csv --kind asic-e \\
                      --key my.key --certificate my.crt \\
                      --chain ca.crt -o filing.asice
                  qiao package create old.crt new.crt --kind certificates -o both.p7b

                EXIT CODES
                  0 made · 64 usage · 74 input or output
                """)

        @Argument(help: "The documents; certificates for the kind certificates.") var files: [FileArgument]
        @Option(
            help: "cms-attached, cms-detached, asic-e, asic-s or certificates.", transform: WordArgument.read)
        var kind: PackageKind
        @OptionGroup var signing: SigningOptions
        @Option(
            name: [.customShort("o"), .long],
            help: ArgumentHelp(
                "The file to write; - is stdout. Default: the first document's name and the kind's usual ending.",
                valueName: "file")
        )
        var output: FileArgument?

        func validate() throws {
            guard files.count == 1 || kind == .asicE || kind == .certificates else {
                throw ValidationError("A package of kind \(kind.rawValue) holds one document; asic-e holds several.")
            }
            guard kind == .certificates || !signing.key.isEmpty else {
                throw ValidationError("A signed package needs a signer: give --key FILE and --certificate FILE.")
            }
            let names = files.map(\.lastName)
            if kind == .asicE, let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
                throw ValidationError("Two documents are called \(twice); a package needs different names.")
            }
        }

        func run() async throws {
            try make()
        }

        // Nothing here waits. Inlined into `run`, it makes the optimiser of Swift 6.3.1 crash while it splits that coroutine.
        @inline(never)
        private func make() throws {
            let path = output ?? files[0].appending(kind.ending)
            try refuseToOverwrite(path)
            let made = try kind == .certificates ? nil : signing.creator()
            let output = try OutputTarget(path)
            if let made {
                try write(made, to: output)
            } else {
                let certificates = try files.flatMap {
                    try TrustFiles.certificates(try SmallFile.bytes($0), name: $0.displayed)
                }
                try output.write(PackageCreator.bundle(certificates))
            }
            try output.finish()
            let size = output.written.map { ", \($0) bytes" } ?? ""
            Terminal.say("\(path.isStandardStream ? "stdout" : path.displayed): \(kind.rawValue)\(size)")
        }

        // A slip of the hand must cost nobody a document, nor a key.
        private func refuseToOverwrite(_ path: FileArgument) throws {
            guard let identity = SystemFile.identity(of: path) else { return }
            guard let file = (files + signing.files).first(where: { SystemFile.identity(of: $0) == identity }) else {
                return
            }
            throw CommandFailure(.usage, "The package would replace \(file.displayed); give another --output.")
        }

        private func write(_ creator: PackageCreator, to output: OutputTarget) throws {
            switch kind {
            case .cmsAttached: try creator.attached(try FilingInput(file: files[0]), output: output.write)
            case .cmsDetached: try output.write(try creator.detached(try FilingInput(file: files[0])))
            case .asicE: try creator.asicE(try files.map(Self.document), output: output.write)
            case .asicS: try creator.asicS(try Self.document(files[0]), output: output.write)
            case .certificates: break
            }
        }

        private static func document(_ file: FileArgument) throws -> PackageSourceDocument {
            PackageSourceDocument(
                name: file.lastName, mediaType: MediaType.text(of: file.lastName), content: try FilingInput(file: file))
        }
    }
}

extension PackageKind {
    /// What is put behind the document's name.
    fileprivate var ending: String {
        switch self {
        case .cmsAttached: ".p7m"
        case .cmsDetached: ".p7s"
        case .asicE: ".asice"
        case .asicS: ".asics"
        case .certificates: ".p7b"
        }
    }
}

/// The media type that a document's ending stands for; it is for people and decides nothing.
private enum MediaType {
    private static let known = [
        "csv": "text/csv", "txt": "text/plain", "xml": "application/xml", "cer": "application/pkix-cert",
        "crt": "application/pkix-cert", "pem": "application/x-pem-file",
    ]

    static func text(of name: String) -> String {
        known[URL(filePath: name).pathExtension.lowercased()] ?? "application/octet-stream"
    }
}
