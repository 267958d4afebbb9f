import CanonicalRecords
import SwiftProtobuf
import Testing

@Suite struct HostileBytesTests {
    // Whatever the bytes are, each tool ends with a result or a `RecordError`, and agrees with swift-protobuf.
    private func survive(_ bytes: [UInt8]) throws {
        var options = JSONEncodingOptions()
        options.useDeterministicOrdering = true
        let reference = (try? Qiao_Records_V1_Record(serializedBytes: bytes)).flatMap {
            try? $0.jsonString(options: options)
        }
        let ours = try? RecordJSON().text(of: bytes, revealing: true)
        if let reference { #expect(ours == reference, "\(bytes)") }
        _ = try? RecordJSON().text(of: bytes)
        _ = try? RecordMasker(.operators).rewrite(bytes)
        _ = try? RecordSummary(of: bytes)
        var reader = DelimitedRecordReader(limit: 4096)
        reader.append(bytes.span)
        while (try? reader.next()) == true {}
        var position = 0
        while (try? DelimitedRecords.next(in: bytes.span, at: &position)) != nil {}
    }

    @Test func randomBytes() throws {
        var generator = SplitMix64(seed: 9)
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<60, using: &generator)
            try survive((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }

    @Test func recordsWithBytesChangedAddedAndRemoved() throws {
        var random = RandomRecords(seed: 10)
        for _ in 0..<600 {
            var bytes = random.record()
            for _ in 0..<Int.random(in: 1...4, using: &random.generator) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &random.generator)
                switch Int.random(in: 0..<4, using: &random.generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random.generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random.generator), at: at)
                default: bytes.removeSubrange(at...)
                }
            }
            try survive(bytes)
        }
    }

    @Test func alternatingBodiesDoNotTakeQuadraticTime() throws {
        var bytes: [UInt8] = []
        for index in 0..<20_000 {
            bytes += [0x12, 3, 0x0A, 1, UInt8(index & 0x7F)]
            bytes += index.isMultiple(of: 2) ? [0x5A, 0] : [0x52, 0]
        }
        let clock = ContinuousClock()
        let time = try clock.measure { _ = try RecordJSON().text(of: bytes, revealing: true) }
        #expect(time < .seconds(5))
    }
}
