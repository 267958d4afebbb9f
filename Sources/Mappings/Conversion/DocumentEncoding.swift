public import TextEncodings
import XMLFilings

extension EncodingVerdict {
    /// The encoding that a document is to be read in: what the survey of its bytes found, unless it is XML that can say
    /// more of itself.
    ///
    /// XML in UTF-16 is known without a byte order mark (appendix F of XML 1.0). And what GB18030 writes can be valid
    /// UTF-8 by chance, character by character in two bytes each (`一` is D2 BB), while no Chinese character has two bytes
    /// in UTF-8: such a document is what it declares to be.
    ///
    /// - Parameter document: The document as filed, or as much of its beginning as a ``DocumentHead`` has: no more is
    ///   looked at, so that whoever has read all of it comes to the same result as who has not.
    public func encoding(ofDocument document: Span<UInt8>) -> TextEncoding {
        let head = document.extracting(0..<min(document.count, DocumentHead.size))
        guard byteOrderMark == 0, head.count >= 4 else { return encoding }
        if head[0] == 0 || head[1] == 0 {
            switch XMLDeclaration.sniff(head).family {
            case .utf16LittleEndian: return .utf16LittleEndian
            case .utf16BigEndian: return .utf16BigEndian
            case .singleByteASCII: return encoding
            }
        }
        let isDamaged = firstInvalidUTF8Offset != nil && !isCutAtEnd
        guard encoding == .utf8, !isPureASCII, head[0] == 0x3C, isDamaged || Self.hasOnlyShortCharacters(head) else {
            return encoding
        }
        let declared = XMLDeclaration.sniff(head).declaredLabel.flatMap { TextEncoding(label: $0) }
        return declared == .gb18030 ? .gb18030 : encoding
    }

    // Some characters of two bytes in UTF-8, and none of more.
    private static func hasOnlyShortCharacters(_ head: Span<UInt8>) -> Bool {
        var isAny = false
        for index in 0..<head.count where head[index] >= 0xC0 {
            if head[index] >= 0xE0 { return false }
            isAny = true
        }
        return isAny
    }
}
