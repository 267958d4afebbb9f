import Findings
import Foundation

@testable import Receipts

enum Examples {
    static let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    static let finding = Finding(
        FindingKind(
            "identity-number.checksum", .error, chinese: "身份证号校验码应为 {0}。",
            english: "The check character of the identity number should be {0}."),
        at: SourcePlace(line: 17, column: 5, offset: 1024), row: 12, field: "身份证号",
        value: "370827********001X", arguments: ["3"])

    static let roster = Receipt(
        filing: hash, source: "yutai-liangzhang", fileName: "两长名册.csv", size: 4096,
        receivedAt: "2026-11-21T08:00:00+08:00", outcome: .acceptedWithFindings, reached: .business,
        mapping: Receipt.MappingReference(id: "yutai.liangzhang-roster", version: "3f2a91c0"), encoding: "GB18030",
        counts: Receipt.Counts(
            rowsRead: 15, converted: 12, setAside: 1, skipped: 2,
            records: [
                Receipt.RecordCount(type: "Person", number: 12),
                Receipt.RecordCount(type: "RoleAssignment", number: 12),
            ],
            changes: Receipt.Changes(new: 13, changed: 1, unchanged: 10, deleted: 1)),
        controlTotals: [
            Receipt.ControlTotal(name: "单元长", declared: 2225, found: 11),
            Receipt.ControlTotal(name: "楼长", declared: 1, found: 1, isAtLeast: true),
        ],
        findingCounts: [Receipt.FindingCount(code: "identity-number.checksum", number: 1)], findings: [finding])

    static let empty = Receipt(
        filing: hash, source: "s", fileName: "x.csv", size: 0, receivedAt: "2026-11-21T08:00:00+08:00",
        outcome: .rejected, reached: .transport)

    /// A temporary folder that goes away with its owner.
    final class Folder: Sendable {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.path + "/qiao-receipts-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var entries: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

        func contents(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
        }
    }
}
