import Foundation
import Gateway
import Journal

/// What `qiao status` says about what is kept, since when and for how long.
struct KeptReport {
    private let retention: RetentionSettings
    private let archivedSince: String?
    private let quarantinedSince: String?

    init(_ settings: Settings) {
        retention = settings.retention
        archivedSince = settings.oldestArchivedDay
        quarantinedSince = settings.oldestQuarantinedDay
    }

    func table(_ status: JournalStatus) -> Table {
        var table = Table(["KEPT", "SINCE", "FOR"])
        let place = status.prunedThrough > 0 ? ", position \(status.prunedThrough + 1)" : ""
        table.add([
            "records", Moment.text(status.recordsSince) + place, RetentionSettings.text(of: retention.records),
        ])
        table.add(["archive", archivedSince ?? "-", RetentionSettings.text(of: retention.archive)])
        table.add(["quarantine", quarantinedSince ?? "-", RetentionSettings.text(of: retention.quarantine)])
        return table
    }

    /// The same for machines.
    struct View: Encodable {
        var recordsSince: Date?
        var recordsFrom: Int64
        var archiveSince, quarantineSince: String?
        var records, archive, quarantine: String
    }

    func view(_ status: JournalStatus) -> View {
        View(
            recordsSince: status.recordsSince, recordsFrom: status.prunedThrough + 1, archiveSince: archivedSince,
            quarantineSince: quarantinedSince, records: RetentionSettings.text(of: retention.records),
            archive: RetentionSettings.text(of: retention.archive),
            quarantine: RetentionSettings.text(of: retention.quarantine))
    }
}
