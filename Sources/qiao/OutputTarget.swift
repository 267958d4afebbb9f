/// What bytes are written to: a file, which has them all at the end or is as it was; stdout, a pipe or a device, for which
/// they wait until the end; or the null device, for which they need not.
enum OutputTarget {
    case file(FileOutput)
    case waiting(WaitingOutput)
    case null

    /// Opens what a name stands for, behind whatever links lead to it.
    ///
    /// - Parameter path: The file or device; stdout when nil or "-".
    init(_ path: String?) throws {
        let path = path == "-" ? nil : path
        switch (SystemFile.kind(of: path), path) {
        case (.nullDevice, _): self = .null
        case (.regular, let path?), (nil, let path?): self = .file(try FileOutput(path))
        default: self = .waiting(WaitingOutput(path))
        }
    }

    func write(_ bytes: [UInt8]) throws {
        switch self {
        case .file(let output): try output.write(bytes)
        case .waiting(let output): try output.write(bytes)
        case .null: break
        }
    }

    /// Forgets everything behind so many bytes.
    func shorten(to count: Int) throws {
        switch self {
        case .file(let output): try output.shorten(to: count)
        case .waiting(let output): try output.shorten(to: count)
        case .null: break
        }
    }

    /// Hands over what was written.
    func finish() throws {
        switch self {
        case .file(let output): try output.finish()
        case .waiting(let output): try output.finish()
        case .null: break
        }
    }
}
