import Yams

extension MarkedYAML {
    /// The most bytes that one YAML file may have.
    public static let sizeLimit = 1 << 20

    /// Reads one YAML document.
    ///
    /// - Parameters:
    ///   - text: The bytes of the file; UTF-8, with or without byte order mark.
    ///   - file: The path to name in problems.
    ///   - problems: Takes what is wrong. Anchors, aliases and tags are refused: they make files that cannot be checked
    ///     line by line, and an alias can stand for any amount of text.
    /// - Returns: The tree, or nil where the text is no YAML at all.
    public static func parse(_ text: [UInt8], file: String, problems: inout [MappingProblem]) -> MarkedYAML? {
        guard text.count <= sizeLimit else {
            problems.append(.init(file: file, message: "the file is larger than \(sizeLimit) bytes"))
            return nil
        }
        guard var yaml = String(validating: text, as: UTF8.self) else {
            problems.append(.init(file: file, message: "the file is not UTF-8 text"))
            return nil
        }
        if yaml.unicodeScalars.first == "\u{FEFF}" { yaml.unicodeScalars.removeFirst() }
        return parse(yaml, file: file, problems: &problems)
    }

    /// Reads one YAML document from a string; see ``parse(_:file:problems:)-([UInt8],_,_)``.
    public static func parse(_ text: String, file: String, problems: inout [MappingProblem]) -> MarkedYAML? {
        if let mark = YAMLMarkScan.first(in: text) {
            problems.append(.init(file: file, line: mark.line, column: mark.column, message: mark.kind.message))
            return nil
        }
        // The parser keeps a pointer into the string; short strings have no storage of their own, so this one is made
        // long.
        let long = text + String(repeating: "\n", count: 32)
        do {
            // Every scalar is text to us; the rules that would tell numbers from dates are regular expressions, dear to load.
            let parser = try Parser(yaml: long, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                problems.append(.init(file: file, line: 1, column: 1, message: "the file is empty"))
                return nil
            }
            // The nodes do not keep their anchors, the parser does.
            return try withExtendedLifetime(parser) {
                try YAMLTree(file: file, end: YAMLTree.end(of: text)).node(root)
            }
        } catch let error as YamlError {
            problems.append(YAMLTree.problem(error, file: file, yaml: text).within(text))
        } catch let refusal as YAMLTree.Refusal {
            problems.append(refusal.problem)
        } catch {
            problems.append(.init(file: file, message: "the file is not YAML: \(error)"))
        }
        return nil
    }
}

/// Turns the YAML library's nodes and errors into ours.
struct YAMLTree {
    let file: String
    /// Where the text ends; what the library finds behind that is in the line ends that the text was made longer with.
    let end: (line: Int, column: Int)

    struct Refusal: Error {
        let problem: MappingProblem
    }

    func node(_ node: Node) throws(Refusal) -> MarkedYAML {
        let mark = node.mark.map { (line: $0.line, column: $0.column) } ?? (line: 1, column: 1)
        let (line, column) = mark.line > end.line ? end : mark
        func made(_ content: MarkedYAML.Content) -> MarkedYAML {
            MarkedYAML(content, file: file, line: line, column: column)
        }
        if let kind = Self.mark(on: node) {
            throw Refusal(problem: .init(file: file, line: line, column: column, message: kind.message))
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return made(.scalar(scalar.string, isQuoted: !isPlain))
        case .sequence(let sequence):
            var items: [MarkedYAML] = []
            for item in sequence { items.append(try self.node(item)) }
            return made(.sequence(items))
        case .mapping(let mapping):
            var pairs: [MarkedYAML.Pair] = []
            for (key, value) in mapping {
                pairs.append(.init(key: try self.node(key), value: try self.node(value)))
            }
            return made(.mapping(pairs))
        case .alias:
            throw Refusal(problem: .init(file: file, line: line, column: column, message: "aliases are not supported"))
        }
    }
}

extension YAMLTree {
    // What the scan of the text did not see because it reads line by line. Where an alias stood the library has put the
    // node with its anchor.
    private static func mark(on node: Node) -> YAMLMarkScan.Kind? {
        if node.anchor != nil { return .anchor }
        let plain: Tag.Name =
            switch node {
            case .mapping: .map
            case .sequence: .seq
            case .scalar, .alias: .str
            }
        return node.tag.description == plain.rawValue ? nil : .tag
    }

    // Nothing begins with a tab or one of these two signs.
    private static func hint(line: Int, column: Int, _ yaml: String) -> String {
        let lines = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let sign =
            lines.indices.contains(line - 1) ? lines[line - 1].unicodeScalars.dropFirst(max(0, column - 1)).first : nil
        guard let sign, sign == "@" || sign == "`" else { return "; indent with spaces, not tabs" }
        return "; put what begins with “\(sign)” into quotes"
    }

    static func problem(_ error: YamlError, file: String, yaml: String) -> MappingProblem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let detail = context.map { "\($0.text), \(problem)" } ?? problem
            let hint = detail.contains("cannot start any token") ? hint(line: mark.line, column: mark.column, yaml) : ""
            return .init(file: file, line: mark.line, column: mark.column, message: "not valid YAML: \(detail)\(hint)")
        case .reader(let problem, let offset, _, _):
            let mark = offset.map { Self.place(ofCharacter: $0, in: yaml) } ?? (line: 1, column: 1)
            return .init(file: file, line: mark.line, column: mark.column, message: "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            return duplicate(
                duplicates.first ?? "", firstLine: context.mark.line, column: context.mark.column, file, yaml)
        default:
            return .init(file: file, message: "not valid YAML: \(error)")
        }
    }

    // The library names the first of the two keys; people look for the second.
    private static func duplicate(
        _ key: String, firstLine: Int, column: Int, _ file: String, _ yaml: String
    ) -> MappingProblem {
        let message = "the key “\(key)” is written twice; the first is on line \(firstLine)"
        let lines = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where index + 1 > firstLine {
            let rest = line.unicodeScalars.dropFirst(max(0, column - 1))
            let before = line.unicodeScalars.prefix(column - 1)
            guard before.allSatisfy({ $0 == " " || $0 == "-" }) else { continue }
            let spellings = ["\(key):", "\"\(key)\":", "'\(key)':"]
            if spellings.contains(where: { rest.starts(with: $0.unicodeScalars) }) {
                return .init(file: file, line: index + 1, column: column, message: message)
            }
        }
        return .init(file: file, line: firstLine, column: column, message: message)
    }

    static func end(of text: String) -> (line: Int, column: Int) {
        place(ofCharacter: text.count, in: text)
    }

    private static func place(ofCharacter offset: Int, in text: String) -> (line: Int, column: Int) {
        let before = text.prefix(offset)
        let line = before.reduce(1) { $1.isNewline ? $0 + 1 : $0 }
        let last = before.lastIndex(where: \.isNewline).map { before[before.index(after: $0)...] } ?? before
        return (line, last.unicodeScalars.count + 1)
    }
}

extension MappingProblem {
    /// The problem at the end of the text where it lies behind that.
    fileprivate func within(_ text: String) -> MappingProblem {
        let end = YAMLTree.end(of: text)
        guard line > end.line else { return self }
        var problem = self
        (problem.line, problem.column) = end
        return problem
    }
}
