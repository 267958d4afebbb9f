import Findings
import Testing
import TextEncodings

@testable import Mappings

/// Where the values of an XML filing stand, however they are written, whatever is around them, and however the document
/// arrives.
@Suite struct FilingPlaceTests {
    // Every case has one bad value, which is marked by the start tag before it, or by its attribute.
    private static let bad = [
        "<a:received>昨天</a:received>", "<a:received>昨&#22825;</a:received>", "<a:received><![CDATA[昨天]]></a:received>",
        "<a:received>昨<!-- 注 -->天</a:received>", "<a:received>\r\n昨天\r</a:received>",
        "<a:flow><a:step stage=\"受理\" at=\"昨天\"/></a:flow>", "<a:flow><a:step stage='受理'\nat='昨&#22825;'/></a:flow>",
    ]

    private static func document(_ filler: String, lineEnd: String) -> (text: String, places: [SourcePlace]) {
        var text = "<a:appeals xmlns:a=\"urn:yutai:appeals:1\"><a:head><a:count>21</a:count></a:head><a:body>\n"
        for number in 0..<21 {
            text +=
                "  <a:case id=\"AJ-\(number)\">\(filler)\n<a:channel>来电</a:channel>鱼台 \(bad[number % 7])\n</a:case>\n"
        }
        text += "</a:body></a:appeals>"
        let filed = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\n", with: lineEnd)
        return (filed, places(in: filed))
    }

    private static func places(in text: String) -> [SourcePlace] {
        var places: [SourcePlace] = []
        var tracker = PlaceTracker()
        let bytes = Array(text.utf8)
        let marks = ["<a:received>", "at=\"昨", "at='昨"].map { Array($0.utf8) }
        for index in bytes.indices {
            if marks.contains(where: { bytes[index...].starts(with: $0) }) { places.append(tracker.place) }
            tracker.advance(over: bytes.span.extracting(index...index))
        }
        return places
    }

    @Test(arguments: ["", "<x>别的</x>", String(repeating: "<y z='1'>没有人读</y>\n", count: 400)], ["\n", "\r\n", "\r"])
    func badValuesAreFoundWhereTheyStand(filler: String, lineEnd: String) throws {
        let (text, places) = Self.document(filler, lineEnd: lineEnd)
        let mapping = try Convert.mapping(Forms.cases)
        let bytes = Array(text.utf8)
        #expect(places.count == 21)
        for piece in filler.count < 100 ? [1, 7, 61, 1000, .max] : [5000, .max] {
            for blockSize in [40, RowBlock.filingSize] {
                var limits = ConversionLimits()
                limits.blockSize = blockSize
                let result = try Convert.document(
                    bytes, mapping, limits: limits, piece: piece, workers: blockSize == 40 ? 1 : 0)
                let found = result.summary.findings.findings.filter { $0.value != nil }.map(\.place)
                #expect(found == places, "pieces of \(piece)")
            }
        }
    }

    // Values of elements around a row stand in blocks before it.
    @Test func valuesThatAreCarriedOnKeepTheirPlaces() throws {
        let mapping = try Convert.mapping(Forms.nested)
        var text = "<r>\n"
        for number in 0..<30 {
            text += "<community code=\"3708\(number % 3 == 0 ? "x" : "27")\"><name>甲&amp;\(number)</name>\n"
            for one in 0..<3 { text += "<case id=\"\(number)-\(one)\"><t>题\(one)</t></case>\n" }
            text += "</community>\n"
        }
        let bytes = Array("\(text)</r>".utf8)
        let whole = try Convert.document(bytes, mapping)
        #expect(whole.summary.findings.findings.count > 20)
        for piece in [1, 50, 3000] {
            for blockSize in [1, 64, 1000] {
                var limits = ConversionLimits()
                limits.blockSize = blockSize
                let result = try Convert.document(bytes, mapping, limits: limits, piece: piece)
                #expect(result.summary.findings.findings == whole.summary.findings.findings)
                #expect(result.bytes == whole.bytes)
            }
        }
    }
}
