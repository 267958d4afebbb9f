import Findings
import Testing
import XMLFilings

/// Documents that are written to exhaust a reader: each is refused at a limit, after so many bytes and no more.
@Suite struct HostileDocumentTests {
    /// A document whose pieces are made as they are asked for.
    struct Attack: Sendable, CustomTestStringConvertible {
        var name: String
        /// What the document begins with.
        var head: String
        /// What then comes again and again.
        var piece = ""
        /// Bytes of the whole document.
        var size = 0
        /// The finding that refuses it.
        var code: String
        /// Bytes that may be taken before.
        var budget: Int

        var testDescription: String { name }
    }

    private static let kilobyte = String(repeating: "x", count: 1024)

    static let attacks: [Attack] = [
        Attack(name: "billion laughs", head: laughs(), code: "xml.doctype", budget: 64 << 10),
        Attack(
            name: "quadratic blowup", head: "<!DOCTYPE a [<!ENTITY x \"\(kilobyte)\">]><a>", piece: "&x;",
            size: 1 << 30,
            code: "xml.doctype", budget: 64 << 10),
        Attack(
            name: "entity that holds itself", head: "<!DOCTYPE a [<!ENTITY x \"&x;\">]><a>&x;</a>", code: "xml.doctype",
            budget: 64 << 10),
        Attack(
            name: "external entity", head: "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            code: "xml.doctype", budget: 64 << 10),
        Attack(
            name: "external parameter entity",
            head: "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY % x SYSTEM \"http://example.org/x\">%x;]><a/>",
            code: "xml.doctype", budget: 64 << 10),
        Attack(
            name: "external subset", head: "<!DOCTYPE a PUBLIC \"-//A//B\" \"http://example.org/a.dtd\"><a/>",
            code: "xml.doctype", budget: 64 << 10),
        Attack(
            name: "entity that nobody declared", head: "<a b='&x;'/>", code: "xml.entity", budget: 64 << 10),
        Attack(
            name: "a million attributes", head: "<a", piece: " b='1'", size: 6_000_000, code: "xml.limit-attributes",
            budget: 2 << 20),
        Attack(
            name: "a million namespaces", head: "<a", piece: " xmlns:p='u'", size: 12_000_000,
            code: "xml.limit-attributes", budget: 2 << 20),
        Attack(
            name: "a gigabyte in one attribute", head: "<a b='", piece: kilobyte, size: 1 << 30,
            code: "xml.limit-tag-size", budget: 2 << 20),
        Attack(
            name: "a gigabyte of references in one attribute", head: "<a b='", piece: "&#x4E2D;", size: 1 << 30,
            code: "xml.limit-tag-size", budget: 2 << 20),
        Attack(
            name: "a gigabyte in one name", head: "<a", piece: kilobyte, size: 1 << 30, code: "xml.limit-name-size",
            budget: 2 << 20),
        Attack(
            name: "a gigabyte of blanks in one tag", head: "<a", piece: "    ", size: 1 << 30,
            code: "xml.limit-tag-size", budget: 2 << 20),
        Attack(
            name: "depth of 100,000", head: "", piece: "<a>", size: 300_000, code: "xml.limit-depth", budget: 64 << 10),
    ]

    private static func laughs() -> String {
        let levels = (1...9).map { level in
            "<!ENTITY l\(level) \"\(String(repeating: "&l\(level - 1);", count: 10))\">"
        }
        return "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY l0 \"lol\">\(levels.joined())]>\n<a>&l9;</a>"
    }

    @Test(arguments: attacks)
    func isRefusedEarly(_ attack: Attack) {
        var reader = XMLReader()
        var rest = Array(attack.head.utf8)
        let block = Self.block(attack.piece)
        var taken = 0
        do throws(XMLFault) {
            while true {
                guard try reader.next() == .needsInput else { continue }
                if !rest.isEmpty {
                    reader.append(rest.span)
                    taken += rest.count
                    rest = []
                } else if taken < attack.size {
                    reader.append(block.span)
                    taken += block.count
                } else {
                    reader.endInput()
                }
            }
        } catch {
            #expect(error.finding.code == attack.code)
            #expect(error.finding.place != nil)
        }
        // What was taken is all that the reader can have kept.
        #expect(taken <= attack.budget, "\(taken) bytes")
    }

    // Whole pieces, 16 KiB of them.
    private static func block(_ piece: String) -> [UInt8] {
        piece.isEmpty ? [] : Array(String(repeating: piece, count: 16_384 / piece.utf8.count).utf8)
    }
}
