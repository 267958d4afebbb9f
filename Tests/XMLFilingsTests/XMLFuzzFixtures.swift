import Testing
import XMLFilings

/// What the fuzzers found, by number. Each input once made a difference when it was cut; see Fuzzing/README.md.
struct XMLFuzzFixture: Sendable, CustomTestStringConvertible {
    var number: Int
    /// What was wrong.
    var flaw: String
    var bytes: [UInt8]
    var limits = XMLLimits()
    /// What the document comes to: its events in one line, or its fault.
    var outcome: String

    var testDescription: String { "\(number): \(flaw)" }

    init(_ number: Int, _ flaw: String, _ document: String, limits: XMLLimits = XMLLimits(), _ outcome: String) {
        self.number = number
        self.flaw = flaw
        self.bytes = Array(document.utf8)
        self.limits = limits
        self.outcome = outcome
    }

    static let all: [XMLFuzzFixture] = [
        .init(
            1, "a declaration over the limit of tags was refused only where it was cut",
            "<?xml version=\"1.0\" encoding='UTF-8' standalone = \"no\" ?><a/>", limits: XMLLimits(tagSize: 24),
            "xml.limit-tag-size 1:1 @0"),
        .init(
            2, "a declaration that is wrong and over the limit was refused for the one or the other",
            "\u{FEFF}<?xml version='1.0' encoding='UTF-8' standalone='maybe'?><a/>", limits: XMLLimits(tagSize: 40),
            "xml.limit-tag-size 1:1 @0"),
        .init(
            3, "an instruction whose target is too long and no name was refused for the one or the other",
            "<?b×cdefgh?><a/>", limits: XMLLimits(nameSize: 4), "xml.limit-name-size 1:3 @2"),
        .init(
            4, "a message named the first byte of a character that was cut", "<a/\u{FEFF}>", "xml.tag 1:4 @3"),
        .init(
            5, "an attribute name that goes over both limits was refused for the one or the other",
            "<a bcdefghijklmnopqrstuv='1'/>", limits: XMLLimits(tagSize: 16, nameSize: 14),
            "xml.limit-tag-size 1:1 @0"),
        .init(
            6, "blanks behind a CDATA section that was cut were not skipped",
            "<a>\n<![CDATA[一 二 三]]>\n<b/></a>", "<a>'一 二 三'<b></></>"),
        .init(
            7, "a reference that is broken only behind the limit of tags was refused for the one or the other",
            "<a b='R/ c=$$&RangeRep$$$$3'/>", limits: XMLLimits(tagSize: 18), "xml.limit-tag-size 1:1 @0"),
        .init(
            8, "a value over its limit within a reference that was cut behind the limit of tags was refused for that",
            "<a b='1&lt;&amp;&#x4E2D;2' c='&quot;'/>", limits: XMLLimits(tagSize: 22, valueSize: 15),
            "xml.limit-value-size 1:7 @6"),
        .init(
            9, "the same, where the reference is broken as well", "<a b='1&lt;&amp;&#x4E2g;2'/>",
            limits: XMLLimits(tagSize: 40, valueSize: 15), "xml.limit-value-size 1:7 @6"),
        .init(
            10, "a value over its limit within a character that is forbidden was refused for the one or the other",
            "<a b1='\u{FFFE};'/>", limits: XMLLimits(valueSize: 1), "xml.limit-value-size 1:8 @7"),
    ]
}
