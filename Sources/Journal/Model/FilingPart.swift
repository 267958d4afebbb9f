/// The records of a filing that mean one thing: those of one scope, or its events.
///
/// A package whose documents are of several kinds has several parts. They are committed together or not at all.
public struct FilingPart: Sendable {
    /// What the records mean for those that are already there.
    public var delivery: Delivery
    /// The records.
    public var records: FilingRecords

    /// Pairs records with what they mean.
    public init(delivery: Delivery, records: FilingRecords) {
        self.delivery = delivery
        self.records = records
    }
}

extension JournaledFiling {
    /// All parts, in order. Their scopes differ.
    var parts: [FilingPart] { [FilingPart(delivery: delivery, records: records)] + furtherParts }

    /// The filing with one of its parts alone.
    func alone(_ part: FilingPart) -> JournaledFiling {
        var copy = self
        copy.delivery = part.delivery
        copy.records = part.records
        copy.furtherParts = []
        return copy
    }
}
