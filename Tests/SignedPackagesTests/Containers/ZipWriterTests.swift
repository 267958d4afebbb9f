import Testing

@testable import SignedPackages

/// Bytes that compress as documents do.
private func noise(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: 0x30 &+ ($0 &* $0 >> 7) & 0x3F) }
}

@Suite struct ZipWriterTests {
    static let documents: [(name: String, content: [UInt8])] = [
        ("mimetype", Array("application/vnd.etsi.asic-e+zip".utf8)), ("empty.txt", []),
        ("folder/名册.csv", noise(300_000)),
    ]

    static func write(_ documents: [(name: String, content: [UInt8])] = documents) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ZipWriter { bytes += $0 }
        for document in documents { try writer.add(document.name, document.content) }
        try writer.finish()
        return bytes
    }

    @Test func theSameDocumentsGiveTheSameBytes() throws {
        #expect(try Self.write() == Self.write())
    }

    @Test func whatIsWrittenIsRead() throws {
        let contents = try zipContents(Self.write())
        #expect(contents == Dictionary(uniqueKeysWithValues: Self.documents.map { ($0.name, $0.content) }))
    }

    @Test func theMediaTypeIsWhereProgramsLookForIt() throws {
        let bytes = try Self.write()
        #expect(Array(bytes[30..<69]) == Array("mimetypeapplication/vnd.etsi.asic-e+zip".utf8))
        #expect(PackageSniffer.kind(name: "x", head: Array(bytes.prefix(PackageSniffer.headSize))) == .asicE)
    }

    @Test func unsafeNamesAreNotWritten() throws {
        #expect(throws: PackageError.self) { try Self.write([("../a", [])]) }
    }

    @Test func pythonAndUnzipReadWhatIsWritten() throws {
        let tool = try Tool()
        defer { tool.remove() }
        try tool.write(Self.write(), "a.zip")
        try tool.run("python3", "-m", "zipfile", "-e", "a.zip", "python")
        try tool.run("unzip", "-q", "a.zip", "-d", "unzipped")
        for document in Self.documents {
            #expect(try tool.read("python/\(document.name)") == document.content)
            #expect(try tool.read("unzipped/\(document.name)") == document.content)
        }
    }

    @Test func whatZipAndPythonWriteIsRead() throws {
        let tool = try Tool()
        defer { tool.remove() }
        for document in Self.documents { try tool.write(document.content, document.name) }
        try tool.run("zip", "-q", "-X", "-0", "a.zip", "mimetype")
        try tool.run("zip", "-q", "-r", "a.zip", "empty.txt", "folder")
        try tool.run("python3", "-m", "zipfile", "-c", "b.zip", "mimetype", "empty.txt", "folder/")
        for file in ["a.zip", "b.zip"] {
            let contents = try zipContents(tool.read(file)).filter { !$0.key.hasSuffix("/") }
            #expect(contents == Dictionary(uniqueKeysWithValues: Self.documents.map { ($0.name, $0.content) }))
        }
    }

    @Test func streamsFromAPipeAreRead() throws {
        let tool = try Tool()
        defer { tool.remove() }
        try tool.write(noise(100_000), "a.csv")
        try tool.run("sh", "-c", "zip -q - a.csv | cat > a.zip")
        #expect(try zipContents(tool.read("a.zip")) == ["a.csv": noise(100_000)])
    }

    /// More than 4 GiB would take too long to write here; python writes the same structures when told to.
    @Test func zip64IsRead() throws {
        let tool = try Tool()
        defer { tool.remove() }
        let program = """
            import zipfile
            with zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED) as z:
                with z.open('a.csv', 'w', force_zip64=True) as f: f.write(b'ABC' * 1000)
            """
        try tool.run("python3", "-c", program)
        #expect(try zipContents(tool.read("a.zip")) == ["a.csv": Array((0..<1000).flatMap { _ in Array("ABC".utf8) })])
    }
}

@Suite struct CRC32Tests {
    @Test func theCheckValueOfTheStandard() {
        var sum = CRC32()
        sum.update(Array("123456789".utf8).span)
        #expect(sum.value == 0xCBF4_3926)
    }

    @Test func cutsMakeNoDifference() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var whole = CRC32()
        whole.update(bytes.span)
        for cut in [1, 7, 8, 9, 500, 999] {
            var parts = CRC32()
            parts.update(Array(bytes[..<cut]).span)
            parts.update(Array(bytes[cut...]).span)
            #expect(parts.value == whole.value)
        }
    }
}
