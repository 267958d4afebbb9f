/// The media types of containers, as their first entry declares them (ETSI EN 319 162-1 A.1).
enum ASiCMediaType {
    /// The name of that entry.
    static let entry = "mimetype"
    static let extended = "application/vnd.etsi.asic-e+zip"
    static let simple = "application/vnd.etsi.asic-s+zip"

    static let all: [(text: String, kind: PackageKind)] = [(extended, .asicE), (simple, .asicS)]

    /// The media type of a kind of container; empty for what is none.
    static func text(of kind: PackageKind) -> String {
        all.first { $0.kind == kind }?.text ?? ""
    }
}
