import ExporterProtocol

/// A folder of segments, each named by the positions in it.
struct SegmentSink: RecordSink {
    /// When a segment ends.
    private struct Limits {
        var size = 4 << 20
        var records = 1 << 15
        var age = Duration.seconds(1)
    }

    private(set) var safePosition: UInt64 = 0
    private var options: ExporterOptions
    private var limits = Limits()
    private var folder = ""
    private var lock: SegmentFolder.Lock?
    private var epoch: SegmentEpoch?
    private var segment: Segment?
    private var begun: ContinuousClock.Instant?
    private let clock = ContinuousClock()

    init(options: ExporterOptions) {
        self.options = options
    }

    // The next look is when the segment that is open grows too old.
    var patience: Duration? {
        begun.map { max(.zero, clock.now.duration(to: $0 + limits.age)) }
    }

    mutating func open(_ start: SessionStart) throws -> ExporterReady {
        try options.add(settings: start.settings)
        guard let folder = options["folder"], !folder.isEmpty else {
            throw ExporterOptions.UsageError("'--folder' is missing: where the segments go")
        }
        self.folder = folder
        // Half of the window, so that the gateway can send on while a segment is made durable.
        limits.size = min(try options.number("size") ?? limits.size, max(1, start.window.bytes / 2))
        limits.records = max(1, min(try options.number("records") ?? .max, start.window.records / 2))
        limits.age = try options.number("age").map { .seconds($0) } ?? limits.age
        try OutputFolder.create(folder)
        lock = try SegmentFolder.Lock(folder)
        let stored = try SegmentFolder.recover(folder)
        safePosition = stored ?? start.acknowledged
        let epoch = try SegmentEpoch(folder: folder, current: start.epoch)
        self.epoch = epoch
        return ExporterReady(
            name: SegmentExporter.name, version: SegmentExporter.version, stored: stored,
            storedEpoch: stored == nil ? nil : epoch.kept)
    }

    mutating func receive(_ record: FeedRecord) throws -> RecordRejection? {
        let open = try segment ?? begin(record.position)
        try open.append(record)
        if open.size >= limits.size || open.count >= limits.records { try finish() }
        return nil
    }

    mutating func settle(_ moment: SettleMoment) throws {
        guard let begun else { return }
        if moment != .pause || clock.now - begun >= limits.age { try finish() }
    }

    private mutating func begin(_ position: UInt64) throws(FileFailure) -> Segment {
        try epoch?.keep()
        let new = try Segment(folder: folder, first: position)
        segment = new
        begun = clock.now
        return new
    }

    private mutating func finish() throws(FileFailure) {
        guard let open = segment else { return }
        safePosition = try open.finish()
        segment = nil
        begun = nil
    }
}
