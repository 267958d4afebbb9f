/// What bytes are written to: a file, which has them all at the end or is as it was; stdout, a pipe or a device, for which
/// they wait until the end; or the null device, for which they need not.
enum OutputTarget {
    case file(FileOutput)
    case waiting(WaitingOutput)
    case null

    /// Opens what a name stands for.
    ///
    /// - Parameter name: The file or device; stdout when nil or "-".
    init(_ name: FileArgument?) throws {
        let place = try OutputPlace(name)
        switch (place.kind, place) {
        case (.nullDevice, _): self = .null
        case (.regular, .path(let path)), (nil, .path(let path)): self = .file(try FileOutput(path, named: name))
        case (.folder, _):
            throw CommandFailure(
                .inputOutput,
                "\(name?.displayed ?? "stdout") cannot be written: it is a folder; name a file in it.")
        default: self = .waiting(WaitingOutput(place, named: name))
        }
    }

    /// How many bytes it was given; nil where nobody counts.
    var written: Int? {
        switch self {
        case .file(let output): Int(output.written)
        case .waiting(let output): output.size
        case .null: nil
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

    /// Ends with nothing to hand over: a file stays as it was, and whoever reads a pipe reads its end.
    ///
    /// - Returns: What became of the file, in words; nil where it is none.
    func leave() throws -> String? {
        switch self {
        case .file(let output): return output.untouched
        case .waiting(let output):
            try output.finish()
            return nil
        case .null: return nil
        }
    }
}
