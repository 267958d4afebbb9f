/// The mentions of keys in the order of their ids, those of one id in their own order.
struct KeyMentions {
    /// One mention of a key. The rank is its place among all keys that are judged together.
    struct Mention {
        var id: Fingerprint
        var rank: Int
    }

    let sorted: [Mention]

    // Ids are hashes: by their first bits they fall into buckets of one or two.
    private static let bucketBits: UInt64 = 12
    // A bucket of more is no matter of chance, and putting it in order one by one would take too long.
    private static let bucketLimit = 32

    init(_ keys: [RecordKey]) {
        var ends = [Int](repeating: 0, count: 1 << Self.bucketBits + 1)
        for key in keys { ends[Self.bucket(key.id) + 1] += 1 }
        guard keys.count > 64, ends.allSatisfy({ $0 <= Self.bucketLimit }) else {
            sorted = keys.indices.map { Mention(id: keys[$0].id, rank: $0) }.sorted { left, right in
                left.id == right.id ? left.rank < right.rank : Fingerprint.precedes(left.id, right.id)
            }
            return
        }
        for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
        var mentions = [Mention](repeating: Mention(id: keys[0].id, rank: 0), count: keys.count)
        for rank in keys.indices {
            let bucket = Self.bucket(keys[rank].id)
            mentions[ends[bucket]] = Mention(id: keys[rank].id, rank: rank)
            ends[bucket] += 1
        }
        // Buckets are in order, and within each the ranks; what is left is to move ids within their buckets.
        for index in mentions.indices.dropFirst() {
            let mention = mentions[index]
            var place = index
            while place > 0, Fingerprint.precedes(mention.id, mentions[place - 1].id) {
                mentions[place] = mentions[place - 1]
                place -= 1
            }
            mentions[place] = mention
        }
        sorted = mentions
    }

    private static func bucket(_ id: Fingerprint) -> Int { Int(truncatingIfNeeded: id.high >> (64 - bucketBits)) }
}
