/// Makes random documents that are well-formed, with everything in them that the readers compared with can show.
enum RandomDocument {
    private static let texts = [
        "鱼台县", "谷亭街道，3号楼", "a b", " ", "\n  ", "\t", "x]]y", "]", "&amp;", "&lt;tag&gt;", "&#x4E2D;", "&#10;", "é",
        "\u{20000}😀", "1 > 0", "'\"", "<!-- note -->", "<?go now?>", "\r\n", "\r", "\u{7F}", "，", "&#13;",
    ]
    private static let values = [
        "1", "", "热线", " a  b ", "&quot;&apos;", "&lt;", "\n", "\t", "\r\n", "&#10;&#9;", ">", "é",
    ]
    private static let names = ["a", "case", "案件", "step-1", "_x.y", "averyveryverylongname", "b"]
    private static let prefixes = ["p", "q"]

    static func make(_ random: inout SplitMix64, prolog: Bool = true) -> String {
        var result = ""
        if prolog, Bool.random(using: &random) { result += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" }
        if Bool.random(using: &random) { result += "<!-- 头 -->\n" }
        result += element(&random, depth: 0, bound: [])
        if Bool.random(using: &random) { result += "\n<?end?>\n" }
        return result
    }

    private static func element(_ random: inout SplitMix64, depth: Int, bound: Set<String>) -> String {
        var bound = bound
        var tag = ""
        if Int.random(in: 0..<4, using: &random) == 0 {
            let prefix = pick(prefixes, &random)
            tag += " xmlns:\(prefix)='urn:\(Int.random(in: 0..<3, using: &random))'"
            bound.insert(prefix)
        }
        if Int.random(in: 0..<6, using: &random) == 0 {
            tag += " xmlns=\"urn:\(Int.random(in: 0..<3, using: &random))\""
        }
        let qualified = name(&random, bound: bound)
        for attribute in Set((0..<Int.random(in: 0..<4, using: &random)).map { _ in pick(names, &random) }).sorted() {
            let quote = pick(["\"", "'"], &random)
            let value = (0..<Int.random(in: 0..<3, using: &random)).map { _ in pick(values, &random) }.joined()
            let prefix = bound.sorted().first.map { Bool.random(using: &random) ? $0 + ":" : "" } ?? ""
            tag +=
                pick([" ", "\n", "  "], &random) + prefix + attribute + pick(["=", " = "], &random) + quote + value
                + quote
        }
        if Int.random(in: 0..<5, using: &random) == 0 { return "<\(qualified)\(tag)/>" }
        var content = ""
        for _ in 0..<Int.random(in: 0..<5, using: &random) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2 where depth < 6: content += element(&random, depth: depth + 1, bound: bound)
            case 3: content += "<![CDATA[\(pick(["<&>", "]]", "]", "数据\r\n", ""], &random))]]>"
            default: content += pick(texts, &random)
            }
        }
        // Pieces may not add up to `]]>`, and a CDATA section of brackets is as good.
        return "<\(qualified)\(tag)>\(content)</\(qualified)\(pick(["", " ", "\n"], &random))>"
    }

    private static func name(_ random: inout SplitMix64, bound: Set<String>) -> String {
        let local = pick(names, &random)
        guard let prefix = bound.sorted().last, Bool.random(using: &random) else { return local }
        return "\(prefix):\(local)"
    }

    private static func pick(_ choices: [String], _ random: inout SplitMix64) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
