import Findings
import Testing
import XMLFilings

@Suite struct XMLReaderTests {
    @Test(arguments: WellFormedDocument.all)
    func readsWellFormed(_ sample: WellFormedDocument) {
        let outline = Outline(sample.document)
        #expect(outline.fault == nil)
        #expect(outline.line == sample.line)
    }

    @Test(arguments: MalformedDocument.all)
    func refusesMalformed(_ sample: MalformedDocument) {
        let outline = Outline(sample.bytes)
        #expect(outline.fault == sample.fault)
        #expect(outline.finding?.severity == .fatal)
    }

    @Test func everyMessageIsComplete() {
        for sample in MalformedDocument.all {
            guard let message = Outline(sample.bytes).finding?.message else { continue }
            #expect(!message.chinese.contains("{"), "\(sample.name)")
            #expect(!message.english.contains("{"), "\(sample.name)")
        }
    }

    @Test func placesOfEveryToken() {
        let outline = Outline("<?xml version='1.0'?>\r\n<案 a='1'\r  中='2'>文\n字<b/>\r\n<!-- x\n--><c>\u{20000}</c></案>")
        func place(_ line: Int, _ column: Int, _ offset: Int) -> SourcePlace {
            SourcePlace(line: line, column: column, offset: offset)
        }
        #expect(
            outline.events == [
                .start(
                    name: "案",
                    attributes: [
                        .init(name: "a", value: "1", place: place(2, 4, 28)),
                        .init(name: "中", value: "2", place: place(3, 3, 36)),
                    ], place: place(2, 1, 23), depth: 1),
                .text("文\n字", place: place(3, 9, 44)),
                .start(name: "b", attributes: [], place: place(4, 2, 51), depth: 2),
                .end(name: "b", place: place(4, 2, 51), depth: 2),
                .text("\n", place: place(4, 6, 55)),
                .start(name: "c", attributes: [], place: place(6, 4, 67), depth: 2),
                .text("\u{20000}", place: place(6, 7, 70)),
                .end(name: "c", place: place(6, 8, 74), depth: 2),
                .end(name: "案", place: place(6, 12, 78), depth: 1),
            ])
    }

    @Test func idsAreDenseAndShared() throws {
        var reader = XMLReader()
        let known = reader.intern(namespace: "u", local: "a")
        let other = reader.intern(namespace: "", local: "a")
        #expect(reader.intern(namespace: "u", local: "a") == known)
        #expect([known.index, other.index] == [0, 1])
        reader.append(Array("<p:a xmlns:p='u' a='1'><b/></p:a>".utf8).span)
        #expect(try reader.next() == .startElement)
        #expect(reader.name == known)
        #expect(reader.attributeName(0) == other)
        #expect(try reader.next() == .startElement)
        #expect(reader.name.index == 2)
        #expect(reader.nameCount == 3)
        #expect(reader.local(of: reader.name) == "b")
    }

    @Test func attributesAndTextAreGoneAtOtherTokens() throws {
        var reader = XMLReader()
        reader.append(Array("<a b='1'>x<c/></a>".utf8).span)
        #expect(try reader.next() == .startElement)
        #expect(reader.attributeCount == 1)
        #expect(reader.text.count == 0)
        #expect(try reader.next() == .text)
        #expect(reader.attributeCount == 0)
        #expect(try reader.next() == .startElement)
        #expect(reader.text.count == 0)
    }

    @Test func placeOfAnEmptyElementsEndSurvivesAppending() throws {
        var reader = XMLReader()
        reader.append(Array("<r>\n<a/>".utf8).span)
        for _ in 0..<3 { _ = try reader.next() }
        reader.append(Array(repeating: UInt8(ascii: " "), count: 1 << 18).span)
        #expect(try reader.next() == .endElement)
        #expect(reader.place == SourcePlace(line: 2, column: 1, offset: 4))
    }

    @Test func aFaultIsThrownAgain() {
        var reader = XMLReader()
        reader.append(Array("<a>\n<b></a>".utf8).span)
        var faults: [XMLFault] = []
        for _ in 0..<6 {
            do throws(XMLFault) {
                _ = try reader.next()
            } catch {
                faults.append(error)
                reader.append(Array("</b>".utf8).span)
            }
        }
        #expect(faults.count == 3)
        #expect(Set(faults).count == 1)
        #expect(faults.first?.finding.place == SourcePlace(line: 2, column: 4, offset: 7))
    }

    @Test func theDeclarationIsKept() throws {
        var reader = XMLReader()
        #expect(reader.declaration == nil)
        reader.append(Array("<?xml version='1.0' encoding='GBK' standalone='yes'?><a/>".utf8).span)
        _ = try reader.next()
        #expect(reader.declaration == XMLDeclaration(version: "1.0", encoding: "GBK", standalone: true))
    }

    @Test func everyKindIsListedOnce() {
        let codes = XMLFindings.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("xml.") })
    }
}
