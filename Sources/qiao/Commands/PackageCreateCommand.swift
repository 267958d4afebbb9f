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

        @Argument(help: "The documents; certificates for the kind certificates.") var files: [String]
        @Option(
            help: "cms-attached, cms-detached, asic-e, asic-s or certificates.", transform: WordArgument.read)
        var kind: PackageKind
        @OptionGroup var signing: SigningOptions
        @Option(
            name: [.customShort("o"), .long],
            help: ArgumentHelp(
                "The file to write. Default: the first document's name and the kind's usual ending.", valueName: "file")
        )
        var output: String?

        func validate() throws {
            guard files.count == 1 || kind == .asicE || kind == .certificates else {
                throw ValidationError("A package of kind \(kind.rawValue) holds one document; asic-e holds several.")
            }
            let names = files.map(Self.name)
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
            let path = output ?? files[0] + kind.ending
            guard !files.contains(path) else {
                throw ValidationError("The package would replace the document \(path); give another --output.")
            }
            let made = try kind == .certificates ? nil : signing.creator()
            let output = try FileOutput(path)
            if let made {
                try write(made, to: output)
            } else {
                let certificates = try files.flatMap {
                    try TrustFiles.certificates(try SmallFile.bytes($0), name: $0)
                }
                try output.write(PackageCreator.bundle(certificates))
            }
            try output.finish()
            Terminal.say("\(path): \(kind.rawValue), \(output.written) bytes")
        }

        private func write(_ creator: PackageCreator, to output: FileOutput) throws {
            switch kind {
            case .cmsAttached: try creator.attached(try FilingInput(file: files[0]), output: output.write)
            case .cmsDetached: try output.write(try creator.detached(try FilingInput(file: files[0])))
            case .asicE: try creator.asicE(try files.map(Self.document), output: output.write)
            case .asicS: try creator.asicS(try Self.document(files[0]), output: output.write)
            case .certificates: break
            }
        }

        private static func document(_ file: String) throws -> PackageSourceDocument {
            PackageSourceDocument(
                name: name(file), mediaType: MediaType.text(of: name(file)), content: try FilingInput(file: file))
        }

        private static func name(_ file: String) -> String { URL(filePath: file).lastPathComponent }
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
