/// Asks a gateway, running or not, to try a quarantined filing once more; see ``RequestFolder``.
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
        try RequestFolder(StateFolder(path: state)).leave(as: name)
    }

    /// Whether the original lies in quarantine, without which nothing can be tried again: it leaves that with its retention, and
    /// while it is tried again.
    ///
    /// - Throws: `InboundError` when what lies there cannot be read.
    public func hasOriginal(in state: String) throws -> Bool {
        try Quarantine(state: StateFolder(path: state)).find(self) != nil
    }

    static func pending(in state: StateFolder) -> [RetryRequest] {
        RequestFolder(state).names().compactMap { name in
            let parts = name.split(separator: ".")
            guard parts.count == 2, parts[0].count == 64 else { return nil }
            return RetryRequest(source: String(parts[1]), digest: String(parts[0]))
        }
    }

    func remove(from state: StateFolder) {
        RequestFolder(state).remove(name)
    }

    private var name: String { "\(digest).\(source)" }
}
