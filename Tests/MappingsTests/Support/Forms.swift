/// The two mappings of the documentation, and documents for them.
enum Forms {
    static let roster = """
        mapping: yutai.liangzhang-roster
        title: 鱼台县“两长”名册
        reads:
          format: csv
          encoding: auto
          header: [姓名, 职务]
          totals: 合计
        gives:
          - record: Person
            key: identity_number
            fields:
              name: 姓名
              identity_number: [身份证号, 公民身份号码]
              mobile: 联系电话
              political_status: 政治面貌
          - record: RoleAssignment
            key: [person, role, place]
            fields:
              person: { key-of: Person }
              role: 职务
              place: { join: [小区, 楼栋, 单元], with: "/" }
        delivery: snapshot
        control:
          - count: RoleAssignment
            where: { role: UNIT_CHIEF }
            equals: 2

        """

    static let cases = """
        mapping: yutai.yukuaiban-cases
        reads:
          format: xml
          namespaces: { a: "urn:yutai:appeals:1" }
          root: a:appeals
        header:
          declared: a:head/a:count
        gives:
          - record: Case
            each: a:body/a:case
            key: number
            fields:
              number: "@id"
              channel: a:channel
              received_at: { from: a:received, as: date-time, zone: Asia/Shanghai }
              events:
                each: a:flow/a:step
                fields: { stage: "@stage", at: "@at", actor: a:handler }
        delivery: upsert
        control:
          - count: Case
            equals: header.declared

        """

    static let rosterDocument = """
        鱼台县“两长”名册,,,,,,,
        填报单位：滨湖街道,,,,,,,
        姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元
        张三,楼长,370827190001010014,13800000001,党员,湖畔,1,
        李四,单元长,370827190001010057,１３８０００００００２,群众,湖畔,1,2
        ,,,,,,,
        王五,单元长,370827190001010030,,无,湖畔,2,1
        合计,,3人,,,,,

        """

    static let casesDocument = """
        <?xml version="1.0" encoding="UTF-8"?>
        <a:appeals xmlns:a="urn:yutai:appeals:1">
          <a:head><a:count>2</a:count></a:head>
          <a:body>
            <a:case id="AJ-001"><a:channel>来电</a:channel><a:received>2026-03-01 08:30:00</a:received>
              <a:flow><a:step stage="受理" at="2026-03-01T08:30:00+08:00"><a:handler>热线</a:handler></a:step>
                <a:step stage="办理" at="2026-03-02 10:00"><a:handler>水务&amp;供暖</a:handler></a:step></a:flow>
            </a:case>
            <a:case id="AJ-002"><a:channel>网上</a:channel><a:received>2026-03-03T09:00:00+08:00</a:received></a:case>
          </a:body>
        </a:appeals>

        """

    /// Rows within rows, and messages within those.
    static let nested = """
        mapping: nested
        reads: { format: xml, root: r }
        header: { until: head/@until }
        gives:
          - record: Place
            each: community
            key: code
            fields: { code: "@code", name: name }
          - record: Case
            each: community/case
            key: number
            fields:
              number: "@id"
              title: t
              place_text: ../name
              area_code: ../@code
              events: { each: step, fields: { at: "@at", actor: . } }
        delivery: event

        """

    static let nestedDocument: String = {
        var text = "<r><head until=\"2026-01-01\"/>"
        for community in 1...7 {
            text += "<community code=\"37082700\(community)\"><name>社区\(community)</name>\n"
            for number in 1...6 {
                text += "<case id=\"\(number == 4 ? "" : "\(community)-\(number)")\"><t>停水</t><t>再报</t>"
                for step in 0..<number { text += "<step at=\"2026-02-\(27 + step)T08:00\">甲\(step)</step>" }
                text += "</case>\n"
            }
            text += "</community>"
        }
        return text + "<head until=\"2026-01-02\"/></r>"
    }()

    /// Cells that repeat the last value above, a date above the header, and rows that are wrong.
    static let filled = """
        mapping: filled
        reads: { format: csv, header: [姓名, 小区], fill-down: 小区 }
        header:
          filled-on: { after: 填报日期, as: date }
        gives:
          - record: Person
            key: [name, residence]
            fields: { name: { from: 姓名, required: true }, residence: 小区, mobile: 电话, birth_date: 出生 }
            extension: rest
        effective: header.filled-on
        delivery: upsert

        """

    static let filledDocument: String = {
        var text = "名册,,,,\n填报日期：2026年3月1日,,,,\n姓名,小区,电话,出生,备注\n"
        for number in 1...40 {
            let place = number % 7 == 1 ? "小区\(number)" : ""
            let name = number % 9 == 0 ? "" : "张\(number)"
            text +=
                "\(name),\(place),\(number % 5 == 0 ? "12" : "13800000001"),1985-02-3\(number % 3),\"a\"\"\(number)\"\n"
            if number % 11 == 0 { text += ",,,,\n合计,,\(number),,\n" }
        }
        return text
    }()
}
