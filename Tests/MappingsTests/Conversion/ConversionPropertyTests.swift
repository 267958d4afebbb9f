import CanonicalRecords
import Findings
import SwiftProtobuf
import Testing
import TextEncodings

@testable import Mappings

@Suite struct ConversionPropertyTests {
    @Test(arguments: [1, 2, 3, 7, 64, 1000])
    func piecesOfTheInputMakeNoDifference(piece: Int) throws {
        for (yaml, text) in [(Forms.roster, Forms.rosterDocument), (Forms.cases, Forms.casesDocument)] {
            let mapping = try Convert.mapping(yaml)
            let broken = Array(text.utf8) + Array(text.utf8.suffix(40))
            for bytes in [Array(text.utf8), broken, Array(text.utf8.dropLast(30))] {
                let whole = try Convert.document(bytes, mapping)
                let pieces = try Convert.document(bytes, mapping, piece: piece)
                #expect(pieces.bytes == whole.bytes)
                #expect(pieces.entries == whole.entries)
                #expect(pieces.summary.findings.findings == whole.summary.findings.findings)
                #expect(pieces.summary.rowsRead == whole.summary.rowsRead)
            }
        }
    }

    /// Elements whose texts are wanted may stand in each other, and a text may have many parts: what has been read of each is
    /// kept while the reader drops the document behind it.
    @Test func textsWithinTextsAreKeptApart() throws {
        let mapping = try Convert.mapping(
            """
            mapping: test.nested
            reads:
              format: xml
              root: r
            gives:
              - record: Case
                each: c
                key: number
                fields:
                  number: "@id"
                  title: t
                  content: t/u
                  category: t/u/v
            delivery: upsert
            control: []

            """)
        let bytes = Array(
            """
            <r><c id="1"><t>一<!-- x --><u>二<v>三<![CDATA[四]]></v>五&amp;<v/>六</u>七<u/>八</t></c><c id="2"><t>
            \(String(repeating: "长", count: 20))<u>a<v>\(String(repeating: "b", count: 41))</v>c</u>d</t></c></r>
            """.utf8)
        for piece in 1...bytes.count {
            let result = try Convert.document(
                bytes, mapping, limits: ConversionLimits(fieldSize: 40), piece: piece)
            #expect(result.cases.map(\.title) == ["一七八", ""], "in pieces of \(piece)")
            #expect(result.cases.map(\.content) == ["二五&六", "ac"], "in pieces of \(piece)")
            #expect(result.cases.map(\.category) == ["三四", ""], "in pieces of \(piece)")
            let tooLong = result.summary.findings.findings.filter { $0.code == "mapping.value-too-long" }
            #expect(tooLong.map(\.field) == ["t/u/v", "t"], "in pieces of \(piece)")
        }
    }

    /// What the decoder notices is told where the reader comes to it, however the document is cut.
    @Test(arguments: [1, 5, 64, 1000])
    func encodingFindingsStandWhereTheyAre(piece: Int) throws {
        let mapping = try Convert.mapping(Forms.cases)
        let text = Forms.casesDocument.replacing("热线", with: "热\u{E000}").replacing("id=\"AJ-002\"", with: "id=\"\"")
            .replacing("网上", with: "网\u{E001}")
        let whole = try Convert.document(Array(text.utf8), mapping)
        let codes = whole.codes.filter { $0.hasPrefix("encoding.") || $0 == "mapping.value-required" }
        #expect(codes == ["encoding.private-use", "encoding.private-use", "mapping.value-required"])
        #expect(whole.summary.findings.findings.first?.place.map(\.description) == "6:77")
        var broken = Array(text.utf8)
        let at = try #require(text.utf8.firstRange(of: "网".utf8)).lowerBound
        broken[text.utf8.distance(from: text.utf8.startIndex, to: at)] = 0xFF
        let refused = try Convert.document(broken, mapping)
        #expect(refused.summary.rejection?.code == "encoding.invalid-bytes")
        #expect(refused.summary.rejection?.place.map(\.description) == "9:30")
        #expect(refused.summary.rowsConverted == 1)
        for (bytes, expected) in [(Array(text.utf8), whole), (broken, refused)] {
            let pieces = try Convert.document(bytes, mapping, piece: piece)
            #expect(pieces.bytes == expected.bytes)
            #expect(pieces.summary.findings.findings == expected.summary.findings.findings)
            #expect(pieces.summary.rowsRead == expected.summary.rowsRead)
        }
    }

