import CanonicalRecords
import TextEncodings

/// Checks a mapping's YAML against the schema and compiles it, collecting every problem on the way.
///
/// Each part of the grammar has its own extension. A part that is broken is left out and the rest is still checked.
struct MappingCompiler {
    let schema: RecordSchema
    let tables: CodeTableSet
    let file: String
    var problems: [MappingProblem] = []
    var program = MappingProgram()
    var namespaces: [String: String] = [:]
    /// The names under `fill-down`.
    var fillDown: [MarkedYAML] = []
    /// The columns that something reads, as they are compared.
    var columnsRead: Set<String> = []
    var drafts: [EntryDraft] = []
    /// Tables that the mapping uses; their bytes are part of its version.
    var usedTables: Set<String> = []
    /// Entries whose type or `each` is broken, so that what refers to them is not told, too.
    var undrafted: Set<String> = []
    // The entry whose fields are being compiled; an index of `drafts`.
    var current = 0

    init(schema: RecordSchema, tables: CodeTableSet, file: String) {
        self.schema = schema
        self.tables = tables
        self.file = file
    }

    /// Compiles a whole mapping; nil when something in it is wrong, which ``problems`` then says.
    mutating func compile(_ root: MarkedYAML) -> MappingProgram? {
        var keys = KeyChecker(root, noun: "the mapping")
        program.file = file
        readIdentity(&keys)
        if let reads = keys.required("reads") { compileReads(reads) }
        if let header = keys.optional("header") { compileHeader(header) }
        if let gives = keys.required("gives") { compileGives(gives) }
        compileDelivery(keys.optional("delivery"))
        compileOnError(keys.optional("on-error"))
        if let control = keys.optional("control") { compileControl(control) }
        checkFillDown()
        if let effective = keys.optional("effective") { program.effective = compileEffective(effective, scope: nil) }
        if let area = keys.optional("area") {
            program.areaCode = literal(area, ValueMachine(.areaCode), .text)?.payload
        }
        problems += keys.finish()
        problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
        return problems.contains { $0.isError } ? nil : program
    }

    private mutating func readIdentity(_ keys: inout KeyChecker) {
        if let node = keys.required("mapping") {
            let isName = node.text.map { !$0.isEmpty && $0.utf8.allSatisfy(Self.isIdentifierByte) } ?? false
            if isName {
                program.id = node.text ?? ""
            } else {
                report(node, "the name of a mapping has only a–z, 0–9, “.”, “-” and “_”")
            }
        }
        program.title = keys.text("title") ?? program.id
    }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    mutating func report(_ node: MarkedYAML, _ message: String, suggestion: String? = nil) {
        problems.append(.init(at: node, message, suggestion: suggestion))
    }

    /// The texts of a single value or a list.
    mutating func texts(_ node: MarkedYAML, _ noun: String) -> [String] {
        let items = node.items ?? [node]
        for item in items where item.text == nil {
            report(item, "\(noun) must be a text or a list of texts, not \(item.kindName)")
        }
        return items.compactMap(\.text)
    }
}

/// An entry of `gives` before its fields are compiled.
struct EntryDraft {
    var node: MarkedYAML
    var type: RecordType
    var name: String
    var scope: Int
    /// Drafts whose ids this one needs for the same row.
    var needs: Set<Int> = []
    var plan: EntryPlan?
    /// Where each step's field is written, for problems about it.
    var key: [MarkedYAML] = []
}
