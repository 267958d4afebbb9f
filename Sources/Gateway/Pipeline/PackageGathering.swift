import Foundation
import Journal
import Mappings

/// Gathers the records of all documents of a package, by what they mean: one part for all events, one for each scope.
///
/// Documents of one scope state it together. Memory is bounded for all parts in sum: the fullest goes to the journal's
/// staging when there is too much.
struct PackageGathering {
    private struct Part {
        var gathering: RecordGathering
        let scope: String?
        var documents: [String] = []
        var deletes = true
        var context = DeleteContext.none
    }

    private let journal: Journal
    private let identity: FilingIdentity
    private let source: String
    private let precedence: Precedence
    private let now: Date
    private var parts: [Part] = []

    init(
        journal: Journal, identity: FilingIdentity, source: String, precedence: Precedence = .none, at now: Date
    ) {
        self.journal = journal
        self.identity = identity
        self.source = source
        self.precedence = precedence
        self.now = now
    }

    /// Takes records of a document, and what they mean.
    mutating func take(_ batch: RecordBatch, of meaning: RecordMeaning, scope: String?) async throws {
        parts[part(of: meaning, scope)].gathering.add(batch, delivery: meaning.delivery)
        while parts.reduce(0, { $0 + $1.gathering.bytes }) >= FilingPreparation.stagingThreshold,
            let fullest = parts.indices.max(by: { parts[$0].gathering.bytes < parts[$1].gathering.bytes })
        {
            try await parts[fullest].gathering.flush(scope: parts[fullest].scope)
        }
    }

    /// Notes that a document is complete.
    ///
    /// - Parameter deletes: Whether what it does not state is gone, if it is a snapshot: not when rows were set aside.
    mutating func finish(
        _ document: String, of meaning: RecordMeaning, scope: String?, deletes: Bool, _ context: DeleteContext
    ) {
        let index = part(of: meaning, scope)
        parts[index].documents.append(document)
        parts[index].deletes = parts[index].deletes && deletes
        parts[index].context = context
        parts[index].context.document = parts[index].documents.joined(separator: ", ")
    }

    /// The parts, ready to be committed.
    mutating func finish() async throws -> [FilingPart] {
        var finished: [FilingPart] = []
        for index in parts.indices {
            let part = parts[index]
            let delivery = part.gathering.delivery(scope: part.scope, context: part.context, deletes: part.deletes)
            finished.append(FilingPart(delivery: delivery, records: try await parts[index].gathering.finish()))
        }
        return finished
    }

    /// Forgets everything.
    mutating func discard() async {
        for index in parts.indices { await parts[index].gathering.discard() }
        parts = []
    }

    private mutating func part(of meaning: RecordMeaning, _ scope: String?) -> Int {
        let isEvent = meaning.delivery == .event
        let known = parts.firstIndex { part in
            let known = part.gathering.meaning
            return isEvent ? known.delivery == .event : known == meaning && part.scope == scope
        }
        if let known { return known }
        parts.append(
            Part(
                gathering: RecordGathering(
                    journal: journal, identity: identity, meaning: meaning, source: source, precedence: precedence,
                    at: now),
                scope: isEvent ? nil : scope))
        return parts.count - 1
    }
}
