/// The mentions of keys in the order of their ids, those of one id in their own order.
struct KeyMentions {
    /// One mention of a key. The rank is its place among all keys that are judged together.
    struct Mention: Identified {
        var id: Fingerprint
        var rank: Int
    }

    let sorted: [Mention]

    init(_ keys: [RecordKey]) {
        sorted = IdOrder.sorted(keys.indices.map { Mention(id: keys[$0].id, rank: $0) })
    }
}
