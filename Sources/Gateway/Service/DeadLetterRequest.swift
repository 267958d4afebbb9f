/// Asks a gateway, running or not, to settle a dead letter; see ``RequestFolder``.
public struct DeadLetterRequest: Sendable, Hashable {
    /// What can be asked for.
    public enum Wish: Sendable, Hashable {
        /// Send the record again.
        case replay
        /// Send this record in its place (one message, no length prefix).
        case replayMended([UInt8])
        /// Let it go.
        case remove
    }

    /// The number of the dead letter.
    public var number: Int64
    /// What is asked for.
    public var wish: Wish

    /// Asks for something.
    public init(_ number: Int64, _ wish: Wish) {
        self.number = number
        self.wish = wish
    }

    /// Leaves the request in the state folder. One that waits there already for the same dead letter is replaced.
    ///
    /// - Throws: ``GatewayError`` when the folder cannot be written to.
    public func leave(in state: String) throws(GatewayError) {
        var bytes: [UInt8]
        switch wish {
        case .replay: bytes = [Word.replay.rawValue]
        case .replayMended(let record): bytes = [Word.mended.rawValue] + record
        case .remove: bytes = [Word.remove.rawValue]
        }
        try RequestFolder(StateFolder(path: state)).leave(bytes, as: name)
    }

    /// What is asked for, in the order of the numbers.
    static func pending(in state: StateFolder) -> [DeadLetterRequest] {
        let folder = RequestFolder(state)
        return folder.names().compactMap { name in
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == Self.prefix, let number = Int64(parts[1]),
                let bytes = folder.contents(of: name), let word = bytes.first.flatMap(Word.init(rawValue:))
            else { return nil }
            switch word {
            case .replay: return DeadLetterRequest(number, .replay)
            case .mended: return DeadLetterRequest(number, .replayMended(Array(bytes.dropFirst())))
            case .remove: return DeadLetterRequest(number, .remove)
            }
        }.sorted { $0.number < $1.number }
    }

    func remove(from state: StateFolder) {
        RequestFolder(state).remove(name)
    }

    // The first byte of a request.
    private enum Word: UInt8 {
        case replay = 0x72
        case mended = 0x6D
        case remove = 0x64
    }

    private static let prefix = "dead-letter"
    private var name: String { "\(Self.prefix).\(number)" }
}
