import Dispatch
import Findings

/// Converts the blocks of a document: here, or several at a time on other threads. Results are taken in the order of the
/// document, so nothing that comes out depends on how many worked on it.
struct ConversionCrew: ~Copyable {
    /// The block that is being filled by the caller.
    private(set) var filling: ConversionJob
    // In the order of the document.
    private var running: [ConversionJob] = []
    private var idle: [ConversionJob] = []
    private let workers: Int
    // The last block ended within an element of which rows were read: what its writer collected belongs to the next one.
    private var isContinued = false
    private let make: () -> ConversionJob

    init(_ mapping: Mapping, _ context: FilingContext, _ limits: ConversionLimits, workers: Int) {
        make = { ConversionJob(RecordWriter(mapping, context, limits: limits)) }
        filling = make()
        // Where a number of bad rows ends the document, how far it came is decided row by row.
        if case .thresholdCount = mapping.onError { self.workers = 0 } else { self.workers = workers }
    }

    /// The offset in the text of the first place that may be asked for in blocks that are not done.
    var oldestOffset: Int { running.lazy.map(\.firstOffset).min() ?? .max }

    /// Takes the block that was filled, which is not the last one, and provides an empty one.
    mutating func handOver(_ text: DocumentText, to tally: inout DocumentTally) {
        let mustStay = isContinued || filling.block.isOpenEnded || filling.writer.trace != nil
        isContinued = filling.block.isOpenEnded
        guard workers > 0, !mustStay else { return convertHere(text, to: &tally) }
        filling.start()
        running.append(filling)
        while running.count > workers + 1 { takeFirst(text, to: &tally) }
        filling = idle.popLast() ?? make()
    }

    /// Takes the last block.
    mutating func finish(_ text: DocumentText, to tally: inout DocumentTally) {
        convertHere(text, to: &tally)
    }

    private mutating func convertHere(_ text: DocumentText, to tally: inout DocumentTally) {
        while !running.isEmpty { takeFirst(text, to: &tally) }
        guard !tally.isRejected else { return }
        filling.writer.failuresLeft = tally.remainingFailures ?? .max
        filling.convert()
        filling.give(to: &tally, text)
    }

    private mutating func takeFirst(_ text: DocumentText, to tally: inout DocumentTally) {
        let first = running.removeFirst()
        first.wait()
        first.give(to: &tally, text)
        idle.append(first)
    }
}

/// A block, and the writer that converts it.
///
/// It is handed from the thread that reads to one that converts and back; only the one that has it at the moment touches
/// block and writer: `start` gives it away, `wait` takes it back.
final class ConversionJob: @unchecked Sendable {
    var block = RowBlock()
    var writer: RecordWriter
    /// Of the block; also while it is being converted.
    private(set) var firstOffset = Int.max
    private let done = DispatchSemaphore(value: 0)
    private static let queue = DispatchQueue(label: "qiao.conversion", attributes: .concurrent)

    init(_ writer: consuming RecordWriter) {
        self.writer = writer
    }

    /// Converts the block on another thread.
    func start() {
        firstOffset = block.firstOffset
        Self.queue.async { [self] in
            convert()
            done.signal()
        }
    }

    /// Waits until the block is converted.
    func wait() {
        done.wait()
    }

    func convert() {
        writer.convert(block)
    }

    /// Adds the result to the document's and empties the block.
    func give(to tally: inout DocumentTally, _ text: DocumentText) {
        tally.add(block, writer, text)
        writer.trace?.settle(in: block) { text.original($0) }
        writer.reset()
        block.removeAll()
    }
}
