import CanonicalRecords
import ExporterProtocol

/// A file of JSON lines that keeps the position of each record beside it.
struct JSONLinesSink: RecordSink {
    private(set) var safePosition: UInt64 = 0
    let patience: Duration? = nil

    private var options: ExporterOptions
    private let json = RecordJSON()
    private var file: LineFile?
    private var isBare = false
    private var lastPosition: UInt64 = 0
    private var epoch = ""
    private var line: [UInt8] = []

    init(options: ExporterOptions) {
        self.options = options
    }

    mutating func open(_ start: SessionStart) throws -> ExporterReady {
        try options.add(settings: start.settings)
        isBare = try options.flag("bare")
        guard let path = options["output"], !path.isEmpty else {
            throw ExporterOptions.UsageError("'--output' is missing: the file that records go to")
        }
        guard path != "-" else {
            throw ExporterOptions.UsageError("'--output -' cannot be: standard output belongs to the gateway")
        }
        let file = try LineFile(path: path)
        self.file = file
        let stored = isBare ? nil : try file.lastMark()
        lastPosition = stored?.position ?? start.acknowledged
        safePosition = lastPosition
        epoch = start.epoch
        return ExporterReady(
            name: JSONLinesExporter.name, version: JSONLinesExporter.version, stored: stored?.position,
            storedEpoch: stored?.epoch)
    }

    mutating func receive(_ record: FeedRecord) throws -> RecordRejection? {
        line.removeAll(keepingCapacity: true)
        if !isBare { LineMark(position: record.position, epoch: epoch).append(to: &line) }
        do {
            try json.append(record.bytes.span, to: &line, revealing: true)
        } catch {
            return RecordRejection(position: record.position, reason: "the bytes are no record", retry: false)
        }
        if !isBare { line.append(0x7D) }
        line.append(0x0A)
        try file?.append(line)
        lastPosition = record.position
        return nil
    }

    mutating func settle(_ moment: SettleMoment) throws {
        guard safePosition < lastPosition else { return }
        try file?.sync()
        safePosition = lastPosition
    }
}
