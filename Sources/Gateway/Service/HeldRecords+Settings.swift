public import Foundation
public import Journal

extension Settings {
    /// What is older than its retention and kept because somebody needs it, records or archived originals: both wait for
    /// the same. Nil when there is nothing of the kind.
    ///
    /// - Parameters:
    ///   - journal: The journal of these settings.
    ///   - now: When this is.
    public func heldRecords(in journal: Journal, at now: Date) async throws -> HeldRecords? {
        // Originals leave by whole days.
        let periods = [retention.records, retention.archive.map { $0 + .seconds(86_400) }].compactMap { $0 }
        guard let shortest = periods.min(), !routes.isEmpty else { return nil }
        return try await journal.heldRecords(
            olderThan: now.before(shortest), deliveredTo: routes.map(\.name), at: now)
    }
}

extension PruneHold {
    /// What needs them, and what to do.
    public var explanation: String {
        switch self {
        case .route(let name): "route \(name) has not got all of them yet; see to its exporter"
        case .deadLetter(let number, let route):
            "dead letter \(number) of route \(route) is open; send it again or let it go: qiao replay \(number), "
                + "qiao dismiss \(number)"
        }
    }
}

extension Date {
    func before(_ period: Duration) -> Date { addingTimeInterval(-(period / .seconds(1))) }
}
