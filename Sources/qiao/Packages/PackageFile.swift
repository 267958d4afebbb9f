import Gateway
import SignedPackages

/// A signed package as it lies on disk: the file, and the document beside it where its signature is detached.
struct PackageFile {
    let path: FileArgument
    /// The file's name without its folder, as the verifier wants it.
    let name: String
    let package: FilingInput
    /// The path of the document beside it.
    let contentPath: FileArgument?
    let content: FilingInput?

    /// Opens a package.
    ///
    /// - Parameter content: The document that a detached signature covers; where none is named, `x.csv` beside
    ///   `x.csv.p7s` is taken when it is there.
    init(_ path: FileArgument, content: FileArgument? = nil) throws {
        self.path = path
        name = path.lastName
        package = try FilingInput(file: path)
        contentPath = content ?? Self.beside(path)
        self.content = try contentPath.map(FilingInput.init(file:))
    }

    /// The document beside a detached signature: `x.csv` for `x.csv.p7s`; nil when there is none.
    static func beside(_ path: FileArgument) -> FileArgument? {
        // An ending is ASCII, whatever stands before it.
        let shape = String(decoding: path.last.bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        guard let document = PackageNames.document(ofSignature: shape) else { return nil }
        let candidate = FileArgument(bytes: path.bytes.dropLast(shape.utf8.count - document.utf8.count))
        return SystemFile.kind(of: candidate) == nil ? nil : candidate
    }
}
