import Findings
import Testing

@testable import Receipts

@Suite struct FindingsTableTests {
    static func table(_ findings: [Finding], dropped: Int = 0) -> String {
        var table = FindingsTable()
        var bytes: [UInt8] = []
        for finding in findings { table.append(finding, to: &bytes) }
        table.finish(dropped: dropped, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static let header =
        "\u{FEFF}行 Row,列 Column,代码 Code,级别 Severity,值（已脱敏） Value (masked),说明,Message,行号 Line,列号 Position,字节位置 Offset\r\n"

    static let row =
        "12,身份证号,identity-number.checksum,错误 error,370827********001X,身份证号校验码应为 3。,The check character of the identity number should be 3.,17,5,1024\r\n"

    @Test func tableHasMarkHeaderAndRows() {
        #expect(Self.table([Examples.finding]) == Self.header + Self.row)
    }

    @Test func emptyTableHasAHeader() {
        #expect(Self.table([]) == Self.header)
    }

    @Test func lastRowTellsOfWhatWasOnlyCounted() {
        #expect(
            Self.table([Examples.finding], dropped: 7)
                == Self.header + Self.row
                + ",,…,,,另有 7 个问题只计数，未列出。,7 more findings were counted but are not listed.,,,\r\n")
    }

    /// The columns of a table of one document stand where they stood.
    @Test func tableOfSeveralDocumentsNamesThemBehindTheRest() {
        var table = FindingsTable(namesFiles: true)
        var bytes: [UInt8] = []
        table.append(Examples.finding, of: "a,b.csv", to: &bytes)
        table.append(dropped: 7, of: "a,b.csv", to: &bytes)
        table.append(Examples.finding, of: "=c.csv", to: &bytes)
        table.finish(to: &bytes)
        let row = Self.row.dropLast()
        let counted = ",,…,,,另有 7 个问题只计数，未列出。,7 more findings were counted but are not listed.,,,"
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == Self.header.dropLast() + ",文件 File\r\n\(row),\"a,b.csv\"\r\n\(counted),\"a,b.csv\"\r\n"
                + "\(row),'=c.csv\r\n")
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+86 138", "'+86 138"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
        ("\rx", "'\rx"), ("\nx", "'\nx"), ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠x", "'＠x"), ("a=1", "a=1"),
        ("'=1", "'=1"), ("", ""), (" =1", " =1"), ("370827", "370827"), ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    ])
    func formulasAreNeutralised(value: String, shown: String) {
        #expect(FindingsTable.neutralised(value) == shown)
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("two\nlines", "\"two\nlines\""),
        ("cr\rx", "\"cr\rx\""), ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
        ("nul\0", "\"nul\u{FFFD}\""), ("中文", "中文"),
    ])
    func cellsAreQuoted(value: String, cell: String) {
        let finding = Finding(FindingKind("x.y", .note, chinese: "", english: ""), value: value)
        #expect(Self.table([finding]) == Self.header + ",,x.y,提示 note,\(cell),,,,,\r\n")
    }

    @Test func everyTextOfTheDocumentIsNeutralised() {
        var finding = Finding(FindingKind("=code", .fatal, chinese: "=中", english: "@en"), field: "+f", value: "-v")
        finding.place = nil
        #expect(Self.table([finding]) == Self.header + ",'+f,'=code,拒收 fatal,'-v,'=中,'@en,,,\r\n")
    }
}
