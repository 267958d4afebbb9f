import Foundation
import FoundationXML
import Testing
import XMLCoder
import XMLFilings

/// Random well-formed documents come to the same in our reader, in Foundation's XMLParser, and in XMLCoder.
@Suite struct DifferentialTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func sameEventsAsXMLParser(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<150 {
            let document = RandomDocument.make(&random)
            let ours = Outline(document)
            #expect(ours.fault == nil, "\(document)")
            #expect(ours.sortedLine == ParserOutline(Array(document.utf8)).line, "\(document)")
        }
    }

    /// What stands behind an instruction or a section may join its last character: what the fuzzer found that XMLParser, which
    /// crashes on such instructions, was given all the same.
    @Test(arguments: ["<a><?x?>\u{300}</a>", "<a><![CDATA[b\r\nc]]>\u{301}d</a>"])
    func combiningCharactersBehindMarkup(document: String) {
        let ours = Outline(document)
        #expect(ours.fault == nil)
        #expect(ours.sortedLine == ParserOutline(Array(document.utf8)).line)
    }

    /// A case as XMLCoder decodes it: what both must read from the same document.
    private struct Case: Codable, Equatable, DynamicNodeCoding {
        struct Step: Codable, Equatable, DynamicNodeCoding {
            var stage: Int
            var handler: String
        }

        var id: String
        var note: String
        var channel: String
        var summary: String
        var step: [Step]
    }

    @Test func sameValuesAsXMLCoder() throws {
        var random = SplitMix64(seed: 7)
        let texts = ["热线", "水压不足，小区", "a<b", "x & y", "\"'", "1 > 0", "]]>", "第\u{20000}号", "é"]
        for number in 0..<100 {
            func text() -> String {
                (0...Int.random(in: 0..<3, using: &random)).map { _ in texts.randomElement(using: &random) ?? "" }
                    .joined()
            }
            let steps = (0...Int.random(in: 0..<4, using: &random)).map {
                Case.Step(stage: $0 * 10, handler: text())
            }
            let made = Case(id: "YT\(number)", note: text(), channel: text(), summary: text(), step: steps)
            let encoder = XMLEncoder()
            encoder.outputFormatting = Bool.random(using: &random) ? .prettyPrinted : []
            let document = try encoder.encode(made, withRootKey: "case")
            #expect(try XMLDecoder().decode(Case.self, from: document) == made)
            #expect(try Self.decode(Array(document)) == made)
        }
    }

    private static func decode(_ document: [UInt8]) throws -> Case {
        var reader = XMLReader()
        reader.append(document.span)
        reader.endInput()
        var attributes: [String: String] = [:]
        var texts: [String: String] = [:]
        var steps: [Case.Step] = []
        var text = ""
        while true {
            switch try reader.next() {
            case .startElement:
                text = ""
                for index in 0..<reader.attributeCount {
                    attributes[reader.local(of: reader.attributeName(index))] = Outline.string(
                        reader.attributeValue(index))
                }
            case .text: text += Outline.string(reader.text)
            case .endElement:
                let name = reader.local(of: reader.name)
                if name == "step" {
                    steps.append(
                        .init(stage: Int(attributes["stage"] ?? "") ?? -1, handler: texts["handler"] ?? ""))
                }
                texts[name] = text
            case .endOfDocument:
                return Case(
                    id: attributes["id"] ?? "", note: attributes["note"] ?? "", channel: texts["channel"] ?? "",
                    summary: texts["summary"] ?? "", step: steps)
            case .needsInput: return Case(id: "", note: "", channel: "", summary: "", step: [])
            }
        }
    }
}

/// Says which members of the types above are attributes.
private protocol DynamicNodeCoding: DynamicNodeEncoding, DynamicNodeDecoding {}

extension DynamicNodeCoding {
    private static func isAttribute(_ key: any CodingKey) -> Bool {
        ["id", "note", "stage"].contains(key.stringValue)
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        isAttribute(key) ? .attribute : .element
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        isAttribute(key) ? .attribute : .element
    }
}
