import FuzzSupport
import TextEncodings

/// Bytes in every encoding: cuts, faults, offsets, and the way back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEncodings(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var input = FuzzInput(start, count)
    let pieces = input.pieces()
    checkSurvey(input.bytes, pieces)
    for encoding in TextEncoding.allCases {
        let whole = Decoding([input.bytes], from: encoding)
        let cut = Decoding(pieces, from: encoding)
        requireEqual(cut.output, whole.output, "\(encoding) cut into \(pieces.map(\.count))")
        requireEqual(cut.faults, whole.faults, "\(encoding) cut into \(pieces.map(\.count))")
        check(whole, of: input.bytes)
        checkOffsets(whole, cut, of: input.bytes)
    }
    if let text = input.text { checkEncoding(text) }
    return 0
}

/// A document that was decoded, with what was told on the way.
struct Decoding {
    let encoding: TextEncoding
    var output: [UInt8] = []
    var faults: [DecodingFault]
    var decoder: TextDecoder

    init(_ pieces: [[UInt8]], from encoding: TextEncoding) {
        self.encoding = encoding
        decoder = TextDecoder(from: encoding)
        for piece in pieces { decoder.decode(piece.span, into: &output, isLast: false) }
        let nothing: [UInt8] = []
        decoder.decode(nothing.span, into: &output, isLast: true)
        faults = decoder.faults
    }
}

// The text is UTF-8; every replacement has its fault, every fault the bytes that stand at its offset.
private func check(_ decoding: Decoding, of bytes: [UInt8]) {
    let encoding = decoding.encoding
    guard let text = String(validating: decoding.output, as: UTF8.self) else {
        fatalError("\(encoding) gave no UTF-8")
    }
    requireEqual(decoding.decoder.utf8Count, decoding.output.count, "\(encoding): count of the output")
    requireEqual(decoding.decoder.originalCount, bytes.count, "\(encoding): count of the input")
    require(decoding.output.count <= 3 * bytes.count, "\(encoding): \(decoding.output.count) bytes of output")
    var replaced: Set<Int> = []
    for fault in decoding.faults {
        let end = fault.originalOffset + fault.bytes.count
        require(!fault.bytes.isEmpty && end <= bytes.count, "\(encoding): \(fault)")
        requireEqual(fault.bytes, Array(bytes[fault.originalOffset..<end]), "\(encoding): bytes of \(fault)")
        guard fault.kind != .privateUse else { continue }
        replaced.insert(fault.utf8Offset)
        let written = decoding.output[fault.utf8Offset...].prefix(3)
        requireEqual(Array(written), [0xEF, 0xBF, 0xBD], "\(encoding): output of \(fault)")
    }
    requireEqual(
        decoding.decoder.invalidCount, decoding.faults.count { $0.kind != .privateUse }, "\(encoding): count of faults")
    checkReversal(text, replaced, bytes, encoding)
}

// Encoding the text again gives the document; what was replaced is put back from the faults' places. So no U+FFFD stands
// in the text that was neither filed nor told.
private func checkReversal(_ text: String, _ replaced: Set<Int>, _ bytes: [UInt8], _ encoding: TextEncoding) {
    var offset = 0
    var position = bytes.starts(with: encoding.byteOrderMark) ? encoding.byteOrderMark.count : 0
    for scalar in text.unicodeScalars {
        defer { offset += String(scalar).utf8.count }
        if replaced.contains(offset) {
            position = -1
        } else if position >= 0 {
            let code = encode(scalar, encoding)
            requireEqual(
                Array(bytes[position...].prefix(code.count)), code, "\(encoding): \(scalar) at \(position)")
            position += code.count
        }
        if position < 0 { return }
    }
    if replaced.isEmpty { requireEqual(position, bytes.count, "\(encoding): end of the document") }
}

// Offsets translate back in order and within the document, whatever the cuts; those of faults are exact.
private func checkOffsets(_ whole: Decoding, _ cut: Decoding, of bytes: [UInt8]) {
    var last = 0
    // Each costs a walk through the document, so of many some are tried.
    for offset in stride(from: 0, through: whole.output.count, by: 1 + whole.output.count / 60) {
        let original = whole.decoder.originalOffset(ofUTF8Offset: offset)
        require(original >= last && original <= bytes.count, "\(whole.encoding): \(offset) gives \(original)")
        requireEqual(cut.decoder.originalOffset(ofUTF8Offset: offset), original, "\(whole.encoding): \(offset), cut")
        last = original
    }
    for fault in whole.faults {
        requireEqual(
            whole.decoder.originalOffset(ofUTF8Offset: fault.utf8Offset), fault.originalOffset,
            "\(whole.encoding): \(fault)")
    }
}

private func encode(_ scalar: Unicode.Scalar, _ encoding: TextEncoding) -> [UInt8] {
    switch encoding {
    case .utf8: Array(String(scalar).utf8)
    case .gb18030: GB18030.encode(scalar)
    case .utf16LittleEndian: String(scalar).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .utf16BigEndian: String(scalar).utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
}

// Every text comes back whole from every encoding.
private func checkEncoding(_ text: String) {
    guard !text.hasPrefix("\u{FEFF}") else { return }
    for encoding in TextEncoding.allCases {
        let bytes = text.unicodeScalars.flatMap { encode($0, encoding) }
        let decoding = Decoding([bytes], from: encoding)
        requireEqual(decoding.output, Array(text.utf8), "\(encoding)")
        require(decoding.faults.allSatisfy { $0.kind == .privateUse }, "\(encoding): \(decoding.faults)")
    }
    requireEqual(GB18030.encode(text), text.unicodeScalars.flatMap { GB18030.encode($0) }, "whole text")
}

private func checkSurvey(_ bytes: [UInt8], _ pieces: [[UInt8]]) {
    func verdict(_ pieces: [[UInt8]]) -> EncodingVerdict {
        var survey = EncodingSurvey()
        for piece in pieces { survey.survey(piece.span) }
        return survey.finish()
    }
    let whole = verdict([bytes])
    requireEqual(verdict(pieces), whole, "survey cut into \(pieces.map(\.count))")
    requireEqual(whole.byteCount, bytes.count, "survey")
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    guard !isUTF16 else {
        require(whole.encoding == .utf16LittleEndian || whole.encoding == .utf16BigEndian, "\(whole)")
        return
    }
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    requireEqual(whole.firstInvalidUTF8Offset == nil, isValid, "\(whole)")
    if isValid { requireEqual(whole.encoding, .utf8, "\(whole)") }
    if let offset = whole.firstInvalidUTF8Offset {
        require(String(validating: bytes[..<offset], as: UTF8.self) != nil, "\(whole)")
        require(String(validating: bytes[...offset], as: UTF8.self) == nil, "\(whole)")
    }
    requireEqual(whole.isPureASCII, bytes.allSatisfy { $0 < 0x80 }, "\(whole)")
}
