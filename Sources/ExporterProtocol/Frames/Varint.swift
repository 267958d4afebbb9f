/// Base-128 varints, as protobuf writes them.
enum Varint {
    /// The bytes that `value` takes: 1 to 10.
    @inline(__always)
    static func size(_ value: UInt64) -> Int {
        value < 0x80 ? 1 : (70 &- value.leadingZeroBitCount) / 7
    }

    static func append(_ value: UInt64, to output: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    @inline(__always)
    static func append(_ value: UInt64, to output: inout OutputSpan<UInt8>) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    enum Reading: Equatable {
        case value(UInt64, next: Int)
        case incomplete
        case malformed
    }

    /// Reads a varint that begins at `start` and lies before `end`.
    static func read(_ bytes: [UInt8], from start: Int, before end: Int) -> Reading {
        var value: UInt64 = 0
        var index = start
        var shift: UInt64 = 0
        while index < end {
            let byte = bytes[index]
            // The tenth byte holds the one bit that is left of 64.
            if shift == 63, byte > 1 { return .malformed }
            value |= UInt64(byte & 0x7F) << shift
            index += 1
            if byte < 0x80 { return .value(value, next: index) }
            shift += 7
            if shift > 63 { return .malformed }
        }
        return .incomplete
    }
}
