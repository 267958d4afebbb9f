/// What a PEM file holds, decoded where it is read.
struct PEMInput: PackageInput {
    private let text: any PackageInput
    private let layout: PEMLayout

    /// - Parameters:
    ///   - text: The PEM file.
    ///   - layout: What ``PEMLayout/find(in:)`` said about it.
    init(_ text: any PackageInput, layout: PEMLayout) {
        self.text = text
        self.layout = layout
    }

    var size: Int64 { layout.size }

    func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
        guard offset >= 0, offset < size, count > 0 else { return }
        let mark = offset / PEMLayout.stride
        var skip = Int(offset - mark * PEMLayout.stride)
        var wanted = Int(min(Int64(count), size - offset))
        buffer.reserveCapacity(buffer.count + wanted)
        var window = InputWindow(text, capacity: min(InputWindow.streaming, (skip + wanted) / 3 * 4 * 65 / 64 + 64))
        var position = layout.marks[Int(mark)]
        var group = Base64Group()
        while wanted > 0 {
            let range = try window.range(at: position, atMost: .max)
            for index in range {
                guard group.take(Base64.values[Int(window.bytes[index])]) else { continue }
                group.flush(skipping: &skip, wanted: &wanted, into: &buffer)
                guard wanted > 0 else { return }
            }
            guard !group.ended else { break }
            position += Int64(range.count)
        }
        throw PackageError.tooShort(at: position)
    }
}

// Up to four characters on their way to three bytes.
private struct Base64Group {
    private var bits: UInt32 = 0
    private var count = 0
    private(set) var ended = false

    // True when there are bytes to take out. The text was checked before; what is no digit is skipped.
    mutating func take(_ value: UInt8) -> Bool {
        if value < 64 {
            bits = bits << 6 | UInt32(value)
            count += 1
            return count == 4
        }
        // Padding ends the text: two or three characters are left over, for one or two bytes.
        guard value == Base64.padding || value == Base64.dash, !ended else { return false }
        ended = true
        return count > 1
    }

    mutating func flush(skipping skip: inout Int, wanted: inout Int, into buffer: inout [UInt8]) {
        let bytes = count - 1
        let aligned = bits << UInt32(6 * (4 - count))
        for index in 0..<bytes {
            if skip > 0 {
                skip -= 1
            } else if wanted > 0 {
                buffer.append(UInt8(truncatingIfNeeded: aligned >> UInt32(16 - 8 * index)))
                wanted -= 1
            }
        }
        (bits, count) = (0, 0)
    }
}
