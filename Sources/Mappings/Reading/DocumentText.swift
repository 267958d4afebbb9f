import Findings
import TextEncodings

/// Decodes a document piece by piece and knows where each byte of the text was filed.
struct DocumentText: Sendable {
    private var decoder: TextDecoder

    init(encoding: TextEncoding) {
        decoder = TextDecoder(from: encoding)
    }

    /// Whether no byte has come yet.
    var isAtStart: Bool { decoder.originalCount == 0 }

    /// Decodes the next bytes. Nothing before `oldest`, an offset in the text, will be asked for any more.
    mutating func decode(_ bytes: Span<UInt8>, into text: inout [UInt8], isLast: Bool, oldest: Int) {
        decoder.releaseHistory(before: oldest)
        text.removeAll(keepingCapacity: true)
        decoder.decode(bytes, into: &text, isLast: isLast)
    }

    /// What the decoder noticed since the last call: bytes that are no text reject the document, since nobody can say
    /// what they should have been; private-use characters are notes.
    mutating func takeFindings() -> [Finding] {
        guard !decoder.faults.isEmpty else { return [] }
        return decoder.takeFaults().map { fault in
            var finding = fault.finding(
                in: decoder.encoding, at: SourcePlace(line: 0, column: 0, offset: fault.originalOffset))
            if fault.kind != .privateUse { finding.severity = .fatal }
            return finding
        }
    }

    /// A place in the text as a place in the document as it was filed.
    func original(_ place: SourcePlace) -> SourcePlace {
        SourcePlace(
            line: place.line, column: place.column, offset: decoder.originalOffset(ofUTF8Offset: place.offset))
    }
}
