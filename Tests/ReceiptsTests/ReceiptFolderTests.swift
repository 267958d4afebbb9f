import Findings
import Foundation
import Testing

@testable import Receipts

@Suite struct ReceiptFolderTests {
    static var log: FindingLog {
        var log = FindingLog()
        log.report(Examples.finding)
        return log
    }

    @Test func receiptAndTableAreWritten() throws {
        let folder = try Examples.Folder()
        let written = try ReceiptFolder(path: folder.path + "/deep/er").write(
            Examples.roster, findings: Self.log)
        #expect(written.receipt == folder.path + "/deep/er/两长名册.csv.ba7816bf8f01.receipt.xml")
        #expect(written.findings == folder.path + "/deep/er/两长名册.csv.ba7816bf8f01.findings.csv")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/deep/er").sorted() == [
                "两长名册.csv.ba7816bf8f01.findings.csv", "两长名册.csv.ba7816bf8f01.receipt.xml",
            ])
        let read = try Receipt(xml: Array(try Data(contentsOf: URL(fileURLWithPath: written.receipt))))
        #expect(read == Examples.roster)
    }

    @Test func withoutFindingsThereIsNoTable() throws {
        let folder = try Examples.Folder()
        let written = try ReceiptFolder(path: folder.path).write(Examples.empty, findings: FindingLog())
        #expect(written.findings == nil)
        #expect(folder.entries == ["x.csv.ba7816bf8f01.receipt.xml"])
    }

    /// A filing that was tried again, with nothing found and nothing signed: what the last receipt came with goes.
    @Test func whatLiesBesideTheLastReceiptGoesWithIt() throws {
        let folder = try Examples.Folder()
        let receipts = ReceiptFolder(path: folder.path)
        try receipts.write(Examples.empty, findings: Self.log) { _ in [1, 2, 3] }
        #expect(folder.entries.count == 3)
        // That of a duplicate has none, and leaves that of the first alone.
        let duplicate = Examples.empty.markedDuplicate(receivedAt: "2026-11-22T08:00:00+08:00", fileName: "x.csv")
        try receipts.write(duplicate)
        #expect(folder.entries.count == 4)
        try receipts.write(Examples.empty, findings: FindingLog())
        #expect(
            folder.entries == ["x.csv.ba7816bf8f01.duplicate.receipt.xml", "x.csv.ba7816bf8f01.receipt.xml"])
    }

    @Test func duplicateHasANameOfItsOwn() throws {
        let folder = try Examples.Folder()
        let receipts = ReceiptFolder(path: folder.path)
        try receipts.write(Examples.empty)
        let duplicate = Examples.empty.markedDuplicate(receivedAt: "2026-11-22T08:00:00+08:00", fileName: "y.csv")
        for _ in 0..<2 { try receipts.write(duplicate) }
        #expect(folder.entries == ["x.csv.ba7816bf8f01.receipt.xml", "y.csv.ba7816bf8f01.duplicate.receipt.xml"])
    }

    @Test func writingAgainGivesTheSameFiles() throws {
        let folder = try Examples.Folder()
        let receipts = ReceiptFolder(path: folder.path)
        let written = try receipts.write(Examples.roster, findings: Self.log)
        let first = try Data(contentsOf: URL(fileURLWithPath: written.receipt))
        #expect(try receipts.write(Examples.roster, findings: Self.log) == written)
        #expect(try Data(contentsOf: URL(fileURLWithPath: written.receipt)) == first)
        #expect(folder.entries.count == 2)
    }

    @Test func leftoverOfACrashIsReplaced() throws {
        let folder = try Examples.Folder()
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder.path + "/.x.csv.ba7816bf8f01.receipt.xml.part"))
        try ReceiptFolder(path: folder.path).write(Examples.empty)
        #expect(folder.entries == ["x.csv.ba7816bf8f01.receipt.xml"])
    }

    @Test func plantedLinkIsNotFollowed() throws {
        let folder = try Examples.Folder()
        let target = folder.path + "/target"
        let link = folder.path + "/.x.csv.ba7816bf8f01.receipt.xml.part"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(throws: ReceiptError.self) { try ReceiptFolder(path: folder.path).write(Examples.empty) }
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func folderThatIsAFileSaysWhatToDo() throws {
        let folder = try Examples.Folder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        let error = #expect(throws: ReceiptError.self) {
            try ReceiptFolder(path: folder.path + "/file").write(Examples.empty)
        }
        #expect(error?.path.hasPrefix(folder.path) == true)
        #expect(error?.next.isEmpty == false)
        #expect(folder.entries == ["file"])
    }

    @Test(arguments: [
        (ENOSPC, ReceiptError.Code.storageFull, true), (EMFILE, .tooManyOpenFiles, true),
        (EACCES, .permissionDenied, false), (EROFS, .readOnly, true), (EIO, .deviceFailed, true),
        (ESTALE, .deviceFailed, true), (ENOTDIR, .folderMissing, true), (EBUSY, .systemRefused, true),
    ])
    func errorsAreTold(number: Int32, code: ReceiptError.Code, retryHelps: Bool) {
        let error = ReceiptError(errno: number, path: "/x")
        #expect(error.code == code)
        #expect(error.retryHelps == retryHelps)
    }

    @Test(arguments: [
        ("x.csv", "x.csv"), ("../../etc/passwd", "_.._etc_passwd"), ("a/b", "a_b"), ("..", "_"), ("", "_"),
        (".hidden", "hidden"), ("c:\\x<y>|z?*\"", "c__x_y__z___"), ("two\\nlines", "two_nlines"), ("nul\0", "nul_"),
        ("bell\u{7}\u{202E}", "bell__"), ("dots...", "dots"), ("名单.csv", "名单.csv"), ("-rf", "-rf"),
    ])
    func namesAreSafe(name: String, safe: String) {
        #expect(ReceiptNames.safe(name) == safe)
    }

    @Test func longNamesFit() throws {
        let folder = try Examples.Folder()
        var receipt = Examples.empty
        receipt.fileName = String(repeating: "册", count: 300)
        try ReceiptFolder(path: folder.path).write(receipt, findings: Self.log)
        #expect(folder.entries.count == 2)
        #expect(folder.entries.allSatisfy { $0.utf8.count <= 255 })
    }

    @Test func tableOfManyFindingsIsWhole() throws {
        let folder = try Examples.Folder()
        var log = FindingLog(limit: 3000)
        for _ in 0..<3500 { log.report(Examples.finding) }
        let written = try ReceiptFolder(path: folder.path).write(Examples.roster, findings: log)
        let name = try #require(written.findings?.split(separator: "/").last)
        let lines = try folder.contents(String(name)).split(separator: "\r\n")
        #expect(lines.count == 3002)
        #expect(lines.last?.contains("500 more findings") == true)
    }
}
