/// One pass over a whole filing, run together with hashing it: which encoding is it?
///
/// A byte order mark decides; without one, strict UTF-8; what is not valid UTF-8 is GB18030. Letter frequencies are
/// never asked, because a roster of rare names would fool them. A document that is valid UTF-8 up to an incomplete last
/// character is UTF-8 that was cut off, not GB18030; and one that has some characters of three bytes before the first that
/// is not valid is UTF-8 that was damaged, since text in GB18030 would not have passed for them.
public struct EncodingSurvey: Sendable {
    private var head: [UInt8] = []
    private var mark: TextEncoding?
    private var byteCount = 0
    private var firstInvalid: Int?
    private var sawMultibyte = false
    private var isPureASCII = true
    // Characters of three bytes or more before the first that is not valid, as far as they are counted.
    private var longCharacters = 0
    // The beginning of a character that the end of a piece cut, at most 3 bytes.
    private var cut: [UInt8] = []

    /// Starts a survey.
    public init() {}

    /// Looks at the next bytes of the filing. Pieces may be cut anywhere.
    public mutating func survey(_ bytes: Span<UInt8>) {
        var start = 0
        while head.count < 3, start < bytes.count {
            head.append(bytes[start])
            start += 1
            if head.count == 3 { decideMark() }
        }
        byteCount += bytes.count
        guard start < bytes.count, !isDecided else { return }
        scan(bytes.extracting(start...))
    }

    /// Ends the survey and tells what the filing is.
    public mutating func finish() -> EncodingVerdict {
        if head.count < 3 { decideMark() }
        let isUTF16 = mark == .utf16LittleEndian || mark == .utf16BigEndian
        let isCut = !isUTF16 && firstInvalid == nil && !cut.isEmpty
        let invalid = isCut ? byteCount - cut.count : firstInvalid
        return EncodingVerdict(
            encoding: mark ?? encodingWithoutMark(isCut: isCut),
            byteOrderMark: mark?.byteOrderMark.count ?? 0,
            isPureASCII: !isUTF16 && isPureASCII && mark == nil && cut.isEmpty,
            firstInvalidUTF8Offset: isUTF16 ? nil : invalid,
            isCutAtEnd: isCut,
            byteCount: byteCount)
    }

    private func encodingWithoutMark(isCut: Bool) -> TextEncoding {
        if isCut { return sawMultibyte ? .utf8 : .gb18030 }
        return firstInvalid == nil || longCharacters == Self.enoughLongCharacters ? .utf8 : .gb18030
    }

    // Of texts of random characters in GB18030, one in seventy has one, one in seven thousand two; none was seen with three.
    private static let enoughLongCharacters = 3

    private var isDecided: Bool {
        firstInvalid != nil || mark == .utf16LittleEndian || mark == .utf16BigEndian
    }

    // Called once, when three bytes have come or the filing has ended before.
    private mutating func decideMark() {
        let marked: [TextEncoding] = [.utf8, .utf16LittleEndian, .utf16BigEndian]
        mark = marked.first { head.starts(with: $0.byteOrderMark) }
        guard mark != .utf16LittleEndian, mark != .utf16BigEndian else { return }
        let rest = head[(mark == .utf8 ? 3 : 0)...]
        surveyed = head.count - rest.count
        scan(Array(rest).span)
    }

    // Bytes that the UTF-8 scan has passed, the cut ones not counted.
    private var surveyed = 0

    private mutating func scan(_ bytes: Span<UInt8>) {
        var start = 0
        if !cut.isEmpty {
            start = joinCut(with: bytes)
            guard cut.isEmpty, firstInvalid == nil else { return }
        }
        let stop = UTF8Scan.scan(bytes, from: start)
        note(stop, in: bytes, from: start)
        surveyed += stop.index - start
        conclude(stop, in: bytes)
    }

    // Completes the cut character; the number of bytes that it took from the new piece.
    private mutating func joinCut(with bytes: Span<UInt8>) -> Int {
        let before = cut.count
        var joined = cut
        for index in 0..<min(4, bytes.count) { joined.append(bytes[index]) }
        let stop = UTF8Scan.scan(joined.span, from: 0)
        note(stop, in: joined.span, from: 0)
        surveyed += stop.index
        cut = []
        guard stop.index < before else { return stop.index - before }
        // Still incomplete although all that came was joined, or invalid.
        conclude(stop, in: joined.span)
        return bytes.count
    }

    private mutating func conclude(_ stop: UTF8Scan.Stop, in bytes: Span<UInt8>) {
        switch stop.reason {
        case .end, .privateUse:
            break
        case .incomplete:
            isPureASCII = false
            for index in stop.index..<bytes.count { cut.append(bytes[index]) }
        case .invalid:
            isPureASCII = false
            firstInvalid = surveyed
        }
    }

    private mutating func note(_ stop: UTF8Scan.Stop, in bytes: Span<UInt8>, from start: Int) {
        guard stop.sawMultibyte else { return }
        sawMultibyte = true
        isPureASCII = false
        var index = start
        while longCharacters < Self.enoughLongCharacters, index < stop.index {
            if bytes[index] >= 0xE0 { longCharacters += 1 }
            index += 1
        }
    }
}
