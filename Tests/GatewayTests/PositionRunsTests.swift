import Testing

@testable import Gateway

@Suite struct PositionRunsTests {
    /// Against an array of the same positions.
    @Test(arguments: 0..<20 as Range<UInt64>) func countsAsAnArrayDoes(seed: UInt64) {
        var random = Seeded(state: seed)
        var runs = PositionRuns()
        var model: [Int64] = []
        var last: Int64 = 0
        for _ in 0..<400 {
            if Int.random(in: 0..<3, using: &random) > 0 {
                last += Int64.random(in: 0..<4, using: &random) == 0 ? Int64.random(in: 2...5, using: &random) : 1
                let count = Int64.random(in: 0..<3, using: &random)
                if count > 0 { runs.append(last...(last + count)) } else { runs.append(last) }
                model += last...(last + count)
                last += count
            } else {
                let position = Int64.random(in: max(0, last - 8)...(last + 2), using: &random)
                let settled = model.prefix { $0 <= position }
                let counted = runs.counted(through: position)
                #expect(counted.count == settled.count)
                #expect(counted.last == settled.last)
                runs.remove(through: position)
                model.removeFirst(settled.count)
            }
            #expect(runs.count == model.count)
            #expect(runs.isEmpty == model.isEmpty)
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
