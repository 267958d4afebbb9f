import Synchronization

/// A writer that one thread at a time uses: the caller its own, others those that they took from the pool.
final class WriterBox: @unchecked Sendable {
    var writer: RecordWriter

    init(_ writer: consuming RecordWriter) {
        self.writer = writer
    }
}

/// Writers for the threads of a conversion, made when they are needed. What was put back last is taken first.
final class WriterPool: Sendable {
    private let free = Mutex<[WriterBox]>([])
    private let make: @Sendable () -> WriterBox

    init(_ make: @escaping @Sendable () -> WriterBox) {
        self.make = make
    }

    func take() -> WriterBox {
        free.withLock { $0.popLast() } ?? make()
    }

    func putBack(_ box: WriterBox) {
        free.withLock { $0.append(box) }
    }
}
