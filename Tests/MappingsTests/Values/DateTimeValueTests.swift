import CanonicalRecords
import Testing

@testable import Mappings

@Suite struct DateTimeValueTests {
    static let machine = ValueMachine(.dateTime)

    @Test(arguments: [
        ValueCase("ISO with the mapping's offset", "2026-11-21T08:00:00+08:00", "2026-11-21T08:00:00+08:00"),
        ValueCase("ISO without offset", "2026-11-21T08:00:00", "2026-11-21T08:00:00+08:00"),
        ValueCase("blank for T", "2026-11-21 08:00:00", "2026-11-21T08:00:00+08:00"),
        ValueCase("UTC", "2026-11-21T00:00:00Z", "2026-11-21T08:00:00+08:00"),
        ValueCase("UTC over midnight", "2026-12-31T20:30:00Z", "2027-01-01T04:30:00+08:00"),
        ValueCase("another offset", "2026-11-21T08:00:00+0900", "2026-11-21T07:00:00+08:00"),
        ValueCase("negative offset", "2026-11-20T19:00:00-05:00", "2026-11-21T08:00:00+08:00"),
        ValueCase("fraction", "2026-11-21T08:00:00.250+08:00", "2026-11-21T08:00:00.25+08:00"),
        ValueCase("fraction of zeros", "2026-11-21 08:00:00.000", "2026-11-21T08:00:00+08:00"),
        ValueCase("without seconds", "2026/11/21 8:00", "2026-11-21T08:00:00+08:00"),
        ValueCase("Chinese", "2026年11月21日 8时5分", "2026-11-21T08:05:00+08:00"),
        ValueCase("Chinese with seconds", "2026年11月21日8时5分9秒", "2026-11-21T08:05:09+08:00"),
        ValueCase("Chinese hour only", "2026年11月21日8点", "2026-11-21T08:00:00+08:00"),
        ValueCase("afternoon", "2026年11月21日下午3时5分", "2026-11-21T15:05:00+08:00"),
        ValueCase("afternoon in letters", "2026-11-21 3:05 PM", "2026-11-21T15:05:00+08:00"),
        ValueCase("midnight in letters", "2026-11-21 12:05 AM", "2026-11-21T00:05:00+08:00"),
        ValueCase("full width", "２０２６－１１－２１　０８：００", "2026-11-21T08:00:00+08:00"),
        ValueCase("fourteen digits", "20261121080509", "2026-11-21T08:05:09+08:00"),
        ValueCase("twelve digits", "202611210805", "2026-11-21T08:05:00+08:00"),
        ValueCase("eight digits and a time", "20261121 08:05", "2026-11-21T08:05:00+08:00"),
        ValueCase("midnight at the end of a day", "2026-11-21 24:00:00", "2026-11-22T00:00:00+08:00"),
        ValueCase("spreadsheet serial", "46347.25", "2026-11-21T06:00:00+08:00", .dateSerial),
        ValueCase("date alone", "2026-11-21", "2026-11-21", .dateTimeDateOnly),
        ValueCase("hour 25", "2026-11-21 25:00:00", "rejected", .dateTimeImpossible),
        ValueCase("minute 60", "2026-11-21T08:60:00", "rejected", .dateTimeImpossible),
        ValueCase("30 February", "2026-02-30 08:00:00", "rejected", .dateTimeImpossible),
        ValueCase("words", "昨天上午", "rejected", .dateTimeFormat),
        ValueCase("time alone", "08:00", "rejected", .dateTimeFormat),
        ValueCase("something behind the zone", "2026-11-21T08:00:00Z1", "rejected", .dateTimeFormat),
        ValueCase("nothing", "", "empty"),
        ValueCase("word for nothing", "暂无", "null word"),
    ])
    func converts(_ entry: ValueCase) {
        #expect(Self.machine.converting(entry.raw) == entry.converted)
    }

