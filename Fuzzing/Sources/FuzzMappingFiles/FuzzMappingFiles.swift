import Findings
import FuzzSupport
import Mappings
import TextEncodings

/// YAML that is meant to be a mapping: a mapping comes of it, or a problem with its place.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMappingFiles(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = FuzzInput(start, count)
    checkTree(input.bytes)
    checkLoading(input.bytes)
    return 0
}

// A tree comes of a text or problems do; every node and problem has a place in it.
private func checkTree(_ bytes: [UInt8]) {
    var problems: [MappingProblem] = []
    let root = MarkedYAML.parse(bytes, file: "m.yaml", problems: &problems)
    require(root != nil || !problems.isEmpty, "neither a tree nor a problem")
    check(problems, in: bytes)
    var waiting = [root].compactMap { $0 }
    while let node = waiting.popLast() {
        require(node.line >= 1 && node.column >= 1 && node.line <= lineCount(bytes), "\(node.line):\(node.column)")
        waiting += node.items ?? []
        waiting += node.pairs?.flatMap { [$0.key, $0.value] } ?? []
    }
}

// A mapping comes out whole or with an error, and the same twice; what comes out converts whatever it gets.
private func checkLoading(_ bytes: [UInt8]) {
    let file = MappingFile(path: "m.yaml", bytes: bytes)
    let table = MappingFile(path: "tables/t.csv", bytes: Array("code,term\n1,一\n2,二\n".utf8))
    let load = MappingSet.load(files: [file], tables: [table])
    check(load.problems, in: bytes)
    requireEqual(load.hasErrors, load.set.mappings.isEmpty, "\(load.problems)")
    let again = MappingSet.load(files: [file], tables: [table])
    requireEqual(again.problems, load.problems, "problems, a second time")
    requireEqual(again.set.mappings.first?.version, load.set.mappings.first?.version, "version, a second time")
    if let mapping = load.set.mappings.first { convert(mapping) }
}

private func convert(_ mapping: Mapping) {
    let context = FilingContext(
        source: "s", filing: String(repeating: "0", count: 64), document: "d", receivedAt: "2026-11-21T08:00:00+08:00",
        identityKey: .published)
    let document = mapping.format == .csv ? roster : appeals
    var converter = DocumentConverter(mapping: mapping, context: context, encoding: .utf8)
    converter.feed(Array(document.utf8).span)
    converter.finish()
    var records = 0
    while let batch = converter.drain() { records += batch.count }
    let summary = converter.summary
    require(summary.reconciles, "rows do not reconcile")
    if !summary.isRejected { requireEqual(records, summary.recordCount, "records") }
}

private func check(_ problems: [MappingProblem], in bytes: [UInt8]) {
    let lines = lineCount(bytes)
    for problem in problems {
        require(problem.line >= 0 && problem.line <= lines + 1, "\(problem) of \(lines) lines")
        require(problem.column >= 0 && problem.column <= bytes.count + 1, "\(problem)")
        require(!problem.message.isEmpty, "a problem without a message")
    }
}

// As YAML counts lines.
private func lineCount(_ bytes: [UInt8]) -> Int {
    let text = String(decoding: bytes, as: UTF8.self)
    return 1 + text.count { $0.isNewline }
}

private let roster = """
    名册,,,,,,,
    姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元
    张三,楼长,370827190001010014,13800000001,党员,湖畔,1,
    李四,单元长,370827190001010057,１３８０００００００２,群众,湖畔,1,2
    合计,,2人,,,,,

    """

private let appeals = """
    <a:appeals xmlns:a="urn:yutai:appeals:1"><a:head><a:count>1</a:count></a:head><a:body>
    <a:case id="AJ-001"><a:channel>来电</a:channel><a:received>2026-03-01 08:30:00</a:received>
    <a:flow><a:step stage="受理" at="2026-03-01T08:30:00+08:00"><a:handler>热线</a:handler></a:step></a:flow>
    </a:case></a:body></a:appeals>
    """
