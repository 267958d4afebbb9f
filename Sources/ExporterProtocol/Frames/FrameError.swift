/// Bytes that are not a frame, or a frame that cannot be written.
public struct FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; an open set, so that more can be told apart later.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// A stable word.
        public let rawValue: String

        /// Names a code.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The bytes do not form a frame.
        public static let malformed = Code(rawValue: "malformed")
        /// A well-formed message that holds none of the frames of this version.
        public static let unknownFrame = Code(rawValue: "unknown-frame")
        /// The frame is greater than the limit; nothing was allocated for it.
        public static let tooLarge = Code(rawValue: "too-large")
        /// The stream ends inside a frame.
        public static let truncated = Code(rawValue: "truncated")
        /// A record that cannot be told in the encoding of the session.
        public static let notEncodable = Code(rawValue: "not-encodable")
    }

    /// What is wrong.
    public var code: Code
    /// Where the frame begins: bytes from the start of the stream.
    public var offset: Int
    /// What happened, without any content of the frame.
    public var message: String

    /// Describes a failure.
    public init(_ code: Code, at offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    /// The message and the place.
    public var description: String { "\(message) (at byte \(offset))" }
}
