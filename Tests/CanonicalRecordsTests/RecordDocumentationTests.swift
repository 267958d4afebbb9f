import CanonicalRecords
import Foundation
import Testing

@Suite struct RecordDocumentationTests {
    // `..` is left to the file system, so that the tests find the folder through a symbolic link too.
    private static let path =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/../../docs/records.md"

    @Test func committedPageIsWhatTheSchemaSays() throws {
        let page = RecordDocumentation.markdown()
        if ProcessInfo.processInfo.environment["QIAO_REGENERATE"] != nil {
            try page.write(toFile: Self.path, atomically: false, encoding: .utf8)
        }
        let committed = FileManager.default.contents(atPath: Self.path) ?? Data()
        #expect(
            String(decoding: committed, as: UTF8.self) == page,
            "docs/records.md is stale. Run: QIAO_REGENERATE=1 swift test --filter RecordDocumentationTests")
    }

    @Test func everyTypeEveryFieldAndEveryTermIsTold() {
        let page = RecordDocumentation.markdown()
        let lines = Set(page.split(separator: "\n"))
        let words = Set(page.split { "|、 \n".contains($0) })
        for shape in RecordSchema.canonical.shapes {
            #expect(lines.contains("### \(shape.name)"))
            for field in shape.fields { #expect(words.contains("`\(field.name)`"), "\(shape.name).\(field.name)") }
        }
        for value in RecordSchema.canonical.enumerations.flatMap({ $0.values.dropFirst() }) {
            #expect(words.contains("`\(value.shortName)`"))
            for term in value.terms { #expect(words.contains(Substring(term)), "\(term)") }
        }
    }

    @Test func tablesHaveAsManyCellsAsTheirHeads() {
        var columns = 0
        for line in RecordDocumentation.markdown().split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = 0
                continue
            }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).count
            if columns == 0 { columns = cells }
            #expect(cells == columns, "\(line)")
        }
    }
}
