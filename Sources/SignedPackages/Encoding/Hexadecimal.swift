/// Two lower-case hexadecimal digits.
func hex(_ byte: UInt8) -> String {
    hex(CollectionOfOne(byte))
}

/// Lower-case hexadecimal, without separators.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    for byte in bytes {
        digits.append(digit(byte >> 4))
        digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
}

private func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x57 + value
}
