import Testing

@testable import ExporterProtocol

@Suite struct RecordsUnderWayTests {
    /// Batches of all sizes, against a list of records.
    @Test(arguments: 0..<20 as Range<UInt64>) func batchesAreWhatTheirRecordsAre(seed: UInt64) {
        var random = Steps(state: seed &+ 1)
        var underWay = RecordsUnderWay()
        var model: [(record: FeedRecord, isRefused: Bool)] = []
        var last: UInt64 = 0
        for _ in 0..<400 {
            let position = max(1, last) - min(max(1, last) - 1, UInt64.random(in: 0...12, using: &random))
            let index = model.firstIndex { $0.record.position == position }
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let records = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    last += UInt64.random(in: 1...3, using: &random)
                    return FeedRecord(position: last, bytes: [1, 2, UInt8(last & 0xFF)].prefix(Int(last % 4)))
                }
                var batch = FeedBatch(records)
                #expect(Array(batch) == records)
                // In two pieces, which share their bytes.
                let first = batch.takeFirst(records.count / 2)
                underWay.append(first)
                underWay.append(batch)
                model += records.map { ($0, false) }
            case 2:
                underWay.settle(through: position)
                if let index { model.removeFirst(index + 1) }
            case 3:
                underWay.refuse(position)
                if let index { model[index].isRefused = true }
            case 4:
                let front = model.prefix { $0.isRefused }
                #expect(underWay.dropRefusedFront() == front.last?.record.position)
                model.removeFirst(front.count)
            default:
                let expected = index.flatMap { model[$0].isRefused ? nil : model[$0].record }
                #expect(underWay.record(at: position) == expected)
                #expect(underWay.contains(position) == (index != nil))
            }
            #expect(underWay.count == model.count)
            #expect(underWay.first == model.first?.record.position)
            #expect(underWay.byteCount == model.reduce(0) { $0 + $1.record.bytes.count })
        }
    }

    private struct Steps: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
