import TextEncodings

/// The text of bytes that are whole and without fault in GB18030; nil when they are not.
func gb18030Text(of bytes: [UInt8]) -> String? {
    var decoder = TextDecoder(from: .gb18030)
    var decoded: [UInt8] = []
    decoder.decode(bytes.span, into: &decoded, isLast: true)
    guard decoder.faults.isEmpty else { return nil }
    return String(validating: decoded, as: UTF8.self)
}