    /// The quick form looks at eight bytes at a time: every byte at every place, against the same said slowly.
    @Test(arguments: ["2026-11-21T08:09:57", "2026-11-21 08:09:57", "2026-11-21T08:09:57+08:00"])
    func quickFormLooksAtEveryByte(_ good: String) {
        let form = Array("0000-00-00T00:00:00+00:00".utf8)
        for place in 0..<good.utf8.count {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array(good.utf8)
                bytes[place] = byte
                var isForm = true
                for (found, wanted) in zip(bytes, form) {
                    switch wanted {
                    case UInt8(ascii: "0"): isForm = isForm && (0x30...0x39).contains(found)
                    case UInt8(ascii: "T"): isForm = isForm && (found == wanted || found == 0x20)
                    default: isForm = isForm && found == wanted
                    }
                }
                let isZone = bytes.count == 19 || bytes[20...] == Array("08:00".utf8)[...]
                let moment = DateTimeValue.plain(bytes.span, ValueOptions())
                #expect((moment != nil) == (isForm && isZone), "\(bytes)")
                guard let moment else { continue }
                let numbers = [moment.hour, moment.minute, moment.second, Int(moment.date.year)]
                let text = String(decoding: bytes, as: UTF8.self)
                let wanted = [text.dropFirst(11), text.dropFirst(14), text.dropFirst(17)].map {
                    Int($0.prefix(2)) ?? -1
                }
                #expect(numbers == wanted + [Int(text.prefix(4)) ?? -1], "\(text)")
            }
        }
    }

    /// What is taken straight from the bytes is what the careful way makes of it: every byte at every place, or missing.
    @Test(arguments: [
        "2026/1/5 8:38", "2026/11/21 18:38", "2026-1-5 08:38", "2026.1.5 8:3:59", "2026年1月5日 8时38分",
        "2026年11月21日18时38分59秒", "2026年1月5日 8:38", "2026/1/5 8时38分", "2024/2/29 0:0",
    ])
    func writtenFormsAreReadTheSame(_ good: String) {
        var written = 0
        func compare(_ bytes: [UInt8]) {
            guard let moment = DateTimeValue.written(bytes.span, ValueOptions()), moment.isPossible, moment.hour < 24
            else { return }
            written += 1
            var quick = RecordBuffer(capacity: 64)
            var slow = RecordBuffer(capacity: 64)
            let outcome = DateTimeValue.convert(bytes.span, into: &quick)
            let wanted = DateTimeValue.convertUnusual(bytes.span, options: ValueOptions(), into: &slow)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(outcome == wanted, "\(text)")
            let (first, second) = (Self.array(quick), Self.array(slow))
            #expect(first == second, "\(text)")
        }
        let bytes = Array(good.utf8)
        compare(bytes)
        #expect(written == 1)
        for place in bytes.indices {
            compare(Array(bytes[..<place] + bytes[(place + 1)...]))
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[place] = byte
                compare(changed)
                compare(Array(bytes[..<place] + [byte] + bytes[place...]))
            }
        }
        #expect(written > 40)
    }

    private static func array(_ buffer: borrowing RecordBuffer) -> [UInt8] {
        (0..<buffer.count).map { buffer.bytes[$0] }
    }

    @Test func zoneOfTheMappingDecides() {
        var options = ValueOptions()
        options.zone = FixedZone(minutes: 0)
        let machine = ValueMachine(.dateTime, options: options)
        #expect(machine.converting("2026-11-21 08:00:00") == Converted("2026-11-21T08:00:00+00:00"))
        #expect(machine.converting("2026-11-21T08:00:00+08:00") == Converted("2026-11-21T00:00:00+00:00"))
    }

    @Test(
        arguments: [
            ("Asia/Shanghai", 480), ("UTC", 0), ("Z", 0), ("+08:00", 480), ("-0530", -330), ("+09", 540),
            ("Asia/Urumqi", nil),
            ("+8", nil), ("+08:75", nil), ("+15:00", nil), ("", nil),
        ] as [(String, Int?)])
    func zoneNames(_ name: String, _ minutes: Int?) {
        #expect(FixedZone(name)?.minutes == minutes)
    }
}
