import CanonicalRecords
import SwiftProtobuf
import Testing

@Suite struct RecordBufferTests {
    @Test func handWrittenBytesAreThoseOfSwiftProtobuf() throws {
        var expected = Qiao_Records_V1_Record()
        expected.provenance.id = "00112233445566778899aabbccddeeff"
        expected.provenance.operation = .upsert
        expected.provenance.line = 300
        expected.extension = ["备注": "无"]
        expected.case.number = "YK-1"
        expected.case.peopleInvolved = 0
        expected.case.position.longitude = 116.65
        expected.case.events = [.with { $0.stage = .received }, .init()]

        var buffer = RecordBuffer(capacity: 1)
        let provenance = buffer.beginMessage(field: 1)
        buffer.appendField(1, string: "00112233445566778899aabbccddeeff")
        buffer.appendField(7, integer: 300)
        buffer.appendField(10, varint: 1)
        buffer.endMessage(provenance)
        buffer.appendMapEntry(2, key: "备注".utf8.span, value: "无".utf8.span)
        let body = buffer.beginMessage(field: 14)
        buffer.appendField(1, string: "YK-1")
        let position = buffer.beginMessage(field: 15)
        buffer.appendField(1, double: 116.65)
        buffer.endMessage(position)
        buffer.appendField(25, integer: 0)
        let event = buffer.beginMessage(field: 50)
        buffer.appendField(1, varint: 10)
        buffer.endMessage(event)
        buffer.endMessage(buffer.beginMessage(field: 50))
        buffer.endMessage(body)

        #expect(buffer.copied() == (try expected.serializedBytes()))
    }

    @Test func randomRecordsOfEveryTypeAreWrittenAsSwiftProtobufWritesThem() throws {
        var random = RandomRecords(seed: 1)
        for type in RecordSchema.canonical.recordTypes {
            for _ in 0..<25 {
                let bytes = random.record(type)
                let message = try Qiao_Records_V1_Record(serializedBytes: bytes)
                var options = BinaryEncodingOptions()
                options.useDeterministicOrdering = true
                let written: [UInt8] = try message.serializedBytes(options: options)
                #expect(written == bytes, "\(type.name)")
            }
        }
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
    func lengthsOfEverySizeArePutInFront(length: Int) throws {
        var buffer = RecordBuffer(capacity: 16)
        buffer.append(0xAA)
        let mark = buffer.beginMessage(field: 3)
        for index in 0..<length { buffer.append(UInt8(truncatingIfNeeded: index)) }
        buffer.endMessage(mark)
        buffer.append(0xBB)

        let bytes = buffer.copied()
        var cursor = WireCursor(over: bytes.span, range: 1..<bytes.count - 1)
        let field = try #require(try cursor.next(in: bytes.span))
        #expect(field.number == 3 && field.payload.count == length && field.end == bytes.count - 1)
        #expect(bytes[field.payload].enumerated().allSatisfy { $0.element == UInt8(truncatingIfNeeded: $0.offset) })
        #expect(bytes.first == 0xAA && bytes.last == 0xBB)
    }

    @Test(arguments: [0, 1, 127, 128, 300, UInt64(UInt32.max), 1 << 63, .max])
    func varintsAreReadBack(value: UInt64) throws {
        var buffer = RecordBuffer()
        buffer.appendVarint(value)
        let bytes = buffer.copied()
        var cursor = WireCursor(over: bytes.span)
        #expect(try cursor.varint(in: bytes.span) == value)
        #expect(cursor.position == bytes.count)
    }

    @Test func emptiedAndTruncatedBuffersAreUsedAgain() {
        var buffer = RecordBuffer(capacity: 16)
        buffer.append([1, 2, 3, 4, 5].span)
        buffer.removeFirst(2)
        #expect(buffer.copied() == [3, 4, 5])
        buffer.truncate(to: 1)
        buffer.append(9)
        #expect(buffer.copied() == [3, 9] && buffer.count == 2)
        buffer.removeAll()
        #expect(buffer.copied() == [] && buffer.bytes.isEmpty)
        buffer.append([UInt8]().span)
        for _ in 0..<1000 { buffer.append(7) }
        #expect(buffer.copied() == [UInt8](repeating: 7, count: 1000))
    }

    /// Up to its room and beyond, and with nothing at all.
    @Test(arguments: [0, 1, 64], [0, 1, 63, 64, 65, 5000])
    func anArrayHasWhatIsWrittenIntoItsBuffer(capacity: Int, length: Int) {
        let written = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = [UInt8](capacity: capacity) { buffer in
            for byte in written { buffer.append(byte) }
        }
        #expect(bytes == written)
    }

    @Test func aLentBufferMayBeExchangedAndComesBack() {
        var other = RecordBuffer()
        other.append(1)
        let bytes = [UInt8](capacity: 16) { lent in
            swap(&lent, &other)
            for _ in 0..<100 { other.append(2) }
            lent.append(3)
            swap(&lent, &other)
            lent.append(4)
        }
        #expect(bytes == Array(repeating: 2, count: 100) + [4])
        #expect(other.copied() == [1, 3])
    }

    @Test func aLentBufferThatIsKeptIsAFault() async {
        await #expect(processExitsWith: .failure) {
            var other = RecordBuffer()
            _ = [UInt8](capacity: 16) { swap(&$0, &other) }
        }
    }
}