    /// The place of a byte that is no text, whatever ends the lines before it, however the document is cut.
    @Test(arguments: ["\n", "\r\n", "\r"], [1, 2, 5, 64, 1000])
    func bytesThatAreNoTextStandWhereTheyAreInRosters(lineEnd: String, piece: Int) throws {
        let mapping = try Convert.mapping(Forms.roster)
        // A line end within quotes counts, too.
        let text = Forms.rosterDocument.replacing("李四", with: "\"李\n四\"").replacing("\n", with: lineEnd)
        let five = try #require(text.utf8.firstRange(of: "五".utf8)).lowerBound
        let offset = text.utf8.distance(from: text.utf8.startIndex, to: five)
        var bytes = Array(text.utf8)
        bytes[offset] = 0xFF
        let refused = try Convert.document(bytes, mapping, piece: piece)
        #expect(refused.summary.rejection?.code == "encoding.invalid-bytes")
        #expect(refused.summary.rejection?.place == SourcePlace(line: 8, column: 2, offset: offset))
    }

    /// Rows are converted block by block, several blocks at a time: neither may show.
    @Test(arguments: [1, 40, 700], [0, 1, 3])
    func blocksAndWorkersMakeNoDifference(blockSize: Int, workers: Int) throws {
        var limits = ConversionLimits()
        limits.blockSize = blockSize
        let policies = ["", "on-error: filing\n", "on-error: { threshold: 1 }\n"]
        for (yaml, text) in [
            (Forms.roster, Forms.rosterDocument), (Forms.cases, Forms.casesDocument),
            (Forms.nested, Forms.nestedDocument), (Forms.filled, Forms.filledDocument),
        ] {
            for policy in policies {
                let mapping = try Convert.mapping(yaml + policy)
                for bytes in [Array(text.utf8), Array(text.utf8.dropLast(30))] {
                    let whole = try Convert.document(bytes, mapping)
                    let blocks = try Convert.document(bytes, mapping, limits: limits, piece: 97, workers: workers)
                    #expect(blocks.bytes == whole.bytes)
                    #expect(blocks.entries == whole.entries)
                    #expect(blocks.summary.findings.findings == whole.summary.findings.findings)
                    #expect(blocks.summary.isRejected == whole.summary.isRejected)
                    guard !whole.summary.isRejected else { continue }
                    #expect(blocks.summary.rowsRead == whole.summary.rowsRead)
                    #expect(blocks.summary.controlTotals == whole.summary.controlTotals)
                }
            }
        }
    }

    /// What is noticed of rows when no more findings are kept is counted alone: as if all were kept.
    @Test(arguments: [0, 1, 7, 300], [40, 700])
    func findingsThatAreNotKeptAreCounted(kept: Int, blockSize: Int) throws {
        var text = "姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元\n"
        for number in 0..<60 {
            text += number.isMultiple(of: 3) ? "张三,单元长\n" : "张三,单元长,370827190001010014,,,湖畔,\(number),1,多\n"
        }
        let mapping = try Convert.mapping(Forms.roster)
        let whole = try Convert.document(text, mapping)
        var limits = ConversionLimits(findings: kept)
        limits.blockSize = blockSize
        let some = try Convert.document(Array(text.utf8), mapping, limits: limits, workers: 2)
        let (log, all) = (some.summary.findings, whole.summary.findings)
        #expect(all.counts["csv.ragged-row"] == 60)
        #expect(log.counts == all.counts && log.severities == all.severities && log.total == all.total)
        #expect(log.findings == Array(all.findings.prefix(kept)))
    }

    @Test func sameDocumentGivesTheSameBytesAndIdsDependOnKeyAndSource() throws {
        let mapping = try Convert.mapping(Forms.roster)
        let bytes = Array(Forms.rosterDocument.utf8)
        let one = try Convert.document(bytes, mapping)
        #expect(try Convert.document(bytes, mapping).bytes == one.bytes)
        var context = Convert.context
        context.filing = String(repeating: "0", count: 64)
        let later = try Convert.document(bytes, mapping, context: context)
        #expect(later.entries.map(\.id) == one.entries.map(\.id))
        #expect(later.hashes == one.hashes)
        #expect(later.bytes != one.bytes)
        context.source = "other"
        #expect(try Convert.document(bytes, mapping, context: context).entries.first?.id != one.entries.first?.id)
        context = Convert.context
        context.identityKey = try #require(IdentityKey(Array(0..<16)))
        #expect(try Convert.document(bytes, mapping, context: context).entries.first?.id != one.entries.first?.id)
    }

