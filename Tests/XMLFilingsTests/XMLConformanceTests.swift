import Foundation
import FoundationXML
import Testing
import XMLFilings

/// The collections of the W3C XML Conformance Test Suite that lie in the folder named by `QIAO_XMLCONF`.
///
/// A case with a DOCTYPE must be refused for it, unless it breaks another rule before; every other case that is not
/// well-formed must be refused with a place, and every other one read to the events that XMLParser gives. A document in
/// another encoding than it declares is read, with a warning (decision 35).
@Suite struct XMLConformanceTests {
    static let folder = ProcessInfo.processInfo.environment["QIAO_XMLCONF"]

    @Test(.enabled(if: folder != nil, "set QIAO_XMLCONF to a folder with the W3C XML Conformance Test Suite"))
    func suite() throws {
        let all = try ConformanceCase.all(in: URL(fileURLWithPath: try #require(Self.folder)))
        let cases = all.filter(\.isApplicable)
        try #require(!cases.isEmpty)
        var passed: [String: Int] = [:]
        var failed = 0
        for sample in cases {
            let (kind, problem) = sample.judge()
            if let problem {
                failed += 1
                Issue.record("\(sample.file.lastPathComponent) (\(kind)): \(problem)")
            } else {
                passed[kind, default: 0] += 1
            }
        }
        print("XML conformance: \(passed.values.reduce(0, +)) of \(cases.count) cases pass, \(failed) fail")
        if cases.count < all.count {
            print("  \(all.count - cases.count) left out: about XML 1.1, or about editions before the fifth")
        }
        for (kind, count) in passed.sorted(by: { $0.key < $1.key }) { print("  \(count) \(kind)") }
    }

    /// The documents that are refused for their DOCTYPE hold much else: without it they are read as XMLParser reads them.
    @Test(.enabled(if: folder != nil, "set QIAO_XMLCONF to a folder with the W3C XML Conformance Test Suite"))
    func suiteWithoutDoctypes() throws {
        let cases = try ConformanceCase.all(in: URL(fileURLWithPath: try #require(Self.folder)))
        var judged = 0
        for sample in cases.filter(\.isApplicable) {
            let (isJudged, problem) = sample.judgeWithoutDoctype()
            if isJudged { judged += 1 }
            if let problem { Issue.record("\(sample.file.lastPathComponent) without its DOCTYPE: \(problem)") }
        }
        #expect(judged > 0)
        print("XML conformance: \(judged) documents read without their DOCTYPE")
    }
}
