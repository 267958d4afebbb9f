import Foundation
import Gateway
import SignedPackages

/// A signed package as it lies on disk: the file, and the document beside it where its signature is detached.
struct PackageFile {
    let path: String
    /// The file's name without its folder, as the verifier wants it.
    let name: String
    let package: FilingInput
    /// The path of the document beside it.
    let contentPath: String?
    let content: FilingInput?

    /// Opens a package.
    ///
    /// - Parameter content: The document that a detached signature covers; where none is named, `x.csv` beside
    ///   `x.csv.p7s` is taken when it is there.
    init(_ path: String, content: String? = nil) throws {
        self.path = path
        name = URL(filePath: path).lastPathComponent
        package = try FilingInput(file: path)
        contentPath = content ?? Self.beside(path, name)
        self.content = try contentPath.map(FilingInput.init(file:))
    }

    private static func beside(_ path: String, _ name: String) -> String? {
        guard let document = PackageNames.document(ofSignature: name) else { return nil }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let candidate = folder + "/" + document
        return FileManager.default.fileExists(atPath: candidate) ? candidate : nil
    }
}
