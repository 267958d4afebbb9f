import CanonicalRecords
import Testing

@Suite struct DelimitedRecordTests {
    private static let records: [[UInt8]] = {
        var random = RandomRecords(seed: 2)
        return [[]] + (0..<6).map { _ in random.record() }
    }()
    private static let stream: [UInt8] = {
        var bytes: [UInt8] = []
        for record in records { DelimitedRecords.append(record.span, to: &bytes) }
        return bytes
    }()

    private func read(_ stream: [UInt8], pieces: Int, limit: Int = 1 << 20) throws(RecordError) -> [[UInt8]] {
        var reader = DelimitedRecordReader(limit: limit)
        var found: [[UInt8]] = []
        var at = 0
        while at < stream.count {
            let end = min(stream.count, at + pieces)
            reader.append(stream.span.extracting(at..<end))
            at = end
            while try reader.next() {
                var record: [UInt8] = []
                record.append(reader.record)
                found.append(record)
            }
        }
        try reader.finish()
        return found
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1000, 1 << 20])
    func piecesOfAnySizeGiveTheSameRecords(pieces: Int) throws {
        #expect(try read(Self.stream, pieces: pieces) == Self.records)
    }

    @Test func bothBuffersAreWrittenAlike() {
        var buffer = RecordBuffer()
        for record in Self.records { DelimitedRecords.append(record.span, to: &buffer) }
        #expect(buffer.copied() == Self.stream)
        buffer.removeAll()
        for record in Self.records {
            let mark = buffer.beginDelimited()
            buffer.append(record.span)
            buffer.endMessage(mark)
        }
        #expect(buffer.copied() == Self.stream)
    }

    @Test func streamCutAtEveryByteGivesTheWholeRecordsAndTellsTheTornOne() throws {
        var ends = [0]
        var position = 0
        while try DelimitedRecords.next(in: Self.stream.span, at: &position) != nil { ends.append(position) }
        #expect(ends.count == Self.records.count + 1 && position == Self.stream.count)

        for cut in 0...Self.stream.count {
            let whole = ends.lastIndex { $0 <= cut } ?? 0
            var reader = DelimitedRecordReader()
            reader.append(Self.stream.span.extracting(0..<cut))
            while try reader.next() {}
            #expect(reader.recordCount == whole && reader.offset == ends[whole])
            if ends[whole] == cut {
                try reader.finish()
            } else {
                var error: RecordError?
                do { try reader.finish() } catch let caught { error = caught }
                #expect(error?.code == .truncated && error?.offset == ends[whole])
            }
        }
    }

    @Test func chunkCutInsideARecordThrowsAndStays() throws {
        let cut = Array(Self.stream.dropLast())
        var position = 0
        var count = 0
        let error = #expect(throws: RecordError.self) {
            while try DelimitedRecords.next(in: cut.span, at: &position) != nil { count += 1 }
        }
        #expect(error?.code == .truncated && error?.offset == position && count == Self.records.count - 1)
    }

    @Test func recordOverTheLimitIsRefusedBeforeItsBytesAreThere() {
        // A length of 2⁴⁰ with nothing behind it.
        let claim: [UInt8] = [0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]
        let error = #expect(throws: RecordError.self) { try read(claim, pieces: 1, limit: 1000) }
        #expect(error?.code == .size && error?.offset == 1)
        #expect(throws: RecordError.self) { try read([3, 1, 2, 3], pieces: 4, limit: 2) }
        #expect(throws: Never.self) { try read([3, 1, 2, 3], pieces: 4, limit: 3) }
    }

    @Test func lengthThatIsNoVarintIsRefused() {
        let error = #expect(throws: RecordError.self) { try read([UInt8](repeating: 0xFF, count: 11), pieces: 3) }
        #expect(error?.code == .varint && error?.offset == 0)
    }

    @Test func emptyStreamHasNoRecords() throws {
        #expect(try read([], pieces: 1) == [])
    }
}
