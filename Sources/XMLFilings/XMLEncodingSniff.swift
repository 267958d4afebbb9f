public import Findings

/// What the first bytes of a document say about its encoding, before it is decoded (appendix F of XML 1.0).
public struct XMLEncodingSniff: Sendable, Hashable {
    /// How many bytes at the beginning of a document are looked at.
    public static let size = 1024

    /// How the bytes of an XML document begin, with or without a byte order mark.
    public enum Family: Sendable, Hashable {
        /// UTF-8, GB18030, or any other encoding in which ASCII characters are single bytes.
        case singleByteASCII
        /// UTF-16, the low byte first.
        case utf16LittleEndian
        /// UTF-16, the high byte first.
        case utf16BigEndian
    }

    /// How the document begins.
    public let family: Family
    /// Bytes of the byte order mark; 0 when there is none.
    public let byteOrderMark: Int
    /// The label in the XML declaration, as it is written; nil where there is no (well-formed) declaration or it names
    /// none.
    public let declaredLabel: String?
    /// Where the label stands; the offset counts bytes of the document as filed.
    public let labelPlace: SourcePlace?

    init(_ bytes: Span<UInt8>) {
        let start = bytes.count < 4 ? Array(repeating: 0, count: 4) : (0..<4).map { bytes[$0] }
        switch (start[0], start[1], start[2], start[3]) {
        case (0xEF, 0xBB, 0xBF, _): (family, byteOrderMark) = (.singleByteASCII, 3)
        case (0xFF, 0xFE, _, _): (family, byteOrderMark) = (.utf16LittleEndian, 2)
        case (0xFE, 0xFF, _, _): (family, byteOrderMark) = (.utf16BigEndian, 2)
        case (0x3C, 0x00, 0x3F, 0x00): (family, byteOrderMark) = (.utf16LittleEndian, 0)
        case (0x00, 0x3C, 0x00, 0x3F): (family, byteOrderMark) = (.utf16BigEndian, 0)
        default: (family, byteOrderMark) = (.singleByteASCII, 0)
        }
        let width = family == .singleByteASCII ? 1 : 2
        let head = Self.narrowed(bytes, from: byteOrderMark, width: width, isHighFirst: family == .utf16BigEndian)
        let found = XMLMachine.declaredEncoding(of: head.span)
        declaredLabel = found?.label
        labelPlace = found.map { [byteOrderMark] in
            SourcePlace(line: $0.place.line, column: $0.place.column, offset: byteOrderMark + $0.place.offset * width)
        }
    }

    /// The finding where the declaration and the bytes do not agree; nil where they do, or where nothing is declared.
    ///
    /// - Parameters:
    ///   - actual: The encoding that the bytes turned out to have, by its usual name, e.g. `GB18030`.
    ///   - declaredMeans: The same for the declared label, after aliases (`gbk` means `GB18030`); nil when unknown.
    ///   - isPureASCII: Whether the document holds nothing but ASCII, so that most labels are as good as any other.
    ///   - isGuess: Whether `actual` is what remains where nothing else fits. Under a label that is not known any text
    ///     could be meant then, so the finding is fatal.
    public func contradiction(
        actual: String, declaredMeans: String?, isPureASCII: Bool, isGuess: Bool
    ) -> Finding? {
        guard let declaredLabel else { return nil }
        guard let declaredMeans else {
            let kind: FindingKind = isGuess && !isPureASCII ? .xmlEncodingUnsupported : .xmlEncodingUnknown
            return Finding(kind, at: labelPlace, arguments: [declaredLabel, actual])
        }
        let saysUTF16 = declaredMeans.uppercased().hasPrefix("UTF-16")
        let isUTF16 = actual.uppercased().hasPrefix("UTF-16")
        // A label UTF-16 leaves the byte order to the byte order mark.
        if saysUTF16 && isUTF16 && declaredLabel.uppercased() == "UTF-16" { return nil }
        if declaredMeans.uppercased() == actual.uppercased() { return nil }
        if isPureASCII && !saysUTF16 && !isUTF16 { return nil }
        return Finding(.xmlEncodingContradiction, at: labelPlace, arguments: [declaredLabel, actual])
    }

    // The ASCII characters at the beginning; a declaration holds no others.
    private static func narrowed(_ bytes: Span<UInt8>, from start: Int, width: Int, isHighFirst: Bool) -> [UInt8] {
        var result: [UInt8] = []
        var index = start
        while index + width <= min(bytes.count, size) {
            let byte = bytes[index + (isHighFirst ? 1 : 0)]
            let other = width == 2 ? bytes[index + (isHighFirst ? 0 : 1)] : 0
            guard byte < 0x80, other == 0 else { break }
            result.append(byte)
            index += width
        }
        return result
    }
}

extension XMLMachine {
    /// The encoding label of the XML declaration that `head` begins with.
    fileprivate static func declaredEncoding(of head: Span<UInt8>) -> (label: String, place: SourcePlace)? {
        var machine = XMLMachine(limits: XMLLimits())
        machine.append(head)
        machine.inputEnded = true
        do throws(Stop) {
            try machine.readXMLDeclaration()
        } catch {
            return nil
        }
        guard let label = machine.declaration?.encoding else { return nil }
        return (label, machine.place(ofByte: machine.encodingLabelStart))
    }
}
