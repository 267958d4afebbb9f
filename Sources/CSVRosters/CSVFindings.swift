public import Findings

extension FindingKind {
    /// A quote in the middle of an unquoted field; it was kept as it is.
    public static let csvStrayQuote = FindingKind(
        "csv.stray-quote", .warning,
        chinese: "未加引号的单元格中出现引号，已按普通字符保留",
        english: "a quote inside an unquoted cell was kept as an ordinary character")
    /// Text between a closing quote and the end of the cell; it was joined to the value.
    public static let csvTextAfterQuote = FindingKind(
        "csv.text-after-quote", .warning,
        chinese: "结束引号之后还有文字，已并入该单元格（单元格内的引号应写成两个）",
        english: "text after a closing quote was joined to the cell (quotes inside a cell are written twice)")
    /// A quote that was opened and never closed; the line was read again with the quote left out.
    public static let csvQuoteNeverClosed = FindingKind(
        "csv.quote-never-closed", .warning,
        chinese: "引号没有配对的结束引号，已忽略该引号，并从下一行起照常读取",
        english: "this quote is never closed; it was left out, and reading went on with the next line")
    /// Blanks between a delimiter and a quote; they were left out.
    public static let csvBlankAroundQuote = FindingKind(
        "csv.blank-around-quote", .note,
        chinese: "引号与分隔符之间有空格，已忽略",
        english: "blanks between a quote and the delimiter were left out")
    /// NUL bytes in a field; they were left out.
    public static let csvNulByte = FindingKind(
        "csv.nul-byte", .warning,
        chinese: "单元格中有空字节（NUL），已删除",
        english: "NUL bytes in the cell were left out")
    /// A line end that differs from that of the first row; told once for each document.
    public static let csvMixedLineEnds = FindingKind(
        "csv.mixed-line-ends", .note,
        chinese: "从此处起换行符与首行不一致（CR、LF、CRLF 混用）",
        english: "from here on line ends differ from that of the first row (CR, LF and CRLF are mixed)")
    /// A row over the size limit. Argument: the limit in bytes.
    public static let csvRowTooLarge = FindingKind(
        "csv.row-too-large", .fatal,
        chinese: "该行超过 {0} 字节的上限",
        english: "the row is larger than the limit of {0} bytes")
    /// A field over the size limit. Argument: the limit in bytes.
    public static let csvFieldTooLarge = FindingKind(
        "csv.field-too-large", .fatal,
        chinese: "该单元格超过 {0} 字节的上限",
        english: "the cell is larger than the limit of {0} bytes")
    /// A row with more columns than the limit. Argument: the limit.
    public static let csvTooManyColumns = FindingKind(
        "csv.too-many-columns", .fatal,
        chinese: "该行超过 {0} 列的上限",
        english: "the row has more than {0} columns")
    /// No row has all the required columns. Arguments: the required columns; the nearest rows and what they lack, in
    /// Chinese; the same in English.
    public static let csvHeaderNotFound = FindingKind(
        "csv.header-not-found", .fatal,
        chinese: "找不到表头：没有一行同时包含 {0}。{1}",
        english: "no header: no row has all of {0}. {2}")
    /// A column name that occurs again; the later one got a number. Arguments: the name, the new name.
    public static let csvDuplicateColumn = FindingKind(
        "csv.duplicate-column", .note,
        chinese: "列名“{0}”重复，此列记为“{1}”",
        english: "the column name “{0}” occurs again; this column is called “{1}”")
    /// A row whose number of cells differs from that of the header; for mappings to report. Arguments: cells, columns.
    public static let csvRaggedRow = FindingKind(
        "csv.ragged-row", .warning,
        chinese: "该行有 {0} 个单元格，表头有 {1} 列",
        english: "the row has {0} cells, the header has {1} columns")
}

/// Every kind of finding about rosters, for the generated documentation.
public enum CSVFindings {
    /// In the order in which they are documented.
    public static let all: [FindingKind] = [
        .csvStrayQuote, .csvTextAfterQuote, .csvQuoteNeverClosed, .csvBlankAroundQuote, .csvNulByte, .csvMixedLineEnds,
        .csvRowTooLarge, .csvFieldTooLarge, .csvTooManyColumns, .csvHeaderNotFound, .csvDuplicateColumn, .csvRaggedRow,
    ]
}
