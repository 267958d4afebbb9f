import CanonicalRecords
import Testing

@Suite struct EnumerationTests {
    private let schema = RecordSchema.canonical

    @Test func termsAndCodesAreUniqueWithinAnEnum() {
        for enumeration in schema.enumerations {
            let terms = enumeration.values.flatMap(\.terms)
            #expect(Set(terms).count == terms.count, "\(enumeration.name): \(duplicates(in: terms))")
            let codes = enumeration.values.map(\.code).filter { !$0.isEmpty }
            #expect(Set(codes).count == codes.count, "\(enumeration.name): \(duplicates(in: codes))")
        }
    }

    private func duplicates(in words: [String]) -> [String] {
        Dictionary(grouping: words, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
    }

    @Test func everyValueButTheFirstHasCodeTitleAndTerm() {
        for enumeration in schema.enumerations {
            #expect(!enumeration.title.isEmpty && !enumeration.documentation.isEmpty, "\(enumeration.name)")
            #expect(enumeration.values.first?.number == 0)
            #expect(enumeration.values.first?.shortName == "UNSPECIFIED")
            #expect(enumeration.values.first?.terms == [])
            for value in enumeration.values.dropFirst() {
                #expect(
                    !value.code.isEmpty && !value.title.isEmpty && value.terms.first == value.title, "\(value.name)")
                #expect(value.number > 0 && value.name.hasSuffix(value.shortName), "\(value.name)")
            }
        }
    }

    @Test func termsAreWrittenTheWayNormalisedTextIs() {
        for term in schema.enumerations.flatMap(\.values).flatMap(\.terms) {
            let odd = term.unicodeScalars.filter { $0.properties.isWhitespace || (0xFF01...0xFF5E).contains($0.value) }
            #expect(odd.isEmpty, "\(term)")
        }
    }

    @Test(arguments: [
        ("PoliticalStatus", "中共党员", "01"), ("PoliticalStatus", "党员", "01"), ("PoliticalStatus", "正式党员", "01"),
        ("PoliticalStatus", "预备党员", "02"), ("PoliticalStatus", "共青团员", "03"), ("PoliticalStatus", "群众", "13"),
        ("Sex", "男", "1"), ("Sex", "女性", "2"), ("Sex", "未知", "0"),
        ("EthnicGroup", "汉", "01"), ("EthnicGroup", "回族", "03"), ("EthnicGroup", "UG", "05"),
        ("EthnicGroup", "基诺族", "56"),
        ("Education", "大专", "30"), ("Education", "专科", "30"), ("Education", "本科", "20"), ("Education", "高中", "60"),
        ("Education", "初中", "70"), ("Education", "中专", "41"), ("Education", "小学", "80"),
        ("MaritalStatus", "已婚", "20"), ("MaritalStatus", "离异", "40"),
        ("Role", "楼长", "120"), ("Role", "单元长", "121"), ("Role", "区长", "123"),
        ("CaseChannel", "来电", "1"), ("CaseChannel", "网上", "4"), ("CaseSeverity", "重大", "3"),
        ("CaseStage", "受理", "10"), ("CaseStage", "信息采集", "10"), ("CaseStage", "受理登记", "10"),
        ("CaseStage", "案卷建立", "30"), ("CaseStage", "分类转办", "40"), ("CaseStage", "抢办", "50"),
        ("CaseStage", "处理反馈", "55"), ("CaseStage", "核查结案", "80"), ("CaseStage", "综合评价", "90"),
        ("CaseScale", "个体性事件", "01"), ("Post", "一岗", "1"),
    ])
    func everydayWordsFindTheirCodes(table: String, term: String, code: String) {
        #expect(schema.enumeration(named: table)?.value(term: term)?.code == code)
    }

    @Test func valuesAreFoundByNumberNameAndCode() throws {
        let role = try #require(schema.enumeration(named: "Role"))
        #expect(role.value(number: 121)?.shortName == "UNIT_CHIEF")
        #expect(role.value(named: "UNIT_CHIEF")?.number == 121)
        #expect(role.value(named: "ROLE_UNIT_CHIEF")?.code == "121")
        #expect(role.value(code: "121")?.title == "单元长")
        #expect(role.value(code: "") == nil)
        #expect(role.value(term: "") == nil)
        #expect(role.value(number: -1) == nil)
        // A set of roles is no role.
        #expect(role.value(term: "两长") == nil && role.value(term: "五员") == nil)
    }

    @Test func nationalTablesAreWhole() {
        #expect(schema.enumeration(named: "EthnicGroup")?.values.count == 57)
        #expect(schema.enumeration(named: "Education")?.values.count == 41)
        #expect(schema.enumeration(named: "PoliticalStatus")?.values.count == 14)
        #expect(schema.enumeration(named: "MaritalStatus")?.values.count == 9)
        #expect(schema.enumeration(named: "Sex")?.values.count == 5)
        #expect(schema.enumeration(named: "Role")?.values.count == 31)
    }
}