    @Test func idIsTheKeyedHashOfSourceTypeAndNaturalKey() throws {
        let result = try Convert.document(Forms.casesDocument, Convert.mapping(Forms.cases))
        var hash = SipHash128(key: IdentityKey.published.key)
        hash.update("yutai-liangzhang\u{1F}Case\u{1F}AJ-001")
        #expect(result.records.first?.provenance.id == hash.digest().hexadecimal)
        #expect(result.entries.first?.id == hash.digest())
    }

    @Test func batchesKeepToTheChunkSize() throws {
        var text = "姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元\n"
        for number in 0..<200 { text += "张三,单元长,370827190001010014,,,湖畔,\(number),1\n" }
        let mapping = try Convert.mapping(Forms.roster)
        var converter = DocumentConverter(
            mapping: mapping, context: Convert.context, encoding: .utf8, limits: ConversionLimits(chunkSize: 4096))
        converter.feed(Array(text.utf8).span)
        converter.finish()
        var count = 0
        while let batch = converter.drain() {
            #expect(batch.bytes.count <= 4096)
            #expect(batch.entries.last?.range.upperBound == batch.bytes.count)
            count += batch.count
        }
        #expect(count == 400)
    }

    /// The program's bytes against a message that is built field by field with the protobuf library.
    @Test func bytesAreThoseOfANaiveConverter() throws {
        let yaml = """
            mapping: naive
            reads: { format: csv, header: [n] }
            gives:
              - record: Case
                key: number
                fields:
                  number: n
                  channel: { from: c, map: { a: CALL, b: ONLINE } }
                  content: t
                  supervised: s
                  people_involved: p
                  units_involved: { from: u, split: ";" }
                  position: { fields: { longitude: x } }
                extension: [e]
            delivery: event

            """
        let mapping = try Convert.mapping(yaml)
        var random = SplitMix64(seed: 3)
        for _ in 0..<40 {
            let rows = (0..<20).map { RandomCase(number: $0, using: &random) }
            let text = "n,c,t,s,p,u,x,e\n" + rows.map(\.line).joined(separator: "\n") + "\n"
            let result = try Convert.document(text, mapping)
            #expect(result.records.count == rows.count)
            for (row, record) in zip(rows, result.records) {
                #expect(record.case == row.message)
                var naive = record
                naive.case = row.message
                naive.`extension` = row.kept.isEmpty ? [:] : ["e": row.kept]
                #expect(try naive.deterministic() == record.deterministic())
            }
        }
    }

    @Test func hostileDocumentsNeverCrash() throws {
        var random = SplitMix64(seed: 5)
        for (yaml, text) in [(Forms.roster, Forms.rosterDocument), (Forms.cases, Forms.casesDocument)] {
            let mapping = try Convert.mapping(yaml)
            for _ in 0..<400 {
                var bytes = Array(text.utf8)
                for _ in 0..<Int.random(in: 1...12, using: &random) {
                    let at = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: at)
                    default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 30)], at: 0)
                    }
                }
                let encoding = TextEncoding.allCases.randomElement(using: &random) ?? .utf8
                _ = try Convert.document(bytes, mapping, encoding: encoding)
                _ = DocumentHead(bytes, encoding: encoding).summary
            }
        }
    }
}

private struct RandomCase {
    var line: String
    var message = Qiao_Records_V1_Case()
    var kept: String

    init(number: Int, using random: inout SplitMix64) {
        func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }
        message.number = "N\(number)"
        let channel = pick(["a", "b", ""])
        message.channel = channel == "a" ? .call : channel == "b" ? .online : .unspecified
        message.content = pick(["", "停水", String(repeating: "长", count: 60), "a b"])
        let supervised = pick(["是", "否", ""])
        message.supervised = supervised == "是"
        let people = pick(["0", "1", "127", "128", "300000", ""])
        if let number = Int64(people) { message.peopleInvolved = number }
        let units = pick([[], ["甲"], ["甲", "乙", "丙"]])
        message.unitsInvolved = units
        let longitude = pick(["", "116.5", "0"])
        if let degrees = Double(longitude) { message.position.longitude = degrees }
        kept = pick(["", "x", String(repeating: "y", count: 200)])
        line = [
            message.number, channel, message.content, supervised, people, units.joined(separator: ";"), longitude, kept,
        ].joined(separator: ",")
    }
}
