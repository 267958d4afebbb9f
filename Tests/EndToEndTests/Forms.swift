import Foundation

/// A small mapping and documents for it, so that these tests stand on their own.
enum Forms {
    static let caseMapping = """
        mapping: test.cases
        title: 测试诉求
        reads:
          format: xml
          namespaces: { a: "urn:test:cases" }
          root: a:cases
        gives:
          - record: Case
            each: a:case
            key: number
            fields:
              number: "@id"
              title: a:title
              petitioner_mobile: a:mobile
        delivery: event
        """

    static let rosterMapping = """
        mapping: test.roster
        title: 测试名册
        reads:
          format: csv
          header: [姓名, 身份证号]
          totals: 合计
        gives:
          - record: Person
            key: identity_number
            fields:
              name: 姓名
              identity_number: 身份证号
        delivery: snapshot
        """

    static func cases(_ ids: some Sequence<String>) -> String {
        let body = ids.map {
            "<a:case id=\"\($0)\"><a:title>路灯 \($0)</a:title><a:mobile>13900000000</a:mobile></a:case>"
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a:cases xmlns:a=\"urn:test:cases\">\n"
            + body.joined(separator: "\n") + "\n</a:cases>\n"
    }

    /// A valid identity number of nobody: born in 1901, of this sequence (1…999).
    static func identityNumber(_ sequence: Int) -> String {
        let day = sequence / 999
        let body = "3708271901\(pad(1 + day / 28 % 12, 2))\(pad(1 + day % 28, 2))\(pad(1 + sequence % 999, 3))"
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    static func roster(_ people: some Sequence<Int>) -> String {
        "姓名,身份证号\r\n" + people.map { "王\($0),\(identityNumber($0))\r\n" }.joined()
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}

/// Settings of a gateway with one source for each form, and one route.
struct Setup {
    var root: URL
    var exporter: String
    var extra = ""
    var route = ""
    var completion = "close-write"

    init(_ folder: TemporaryFolder, exporter: String? = nil) throws {
        root = folder.url
        self.exporter = exporter ?? "[qiao-export-jsonl, --output, \(folder.url.path)/out/records.jsonl]"
        try folder.write(Forms.caseMapping, to: "mappings/test/cases.yaml")
        try folder.write(Forms.rosterMapping, to: "mappings/test/roster.yaml")
        for name in ["inbound/cases", "inbound/roster", "out", "drops"] { _ = try folder.folder(name) }
    }

    var yaml: String {
        """
        state: \(root.path)/state
        mappings: \(root.path)/mappings
        log: { level: debug, format: text }
        sources:
          cases:
            inbound: \(root.path)/inbound/cases
            completion: \(completion)
            stable-for: 300ms
            receipts: \(root.path)/receipts/cases
          roster:
            inbound: \(root.path)/inbound/roster
            completion: \(completion)
            receipts: \(root.path)/receipts/roster
        routes:
          lines:
            exporter: \(exporter)
            sensitive: reveal
        \(route.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
        \(extra)
        """
    }

    /// Puts a complete file into an inbound folder in one step.
    func drop(_ text: String, as name: String, into source: String) throws {
        try drop(Data(text.utf8), as: name, into: source)
    }

    func drop(_ data: Data, as name: String, into source: String) throws {
        let staged = root.appending(path: "drops/\(UUID().uuidString)")
        try data.write(to: staged)
        try FileManager.default.moveItem(at: staged, to: root.appending(path: "inbound/\(source)/\(name)"))
    }

    func receipts(_ source: String) -> [String] {
        root.appending(path: "receipts/\(source)").entries.filter { $0.hasSuffix(".receipt.xml") }
    }

    func receiptText(_ source: String, named prefix: String) throws -> String {
        let folder = root.appending(path: "receipts/\(source)")
        let name = folder.entries.first { $0.hasPrefix(prefix) && $0.hasSuffix(".receipt.xml") } ?? "missing"
        return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// Whether the original of a rejected filing lies where it is tried again from; it moves there behind its receipt.
    func isQuarantined(_ name: String, of source: String) -> Bool {
        let quarantine = root.appending(path: "state/quarantine/\(source)")
        return quarantine.entries.contains { day in
            quarantine.appending(path: day).entries.contains { $0.hasSuffix("-" + name) }
        }
    }

    var exportedLines: [String] { root.appending(path: "out/records.jsonl").endedLines }
}
