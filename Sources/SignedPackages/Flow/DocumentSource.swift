/// Where the bytes of a document are.
enum DocumentSource: Sendable {
    /// Beside the package, or the package itself.
    case input(any PackageInput)
    /// Inside of a SignedData that was read from the input.
    case content(SignedMessage, any PackageInput)
    /// An entry of a container, by its index.
    case entry(ZipContainer, Int)

    /// Reads from the beginning.
    func open() throws(PackageFault) -> DocumentBytes {
        switch self {
        case .input(let input): return .input(input, 0)
        case .content(let message, let input):
            guard let reader = message.contentReader(in: input) else { return .input(BytesInput([]), 0) }
            return .content(reader)
        case .entry(let container, let index): return .entry(try container.reader(of: index))
        }
    }
}

/// A document's bytes, as far as they were read.
enum DocumentBytes {
    case input(any PackageInput, Int64)
    case content(ContentReader)
    case entry(ZipEntryReader)

    /// Appends up to `count` bytes; none only at the end.
    mutating func read(upTo count: Int, into buffer: inout [UInt8]) throws(PackageFault) {
        switch self {
        case .input(let input, let offset):
            let before = buffer.count
            let wanted = Int(min(Int64(count), input.size - offset))
            guard wanted > 0 else { return }
            do {
                try input.read(at: offset, count: wanted, into: &buffer)
            } catch {
                throw PackageFault(reading: error)
            }
            guard buffer.count > before else { throw PackageFault(reading: Self.tooShort(offset, of: input)) }
            self = .input(input, offset + Int64(buffer.count - before))
        case .content(var reader):
            try reader.read(upTo: count, into: &buffer)
            self = .content(reader)
        case .entry(var reader):
            _ = try reader.read(count, into: &buffer)
            self = .entry(reader)
        }
    }

    private static func tooShort(_ offset: Int64, of input: any PackageInput) -> PackageError {
        PackageError(
            .inputTooShort, place: "byte \(offset) of \(input.size)", retryHelps: true,
            next: "Try again when the file is whole.")
    }
}
