import Mappings

/// A small form in three deliveries.
enum Forms {
    static let roster = text(delivery: "upsert")
    static let events = text(delivery: "event")
    static let snapshot = text(delivery: "snapshot")

    private static func text(delivery: String) -> String {
        """
        mapping: yutai.roster
        title: 名册
        reads:
          format: csv
          encoding: auto
          header: [姓名, 身份证号]
        gives:
          - record: Person
            key: identity_number
            fields:
              name: 姓名
              identity_number: 身份证号
              mobile: 联系电话
        delivery: \(delivery)

        """
    }

    /// The mapping set of one text that has no mistakes.
    static func set(_ yaml: String) -> MappingSet {
        let load = MappingSet.load(files: [MappingFile(path: "roster.yaml", bytes: Array(yaml.utf8))])
        precondition(!load.hasErrors, "\(load.problems)")
        return load.set
    }

    /// An identity number with its check character (GB 11643), never one that looks rounded.
    static func identityNumber(_ sequence: Int) -> String {
        let (day, rest) = sequence.quotientAndRemainder(dividingBy: 891)
        let (year, ofYear) = day.quotientAndRemainder(dividingBy: 28)
        func pad(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: width - String(number).count) + String(number)
        }
        let digits = "370827\(1950 + year)01\(pad(ofYear + 1, 2))\(pad(rest / 9 * 10 + rest % 9 + 1, 3))"
        var sum = 0
        for digit in digits.utf8 { sum = sum * 2 + Int(digit - 0x30) }
        let check = (12 - sum * 2 % 11) % 11
        return digits + (check == 10 ? "X" : "\(check)")
    }

    /// A row whose identity number has another check character than it should.
    static let badRow: String = {
        let number = identityNumber(500)
        return "李四,\(number.dropLast())\(number.last == "1" ? "2" : "1"),\n"
    }()

    static func document(_ people: Range<Int>, extra: String = "") -> String {
        "姓名,身份证号,联系电话\n"
            + people.map { "张三,\(identityNumber($0)),13800000001\n" }.joined() + extra
    }
}
