import Findings

/// What people file instead of CSV or XML, mostly under a name that ends in `.csv`: told by its first bytes, so that they are
/// told how to file it rather than which columns it does not have.
enum ForeignFormat: Sendable, CaseIterable {
    case workbookOrArchive, oldWorkbook, workbookInXML, webPage, pdf, compressed, picture, json, binary

    // File signatures, as `file` and the PRONOM registry list them.
    private static let signatures: [(bytes: [UInt8], format: ForeignFormat)] = [
        (Array("PK\u{3}\u{4}".utf8), .workbookOrArchive),
        // Compound files: .xls, .doc, .et and .wps.
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .oldWorkbook),
        // What Excel wrote before version 5: BIFF2 to BIFF4.
        ([0x09, 0x00, 0x04, 0x00], .oldWorkbook), ([0x09, 0x02, 0x06, 0x00], .oldWorkbook),
        ([0x09, 0x04, 0x06, 0x00], .oldWorkbook),
        (Array("%PDF-".utf8), .pdf),
        ([0x1F, 0x8B], .compressed), (Array("Rar!\u{1A}\u{7}".utf8), .compressed),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .compressed), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .compressed),
        ([0xFF, 0xD8, 0xFF], .picture), ([0x89, 0x50, 0x4E, 0x47], .picture), (Array("GIF8".utf8), .picture),
        ([0x49, 0x49, 0x2A, 0x00], .picture), ([0x4D, 0x4D, 0x00, 0x2A], .picture),
    ]

    /// Looks at the beginning of a document; nil where it may be CSV or XML.
    ///
    /// - Parameters:
    ///   - bytes: As filed.
    ///   - text: The same as UTF-8.
    ///   - hasWideText: Whether the encoding has a zero in many a character, as UTF-16 does.
    static func detect(_ bytes: [UInt8], text: [UInt8], hasWideText: Bool) -> ForeignFormat? {
        if let known = signatures.first(where: { bytes.starts(with: $0.bytes) }) { return known.format }
        let start = text.prefix(Self.looks).drop { $0 <= 0x20 }
        let first = String(decoding: start.prefix(32), as: UTF8.self).lowercased()
        let page = ["<!doctype html", "<html", "<table", "<meta"].first { first.hasPrefix($0) }
        if let page, first.dropFirst(page.count).first.map({ $0 == ">" || $0.isWhitespace }) ?? true { return .webPage }
        if isJSON(start) { return .json }
        let zeros = hasWideText ? 0 : bytes.prefix(Self.looks).count { $0 == 0 }
        // A table may have a few: what a cell held is often padded with them.
        return zeros > 3 + bytes.prefix(Self.looks).count / 50 ? .binary : nil
    }

    // Bytes that are looked at.
    private static let looks = 4096

    // An object with a first name, or an array of objects. A roster may begin with a bracket, too.
    private static func isJSON(_ text: ArraySlice<UInt8>) -> Bool {
        var signs = text.lazy.filter { $0 > 0x20 }.makeIterator()
        var sign = signs.next()
        if sign == UInt8(ascii: "[") { sign = signs.next() }
        return sign == UInt8(ascii: "{") && signs.next() == UInt8(ascii: "\"")
    }

    /// What it is and what to do, for a finding.
    var summary: BilingualText {
        switch self {
        case .workbookOrArchive:
            BilingualText(
                chinese: "这是 Excel 工作簿或压缩包，请在 Excel 中另存为 CSV（UTF-8）后再报送",
                english: "this is an Excel workbook or a ZIP archive; save it as CSV (UTF-8) in Excel and file that")
        case .oldWorkbook:
            BilingualText(
                chinese: "这是旧版 Excel、WPS 或 Word 文件，请打开后另存为 CSV（UTF-8）再报送",
                english: "this is an old Excel, WPS or Word file; open it, save it as CSV (UTF-8) and file that")
        case .workbookInXML:
            BilingualText(
                chinese: "这是“XML 表格 2003”格式的 Excel 工作簿，请在 Excel 中另存为 CSV（UTF-8）后再报送",
                english: "this is an Excel workbook in XML (2003); save it as CSV (UTF-8) in Excel and file that")
        case .webPage:
            BilingualText(
                chinese: "这是网页（有的系统把网页当作 Excel 导出），请用 Excel 或 WPS 打开并另存为 CSV（UTF-8）后再报送",
                english:
                    "this is a web page, which some systems export as “Excel”; open it in Excel or WPS, save it as CSV "
                    + "(UTF-8) and file that")
        case .pdf:
            BilingualText(
                chinese: "这是 PDF，请报送原始表格（CSV 或 XML）",
                english: "this is a PDF; file the table that it was made from, as CSV or XML")
        case .compressed:
            BilingualText(
                chinese: "这是压缩文件，请解压后逐个报送", english: "this is a compressed file; unpack it and file what is in it")
        case .picture:
            BilingualText(
                chinese: "这是图片，请报送原始表格（CSV 或 XML）",
                english: "this is a picture; file the table that it shows, as CSV or XML")
        case .json:
            BilingualText(
                chinese: "这是 JSON，请从业务系统导出 CSV 或 XML 再报送",
                english: "this is JSON; have the system export CSV or XML and file that")
        case .binary:
            BilingualText(
                chinese: "这不是文本文件，请导出 CSV 或 XML 再报送",
                english: "this is not a text file; export CSV or XML and file that")
        }
    }
}
