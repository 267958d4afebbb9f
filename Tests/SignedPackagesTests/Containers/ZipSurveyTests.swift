import Testing

@testable import SignedPackages

@Suite struct ZipSurveyTests {
    /// A broken ZIP file and the one code that it must give.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: String
        let make: @Sendable () -> TestZip

        init(_ name: String, _ code: String, _ make: @escaping @Sendable () -> TestZip) {
            testDescription = name
            self.code = code
            self.make = make
        }

        /// One entry that is good but for a change.
        init(
            _ name: String, _ code: String, deflated: Bool = false,
            entry change: @escaping @Sendable (inout TestZip.Entry) -> Void
        ) {
            self.init(name, code) {
                var entry = TestZip.Entry("a.xml", deflated: deflated)
                change(&entry)
                return TestZip(entry, TestZip.Entry("b.xml"))
            }
        }
    }

    static func named(_ name: String) -> Case {
        Case("the name \(name.debugDescription)", "package.unsafe-name") { TestZip(TestZip.Entry(name)) }
    }

    static let names = [
        "../a.xml", "a/../../b.xml", "a/..", "/etc/passwd", "C:/a.xml", "c:a.xml", "a\\b.xml", "\\\\host\\a.xml",
        "a//b.xml",
        "./a.xml", "a/./b.xml", "a\u{0}.xml", "a\u{7}.xml", "a\n.xml", "a\u{7F}.xml", "a\u{85}.xml", "fdp\u{202E}lmx.a",
        "a\u{200B}.xml", "a\u{2028}.xml", "\u{FEFF}a.xml", "",
    ].map(named)

    static let headers = [
        Case("another local name", "package.header-mismatch", entry: { $0.local.name = Array("c.xml".utf8) }),
        Case("a longer local name", "package.header-mismatch", entry: { $0.local.name += [0x61] }),
        Case("another local method", "package.header-mismatch", entry: { $0.local.method = 8 }),
        Case("other local flags", "package.header-mismatch", entry: { $0.local.flags = 1 << 11 }),
        Case("another local check sum", "package.header-mismatch", entry: { $0.local.crc ^= 1 }),
        Case("another local size", "package.header-mismatch", entry: { $0.local.size += 1 }),
        Case("no local sizes though none follow", "package.header-mismatch", entry: { $0.local.packed = 0 }),
        Case("stored with two sizes", "package.header-mismatch", entry: { $0.both { $0.size += 1 } }),
        Case("stored with its size behind", "package.header-mismatch") { entry in
            entry.both { $0.flags = 8 }
            entry.trailer = little(0x0807_4B50, 4) + little(UInt64(entry.central.crc), 4) + little(7, 4) + little(7, 4)
        },
        Case("a descriptor that differs", "package.header-mismatch", deflated: true) { entry in
            entry.both { $0.flags = 8 }
            entry.trailer = little(0x0807_4B50, 4) + [0, 0, 0, 0] + little(12, 4) + little(7, 4)
        },
        Case("no descriptor where one is announced", "package.header-mismatch", deflated: true) {
            $0.both { $0.flags = 8 }
        },
        Case("bytes between two entries", "package.header-mismatch", entry: { $0.trailer = [1, 2, 3] }),
        Case("a data length that runs into the next entry", "package.header-mismatch") { entry in
            entry.both { ($0.size, $0.packed) = (20, 20) }
        },
        Case("encrypted", "package.encrypted", entry: { $0.both { $0.flags = 1 } }),
        Case("strongly encrypted", "package.encrypted", entry: { $0.both { $0.flags = 1 << 6 } }),
        Case("masked headers", "package.encrypted", entry: { $0.both { $0.flags = 1 << 13 } }),
        Case("AES in the extra field", "package.encrypted", entry: { $0.central.extra = [1, 0x99, 0, 0] }),
        Case("patched data", "package.malformed", entry: { $0.both { $0.flags = 1 << 5 } }),
        Case("compressed by bzip2", "package.malformed", entry: { $0.both { $0.method = 12 } }),
        Case("compressed by LZMA", "package.malformed", entry: { $0.both { $0.method = 14 } }),
        Case("an unknown extra field", "package.malformed", entry: { $0.central.extra = [0x78, 0x6C, 0, 0] }),
        Case("an unknown local extra field", "package.malformed", entry: { $0.local.extra = [0x78, 0x6C, 0, 0] }),
        Case(
            "an extra field that is cut off", "package.header-mismatch",
            entry: { $0.central.extra = [0x55, 0x54, 9, 0] }),
        Case("an extra field twice", "package.header-mismatch") {
            $0.local.extra = [0x55, 0x54, 0, 0, 0x55, 0x54, 0, 0]
        },
        Case("a second name in the extra field", "package.header-mismatch") {
            $0.central.extra = [0x75, 0x70, 6, 0, 1, 0, 0, 0, 0, 0x7A]
        },
        Case("a symbolic link", "package.link", entry: { $0.attributes = 0o120777 << 16 }),
        Case("a symbolic link of another creator", "package.link") {
            ($0.attributes, $0.creator) = (0o120777 << 16, 0)
        },
        Case("a device", "package.link", entry: { $0.attributes = 0o060660 << 16 }),
        Case("a reparse point", "package.link", entry: { ($0.attributes, $0.creator) = (0x400, 0) }),
        Case("a Unix field with a link's target", "package.link", entry: { $0.central.extra = [0x6E, 0x75, 0, 0] }),
        Case("a folder by its attributes alone", "package.header-mismatch") { ($0.attributes, $0.creator) = (0x10, 0) },
        Case("a folder with content", "package.header-mismatch") { entry in
            entry.both { $0.name = Array("a/".utf8) }
            entry.attributes = 0
        },
        Case("part of a split file", "package.header-mismatch", entry: { $0.disk = 1 }),
        Case("ZIP64 sizes without their field", "package.header-mismatch") { $0.central.size = 0xFFFF_FFFF },
        Case("a ZIP64 field that is not needed", "package.header-mismatch") {
            $0.central.extra = [1, 0, 8, 0] + little(7, 8)
        },
        Case("local ZIP64 sizes that differ", "package.header-mismatch") {
            ($0.local.size, $0.local.packed) = (0xFFFF_FFFF, 0xFFFF_FFFF)
            $0.local.extra = [1, 0, 16, 0] + little(7, 8) + little(8, 8)
        },
    ]

    static let files = [
        Case("the same name twice", "package.duplicate-entry") { TestZip(.init("a.xml"), .init("a.xml", "other")) },
        Case("names that differ by case", "package.duplicate-entry") { TestZip(.init("a.xml"), .init("A.XML")) },
        Case("names that differ by normalisation", "package.duplicate-entry") {
            TestZip(.init("\u{E9}.xml"), .init("e\u{301}.xml"))
        },
        Case("a folder and a file of one name", "package.duplicate-entry") {
            var folder = TestZip.Entry("a/", "")
            folder.attributes = 0
            return TestZip(folder, .init("a"))
        },
        Case("two entries share their bytes", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"), .init("b.xml"))
            zip.entries[1].offset = 0
            return zip
        },
        Case("an entry that the directory leaves out", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"), .init("b.xml"), .init("c.xml"))
            zip.listed = [0, 2]
            return zip
        },
        Case("an entry that the directory lists twice", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"), .init("b.xml"))
            zip.listed = [0, 0, 1]
            return zip
        },
        Case("a program before the first entry", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"))
            zip.prefix = Array("#!/bin/sh\n".utf8)
            return zip
        },
        Case("bytes before the directory", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"))
            zip.beforeDirectory = [1, 2, 3]
            return zip
        },
        Case("bytes behind the directory", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"))
            zip.afterDirectory = [1, 2, 3]
            return zip
        },
        Case("bytes behind the end", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"))
            zip.afterEnd = [0]
            return zip
        },
        Case("a second end in the comment", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"))
            zip.comment = little(0x0605_4B50, 4) + [0, 0, 0, 0, 1, 0, 1, 0] + [UInt8](repeating: 0, count: 10)
            return zip
        },
        Case("a count that is too small", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"), .init("b.xml"))
            zip.count = 1
            return zip
        },
        Case("a count that is too large", "package.header-mismatch") {
            var zip = TestZip(.init("a.xml"), .init("b.xml"))
            zip.count = 3
            return zip
        },
        Case("an empty file", "package.malformed") { TestZip() },
        Case("a ratio of 1 to 1000", "package.expansion") {
            var zip = TestZip(.init("a.xml", [UInt8](repeating: 0, count: 200), deflated: true))
            zip.entries[0].both { $0.size = 205_000 }
            return zip
        },
        Case("more than 4 GiB by ZIP64", "package.limit") {
            var zip = TestZip(.init("a.xml", [UInt8](repeating: 0, count: 200), deflated: true))
            zip.entries[0].local.extra = [1, 0, 16, 0] + little(5 << 30, 8) + little(205, 8)
            zip.entries[0].central.extra = [1, 0, 8, 0] + little(5 << 30, 8)
            zip.entries[0].local.packed = 0xFFFF_FFFF
            zip.entries[0].both { $0.size = 0xFFFF_FFFF }
            return zip
        },
    ]

    @Test(arguments: names + headers)
    func oneBrokenEntryGivesItsCode(broken: Case) {
        #expect(Set(zipFaults(broken.make().bytes)) == [broken.code])
    }

    @Test(arguments: files)
    func aBrokenFileGivesItsCode(broken: Case) {
        #expect(zipFaults(broken.make().bytes).contains(broken.code))
    }

    @Test func everyFaultIsTold() {
        var link = TestZip.Entry("../a.xml")
        link.attributes = 0o120777 << 16
        link.both { $0.flags = 1 }
        let found = zipFaults(TestZip(link, .init("b.xml"), .init("B.xml")).bytes)
        #expect(
            Set(found) == [
                "package.unsafe-name", "package.link", "package.encrypted", "package.duplicate-entry",
            ])
    }

    @Test func limitsAreThoseOfThePolicy() {
        let zip = TestZip(.init("a.xml"), .init("b.xml"), .init("long-name.xml"))
        var limits = PackageLimits()
        limits.entries = 2
        #expect(zipFaults(zip.bytes, limits: limits) == ["package.limit"])
        limits = PackageLimits()
        limits.entryNameBytes = 5
        #expect(zipFaults(zip.bytes, limits: limits) == ["package.unsafe-name"])
        limits = PackageLimits()
        limits.documentBytes = 6
        #expect(zipFaults(zip.bytes, limits: limits) == ["package.limit", "package.limit", "package.limit"])
        limits = PackageLimits()
        limits.totalExpandedBytes = 20
        #expect(zipFaults(zip.bytes, limits: limits) == ["package.expansion"])
        limits = PackageLimits()
        limits.directoryBytes = 100
        #expect(zipFaults(zip.bytes, limits: limits) == ["package.limit"])
        limits = PackageLimits()
        #expect(zipFaults(zip.bytes, limits: limits) == [])
    }

    @Test func whatIsUnusualButCleanIsRead() throws {
        var zip = TestZip(.init("a.xml", "one"), .init("目录/文件.csv", "two", deflated: true))
        zip.comment = Array("a remark".utf8)
        zip.entries[1].both { $0.flags = 8 | 1 << 11 }
        (zip.entries[1].local.crc, zip.entries[1].local.size, zip.entries[1].local.packed) = (0, 0, 0)
        let entry = zip.entries[1].central
        zip.entries[1].trailer =
            little(0x0807_4B50, 4) + little(UInt64(entry.crc), 4) + little(entry.packed, 4) + little(entry.size, 4)
        zip.entries[0].both { $0.extra = [0x55, 0x54, 5, 0, 1, 0, 0, 0, 0] }
        zip.listed = [1, 0]
        #expect(zipFaults(zip.bytes) == [])
        let contents = try zipContents(zip.bytes)
        #expect(contents == ["a.xml": Array("one".utf8), "目录/文件.csv": Array("two".utf8)])
    }

    @Test func aFileThatEndsTooEarlyIsTruncated() {
        let whole = TestZip(.init("a.xml"), .init("b.xml")).bytes
        for count in 0..<whole.count {
            #expect(!zipFaults(Array(whole[..<count])).isEmpty)
        }
        #expect(zipFaults(Array(whole[..<60])) == ["package.truncated"])
    }

    /// libarchive sees only what passed; whatever a flipped bit makes of the file, nothing but the old content comes out.
    @Test func noFlippedBitGivesOtherContentUnseen() throws {
        let zip = TestZip(.init("a.xml", "some content"), .init("b.xml", "more of it", deflated: true)).bytes
        let contents = Set(try zipContents(zip).values)
        for index in zip.indices {
            for mask: UInt8 in [0x01, 0x40, 0xFF] {
                var changed = zip
                changed[index] ^= mask
                guard let found = try? zipContents(changed) else { continue }
                #expect(Set(found.values) == contents, "byte \(index), mask \(mask)")
            }
        }
    }
}
