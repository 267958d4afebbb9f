import Findings

/// Which column of a code table holds what.
struct CodeTableColumns {
    /// The column of the codes.
    var code: Int
    /// The column of the names.
    var title: Int?
    /// The columns of other words.
    var terms: [Int] = []
    // Columns that have no name.
    private var nameless: [Int] = []
    private let count: Int

    /// Reads the header row; nil, with a problem, when no column holds the codes.
    init?(_ cells: [String], line: Int, file: String, into problems: inout [MappingProblem]) {
        count = cells.count
        var code: Int?
        for (index, cell) in cells.enumerated() {
            let name = CodeTableReader.trimmed(cell).lowercased()
            func tellSecond(_ cell: String, _ known: String) {
                problems.append(
                    .init(
                        file: file, line: line, column: index + 1, severity: .warning,
                        message: "the column “\(cell)” is not used: another one before it is “\(known)” already"))
            }
            switch name {
            case "code", "代码", "编码":
                if code == nil { code = index } else { tellSecond(cell, "code") }
            case "title", "name", "名称":
                if title == nil { title = index } else { tellSecond(cell, "title") }
            case "terms", "term", "别名", "同义词", "其他写法": terms.append(index)
            case "note", "notes", "备注", "说明": break
            case "": nameless.append(index)
            default:
                problems.append(
                    .init(
                        file: file, line: line, column: index + 1, severity: .warning,
                        message: "the column “\(cell)” is not used; known are code, title, terms and note",
                        suggestion: Suggestion.nearest(to: name, among: ["code", "title", "terms", "note"])))
            }
        }
        guard let code else {
            problems.append(
                .init(
                    file: file, line: line, column: 1,
                    message: "the header row of the code table has no column “code” (代码)"))
            return nil
        }
        self.code = code
    }

    /// The first cell that holds something and belongs to no column that has a name.
    func unused(_ cells: [String]) -> Int? {
        let outside = nameless.filter { $0 < cells.count } + (count..<max(count, cells.count))
        return outside.first { !CodeTableReader.trimmed(cells[$0]).isEmpty }
    }
}
