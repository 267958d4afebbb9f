import Testing

@testable import Mappings

@Suite struct NumberValueTests {
    @Test(arguments: [
        ValueCase("plain", "2225", "2225"), ValueCase("zero", "0", "0"), ValueCase("separators", "2,225", "2225"),
        ValueCase("a spreadsheet's decimal", "60.0", "60"), ValueCase("full width", "６０", "60"),
        ValueCase("unit", "4851户", "4851"), ValueCase("two-character unit", "16 个站", "16"),
        ValueCase("ten thousands", "1.2万", "12000"), ValueCase("plain sum", "共60人", "60"),
        ValueCase("at least, 多", "60多", "60", .countAtLeast), ValueCase("at least, 余", "1680余件", "1680", .countAtLeast),
        ValueCase("at least, +", "60+", "60", .countAtLeast), ValueCase("at least, ≥", "≥60", "60", .countAtLeast),
        ValueCase("at least, 以上", "60人以上", "60", .countAtLeast), ValueCase("about", "约60", "60", .countApproximate),
        ValueCase("about, 左右", "60左右", "60", .countApproximate),
        ValueCase("negative", "-1", "rejected", .numberRange),
        ValueCase("half a person", "1.5", "rejected", .numberFormat),
        ValueCase("badly grouped", "1,23", "rejected", .numberFormat),
        ValueCase("separated by blanks", "1 234 567", "1234567"),
        ValueCase("separated by hard blanks", "3\u{A0}038户", "3038"),
        ValueCase("blanks beside words", "约 60 户", "60", .countApproximate),
        ValueCase("two numbers", "86 90", "rejected", .numberFormat),
        ValueCase("two numbers, a wide blank", "86　90", "rejected", .numberFormat),
        ValueCase("two numbers in two lines", "86\n90", "rejected", .numberFormat),
        ValueCase("two lines that look like groups", "86\r\n120", "rejected", .numberFormat),
        ValueCase("words", "很多人", "rejected", .numberFormat),
        ValueCase("too big", "99999999999999999999", "rejected", .numberRange),
        ValueCase("arithmetic", "3+4", "rejected", .numberFormat), ValueCase("nothing", "", "empty"),
        ValueCase("word for nothing", "无", "null word"),
    ])
    func count(_ entry: ValueCase) {
        #expect(ValueMachine(.count).converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("yuan and fen", "1234.56", "123456"), ValueCase("separators", "1,234.5", "123450"),
        ValueCase("separated by blanks", "￥ 1 234.5 元", "123450"),
        ValueCase("two amounts", "50 20", "rejected", .moneyFormat),
        ValueCase("two amounts in two lines", "50\n200", "rejected", .moneyFormat),
        ValueCase("sign and unit", "￥1,234.5元", "123450"), ValueCase("half-width sign", "¥5", "500"),
        ValueCase("ten thousand", "26万", "26000000"), ValueCase("ten thousand yuan", "26万元", "26000000"),
        ValueCase("a hundred million", "3.5亿", "35000000000"), ValueCase("million million", "1万亿元", "100000000000000"),
        ValueCase("exactly", "5元整", "500"), ValueCase("negative", "-0.01", "-1"),
        ValueCase("fraction of ten thousand", "0.000123万元", "123"),
        ValueCase("fraction of a fen", "0.001", "rejected", .moneyPrecision),
        ValueCase("trailing zeros", "0.100", "10"),
        ValueCase("dollars", "$5", "rejected", .moneyFormat), ValueCase("percentage", "5%", "rejected", .moneyFormat),
        ValueCase("too big", "99999999999999999亿", "rejected", .numberRange),
        ValueCase("words", "面议", "rejected", .moneyFormat),
        ValueCase("word for nothing", "—", "null word"),
    ])
    func money(_ entry: ValueCase) {
        #expect(ValueMachine(.money).converting(entry.raw) == entry.converted)
    }

    @Test func unitOfTheColumnCountsUnlessTheValueHasOne() {
        var options = ValueOptions()
        options.moneyExponent = 4
        #expect(ValueMachine(.money, options: options).converting("26") == Converted("26000000"))
        #expect(ValueMachine(.money, options: options).converting("26元") == Converted("2600"))
    }

    @Test(arguments: [
        ValueCase("whole", "5", "5"), ValueCase("decimals", "-1,234.50", "-1234.50"),
        ValueCase("point first", ".5", "0.5"), ValueCase("separated by blanks", "1 234.5", "1234.5"),
        ValueCase("two numbers", "5 6", "rejected", .numberFormat),
        ValueCase("point last", "5.", "rejected", .numberFormat),
        ValueCase("scientific", "1.5E+05", "rejected", .lostDigits),
        ValueCase("unit", "5米", "rejected", .numberFormat), ValueCase("nothing", " ", "empty"),
    ])
    func decimal(_ entry: ValueCase) {
        #expect(ValueMachine(.decimal).converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("with sign", "61%", "61"), ValueCase("without sign", "61", "61"),
        ValueCase("decimals", "61.50％", "61.50"), ValueCase("two lines", "61\n5", "rejected", .percentageFormat),
        ValueCase("in words", "百分之61", "61"), ValueCase("above a hundred", "120%", "120", .percentageRange),
        ValueCase("exactly a hundred", "100.00%", "100.00"), ValueCase("negative", "-5%", "rejected", .numberRange),
        ValueCase("words", "大部分", "rejected", .percentageFormat),
    ])
    func percentage(_ entry: ValueCase) {
        #expect(ValueMachine(.percentage).converting(entry.raw) == entry.converted)
    }

    @Test func doubleOfADecimal() {
        #expect(ValueOutcome.number(12_345, scale: 2).double == 123.45)
    }
}
