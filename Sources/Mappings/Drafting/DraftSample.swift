import Findings
public import TextEncodings

/// A document to draft a mapping from, or as much of its beginning as is looked at.
public struct DraftSample: Sendable {
    /// Bytes of a document that are looked at.
    public static let size = 4 << 20
    /// Rows or elements that are looked at.
    public static let rowLimit = 10_000
    // Cells, or values of elements, that are looked at.
    static let cellLimit = 500_000

    /// The file's name without its folder.
    public let name: String
    /// The encoding, as a conversion finds it.
    public let encoding: TextEncoding
    /// Whether ``bytes`` are the whole document.
    public let isWhole: Bool
    let bytes: [UInt8]

    /// Takes a document.
    ///
    /// - Parameters:
    ///   - bytes: As filed, up to ``size``; what is more is cut off.
    ///   - isWhole: Whether they are the whole document.
    public init(name: String, bytes: [UInt8], isWhole: Bool) {
        let looked = Array(bytes.prefix(Self.size))
        var survey = EncodingSurvey()
        survey.survey(looked.span)
        encoding = survey.finish().encoding(ofDocument: looked.span)
        self.name = name
        self.isWhole = isWhole && bytes.count <= Self.size
        self.bytes = self.isWhole ? looked : Self.atLineEnd(looked[...], encoding)
    }

    // Half a row at the end would look like a bad one. A line feed is never part of another character, UTF-16 aside.
    private static func atLineEnd(_ bytes: ArraySlice<UInt8>, _ encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf16LittleEndian, .utf16BigEndian: return Array(bytes.prefix(bytes.count & ~1))
        case .utf8, .gb18030:
            let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex
            return Array(bytes[..<end])
        }
    }

    /// What the sample is; what nobody could read is refused.
    func readableFormat() throws(DraftRefusal) -> DocumentFormat {
        let head = DocumentHead(Array(bytes.prefix(DocumentHead.size)), encoding: encoding)
        guard head.foreignFormat == nil, let format = head.format else {
            throw DraftRefusal(chinese: head.summary.chinese, english: head.summary.english)
        }
        return format
    }

    /// The text, UTF-8, up to the first bytes that are none.
    func text() throws(DraftRefusal) -> [UInt8] {
        var decoder = TextDecoder(from: encoding)
        var text: [UInt8] = []
        decoder.decode(bytes.span, into: &text, isLast: isWhole)
        if let fault = decoder.faults.first(where: { $0.kind != .privateUse }) {
            throw DraftRefusal(
                chinese: "第 \(fault.originalOffset) 字节起不是 \(encoding.rawValue) 文字，请重新导出后再试",
                english: "byte \(fault.originalOffset) begins no \(encoding.rawValue) character; export it again")
        }
        return text
    }

    /// The file's name without its extension, or a word for it.
    var stem: String {
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        return stem.isEmpty ? "sample" : stem
    }
}
