import Findings

/// Which column of a code table holds what.
struct CodeTableColumns {
    /// The column of the codes.
    var code: Int
    /// The column of the names.
    var title: Int?
    /// The columns of other words.
    var terms: [Int] = []

    /// Reads the header row; nil, with a problem, when no column holds the codes.
    init?(_ cells: [String], line: Int, file: String, into problems: inout [MappingProblem]) {
        var code: Int?
        for (index, cell) in cells.enumerated() {
            let name = CodeTableReader.trimmed(cell).lowercased()
            switch name {
            case "code", "代码", "编码": code = code ?? index
            case "title", "name", "名称": title = title ?? index
            case "terms", "term", "别名", "同义词", "其他写法": terms.append(index)
            case "note", "notes", "备注", "说明", "": break
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
}
