import Foundation
import Glibc

/// Asks a gateway, running or not, to try a quarantined filing once more.
///
/// A request is a file in the state folder: the command line writes it, the gateway picks it up within a second, or at its
/// next start, and removes it.
public struct RetryRequest: Sendable, Hashable {
    /// The source that filed it.
    public var source: String
    /// SHA-256 of the filing, lower-case hex.
    public var digest: String

    /// Names a filing.
    public init(source: String, digest: String) {
        self.source = source
        self.digest = digest
    }

    /// Leaves the request in the state folder.
    ///
    /// - Throws: ``GatewayError`` when the folder cannot be written to.
    public func leave(in state: String) throws(GatewayError) {
        let folder = Self.folder(StateFolder(path: state))
        try StateFolder.make(folder)
        try DurableFile.write("", to: "\(folder)/\(digest).\(source)", mode: 0o640)
    }

    static func pending(in state: StateFolder) -> [RetryRequest] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(state))) ?? []
        return names.sorted().compactMap { name in
            let parts = name.split(separator: ".")
            guard parts.count == 2, parts[0].count == 64 else { return nil }
            return RetryRequest(source: String(parts[1]), digest: String(parts[0]))
        }
    }

    func remove(from state: StateFolder) {
        unlink("\(Self.folder(state))/\(digest).\(source)")
    }

    private static func folder(_ state: StateFolder) -> String { state.path + "/requests" }
}
