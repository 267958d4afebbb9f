import Dispatch
import Findings
import Synchronization

/// Converts the blocks of a document: here, or several at a time on other threads. Results are taken in the order of the
/// document, so nothing that comes out depends on how many worked on it.
struct ConversionCrew: ~Copyable {
    /// The block that is being filled by the caller.
    private(set) var filling: ConversionJob
    // In the order of the document.
    private var running: [ConversionJob] = []
    private var idle: [ConversionJob] = []
    private let workers: Int
    // Of the caller. Threads take theirs from the pool, so that each stays with one that remembers values.
    private let own: WriterBox
    private let writers: WriterPool
    // The last block ended within an element of which rows were read: what its writer collected belongs to the next one.
    private var isContinued = false
    private let program: MappingProgram

    init(_ mapping: Mapping, _ context: FilingContext, _ limits: ConversionLimits, workers: Int) {
        program = mapping.program
        filling = ConversionJob(mapping.program)
        own = WriterBox(RecordWriter(mapping, context, limits: limits))
        writers = WriterPool { WriterBox(RecordWriter(mapping, context, limits: limits)) }
        // Where a number of bad rows ends the document, how far it came is decided row by row.
        if case .thresholdCount = mapping.onError { self.workers = 0 } else { self.workers = workers }
    }

    /// What `explain` shows, in conversions that it follows.
    var trace: RowTrace? { own.writer.trace }

    /// Has the writer note where every field comes from.
    mutating func startTracing(row: Int?) { own.writer.trace = RowTrace(onlyRow: row) }

    /// The offset in the text of the first place that may be asked for in blocks that are not done.
    var oldestOffset: Int { running.lazy.map(\.firstOffset).min() ?? .max }

    /// Takes the block that was filled, which is not the last one, and provides an empty one.
    mutating func handOver(_ text: DocumentText, to tally: inout DocumentTally) {
        let mustStay = isContinued || filling.block.isOpenEnded || own.writer.trace != nil
        isContinued = filling.block.isOpenEnded
        guard workers > 0, !mustStay else { return convertHere(text, to: &tally) }
        filling.start(writers)
        running.append(filling)
        while let first = running.first, running.count > workers + Self.waiting || first.isConverted {
            if !first.isConverted, help() { continue }
            takeFirst(text, to: &tally)
        }
        filling = idle.popLast() ?? ConversionJob(program)
    }

    // How many blocks may wait for a thread before the caller converts some itself: enough for the others meanwhile.
    private static let waiting = 1

    // Converts a block that no other thread has begun; false when there is none.
    private func help() -> Bool {
        running.contains { $0.convertUnlessBegun(own) }
    }

    /// Takes the last block.
    mutating func finish(_ text: DocumentText, to tally: inout DocumentTally) {
        convertHere(text, to: &tally)
    }

    private mutating func convertHere(_ text: DocumentText, to tally: inout DocumentTally) {
        while !running.isEmpty { takeFirst(text, to: &tally) }
        guard !tally.isRejected else { return }
        own.writer.failuresLeft = tally.remainingFailures ?? .max
        filling.convert(own)
        own.writer.trace?.settle(in: filling.block) { text.original($0) }
        filling.give(to: &tally, text)
    }

    private mutating func takeFirst(_ text: DocumentText, to tally: inout DocumentTally) {
        let first = running.removeFirst()
        first.wait(own)
        first.give(to: &tally, text)
        idle.append(first)
    }
}

/// A block, and what it gave.
///
/// It is handed from the thread that reads to one that converts and back. Only the one that has it at the moment touches
/// block and result: `start` gives it away, to whoever claims it first, which may be the one that gave it; `wait` takes it
/// back.
final class ConversionJob: @unchecked Sendable {
    var block = RowBlock()
    private var result: BlockResult
    /// Of the block; also while it is being converted.
    private(set) var firstOffset = Int.max
    // Even: the block of that round waits to be converted. Odd: someone has begun it. What was queued for an earlier
    // round, and comes late, finds another number.
    private let round = Atomic<Int>(1)
    // The last round that is done.
    private let finished = Atomic<Int>(0)
    private let done = DispatchSemaphore(value: 0)
    private static let queue = DispatchQueue(label: "qiao.conversion", attributes: .concurrent)

    init(_ program: MappingProgram) {
        result = BlockResult(program)
    }

    /// Has the block converted on another thread.
    func start(_ writers: WriterPool) {
        firstOffset = block.firstOffset
        let number = round.load(ordering: .relaxed) + 1
        round.store(number, ordering: .releasing)
        Self.queue.async { [self] in
            guard claim(number) else { return }
            let box = writers.take()
            convert(box)
            writers.putBack(box)
            finished.store(number, ordering: .releasing)
            done.signal()
        }
    }

    /// Whether the block is converted; does not wait.
    var isConverted: Bool {
        finished.load(ordering: .acquiring) + 1 == round.load(ordering: .relaxed)
    }

    /// Converts the block here, unless someone has begun it; false when so.
    func convertUnlessBegun(_ box: WriterBox) -> Bool {
        let number = round.load(ordering: .relaxed)
        guard number.isMultiple(of: 2), claim(number) else { return false }
        convert(box)
        finished.store(number, ordering: .relaxed)
        done.signal()
        return true
    }

    /// Waits until the block is converted; converts it when nobody has begun to.
    func wait(_ box: WriterBox) {
        _ = convertUnlessBegun(box)
        done.wait()
    }

    func convert(_ box: WriterBox) {
        box.writer.convert(block, into: &result)
    }

    /// Adds the result to the document's and empties the block.
    func give(to tally: inout DocumentTally, _ text: DocumentText) {
        tally.add(block, &result, text)
        result.removeAll()
        block.removeAll()
    }

    private func claim(_ number: Int) -> Bool {
        round.compareExchange(expected: number, desired: number + 1, ordering: .acquiringAndReleasing).exchanged
    }
}
