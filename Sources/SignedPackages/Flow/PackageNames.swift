/// How the names of packages and their documents belong together.
public enum PackageNames {
    private static let signatureEndings = [".p7s"]
    private static let wrapperEndings = [".p7m", ".p7"]

    /// The name of the document that a detached signature of that name covers: `x.csv` for `x.csv.p7s`; nil where the
    /// name is not that of a detached signature.
    public static func document(ofSignature name: String) -> String? {
        stripped(name, of: signatureEndings)
    }

    /// The names that the detached signature of a document may have, the usual one first.
    public static func signatures(ofDocument name: String) -> [String] {
        signatureEndings.flatMap { [name + $0, name + $0.uppercased()] }
    }

    /// The name of the document inside of an attached package: `x.xml` for `x.xml.p7m`; the same name where it has
    /// another ending.
    public static func document(inside name: String) -> String {
        stripped(name, of: wrapperEndings + signatureEndings) ?? name
    }

    private static func stripped(_ name: String, of endings: [String]) -> String? {
        let lower = name.lowercased()
        guard let ending = endings.first(where: { lower.hasSuffix($0) && lower.utf8.count > $0.utf8.count }),
            lower.utf8.count == name.utf8.count
        else { return nil }
        return String(name.dropLast(ending.count))
    }
}
