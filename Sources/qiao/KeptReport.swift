import Foundation
import Gateway
import Journal

/// What `qiao status` says about what is kept, since when and for how long.
struct KeptReport {
    private let retention: RetentionSettings
    private let archivedSince: String?
    private let quarantinedSince: String?
    private let held: HeldRecords?

    init(_ settings: Settings, held: HeldRecords?) {
        self.held = held
        retention = settings.retention
        archivedSince = settings.oldestArchivedDay
        quarantinedSince = settings.oldestQuarantinedDay
    }

    func text(_ status: JournalStatus) -> String {
        let why = held.map { "\nkept beyond retention since \(Moment.text($0.since)): \($0.hold.explanation)" }
        return table(status).text + (why ?? "")
    }

    private func table(_ status: JournalStatus) -> Table {
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
        /// Absent where nothing is older than it has to be.
        var held: HeldView?
    }

    struct HeldView: Encodable {
        var since: Date
        var route: String
        /// Absent where the route itself has not got all of them.
        var deadLetter: Int64?
        var why: String

        init(_ held: HeldRecords) {
            since = held.since
            why = held.hold.explanation
            switch held.hold {
            case .route(let name): route = name
            case .deadLetter(let number, let name): (deadLetter, route) = (number, name)
            }
        }
    }

    func view(_ status: JournalStatus) -> View {
        View(
            recordsSince: status.recordsSince, recordsFrom: status.prunedThrough + 1, archiveSince: archivedSince,
            quarantineSince: quarantinedSince, records: RetentionSettings.text(of: retention.records),
            archive: RetentionSettings.text(of: retention.archive),
            quarantine: RetentionSettings.text(of: retention.quarantine), held: held.map(HeldView.init))
    }
}
