import Testing

@testable import Mappings

@Suite struct TextValueTests {
    @Test(arguments: [
        ValueCase("clean Chinese", "阳光小区3号楼", "阳光小区3号楼"),
        ValueCase("Chinese punctuation", "“两长”，《办法》（试行）：一、二……", "“两长”，《办法》（试行）：一、二……"),
        ValueCase("ends", " \t 甲 \r\n", "甲"),
        ValueCase("ideographic spaces at the ends", "　甲　", "甲"),
        ValueCase("ideographic space within", "甲　乙", "甲 乙"),
        ValueCase("no-break space", "\u{A0}甲\u{A0}乙", "甲 乙"),
        ValueCase("zero-width space", "甲\u{200B}乙", "甲乙"),
        ValueCase("byte order mark within", "甲\u{FEFF}乙", "甲乙"),
        ValueCase("direction marks", "\u{202D}13900000000\u{202C}", "13900000000"),
        ValueCase("full-width digits and letters", "３号楼Ａ座", "3号楼A座"),
        ValueCase("line breaks", "甲\r\n乙\r丙\n丁", "甲\n乙\n丙\n丁"),
        ValueCase("four-byte character", "𠀀𡃁", "𠀀𡃁"),
        ValueCase("rare name character", "䶮", "䶮"),
        ValueCase("apostrophe before a digit", "'0537", "0537"),
        ValueCase("apostrophe before a word", "'tis", "'tis"),
        ValueCase("formula text", "=\"007\"", "007"),
        ValueCase("control characters", "甲\u{0}\u{1F}乙", "甲乙", .controlCharacter),
        ValueCase("nothing but invisible characters", "\u{200B}\u{FEFF}", "empty"),
        ValueCase("word for nothing", "无", "null word"),
        ValueCase("word that only begins like one", "无锡路", "无锡路"),
        ValueCase("full stop after the word", "无。", "null word"),
    ])
    func text(_ entry: ValueCase) {
        #expect(ValueMachine(.text).converting(entry.raw) == entry.converted)
    }

    @Test func nameIsOnOneLine() {
        #expect(ValueMachine(.name).converting("甲小区\n3号楼") == Converted("甲小区 3号楼"))
    }

    @Test(arguments: [
        ValueCase("case number", "鱼快办〔2026〕００１号", "鱼快办〔2026〕001号"),
        ValueCase("lost digits", "2.02612E+13", "rejected", .lostDigits),
        ValueCase("serial with letters", "1E2F3A", "1E2F3A"),
    ])
    func code(_ entry: ValueCase) {
        #expect(ValueMachine(.code).converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("two characters", "张三", "张三"),
        ValueCase("blank within", "张 三", "张三"),
        ValueCase("ideographic space within", "张　三", "张三"),
        ValueCase("middle dot", "买买提·吐尔逊", "买买提·吐尔逊"),
        ValueCase("bullet", "买买提•吐尔逊", "买买提·吐尔逊"),
        ValueCase("hyphenation point", "买买提‧吐尔逊", "买买提·吐尔逊"),
        ValueCase("katakana dot", "买买提・吐尔逊", "买买提·吐尔逊"),
        ValueCase("full-width full stop", "买买提．吐尔逊", "买买提·吐尔逊"),
        ValueCase("blanks around the dot", "买买提 · 吐尔逊", "买买提·吐尔逊"),
        ValueCase("Latin letters", "John  Smith", "John Smith"),
        ValueCase("rare characters", "王䶮𬭼", "王䶮𬭼"),
        ValueCase("digits", "张三1", "张三1", .personNameCharacters),
        ValueCase("two people", "张三、李四", "张三、李四", .personNameCharacters),
        ValueCase("word for nothing", "空", "null word"),
        ValueCase("nothing", "　", "empty"),
    ])
    func personName(_ entry: ValueCase) {
        #expect(ValueMachine(.personName).converting(entry.raw) == entry.converted)
    }
}
