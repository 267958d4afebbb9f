/// What a scope has of ids, which are in their order; those that the function says are known otherwise are not looked for.
typealias KnownKeys = @Sendable ([Fingerprint], (Int) -> Bool) throws -> [StatedKey?]

/// Compares records with what their keys last were: earlier in the same filing, or in the scope.
///
/// What the filing has stated gathers in `stated`; the scope's state itself is not touched before the commit. Keys are
/// compared many at a time, in the order of their ids, so that the state is gone through from its beginning to its end.
struct KeyComparison {
    // Nil when the scope has nothing.
    private let known: (([Fingerprint], (Int) -> Bool) throws -> [StatedKey?])?
    private(set) var stated: StatedKeys

    init(stated: StatedKeys, find: (([Fingerprint], (Int) -> Bool) throws -> [StatedKey?])?) {
        known = find
        self.stated = stated
    }

    /// Notes the keys of chunks and counts what they are; for each in order, whether its record has to be journaled.
    mutating func judge(_ chunks: [RecordChunk], counting tally: inout BatchTally) throws -> [Bool] {
        var keys: [RecordKey] = []
        keys.reserveCapacity(chunks.reduce(0) { $0 + $1.keys.count })
        for chunk in chunks { keys += chunk.keys }
        let mentions = KeyMentions(keys).sorted
        var starts = mentions.indices.filter { $0 == 0 || mentions[$0].id != mentions[$0 - 1].id }
        let ids = starts.map { mentions[$0].id }
        starts.append(mentions.count)
        let earlier = try stated.find(ids)
        let known = try known?(ids) { earlier?[$0] != nil }
        var isWanted = [Bool](repeating: true, count: keys.count)
        var news: [StatedKey] = []
        news.reserveCapacity(ids.count)
        for index in ids.indices {
            var judgement = Judgement(earlier: earlier?[index], known: known?[index])
            for mention in mentions[starts[index]..<starts[index + 1]] {
                isWanted[mention.rank] = judgement.add(keys[mention.rank], counting: &tally)
            }
            if let new = judgement.outcome { news.append(new) }
        }
        stated.append(news)
        return isWanted
    }

    // What becomes of one key while its mentions are gone through in order.
    private struct Judgement {
        private let known: StatedKey?
        private var last: StatedKey?
        private var isNew = false

        init(earlier: StatedKey?, known: StatedKey?) {
            self.known = known
            last = earlier
        }

        /// What has to be noted, if anything.
        var outcome: StatedKey? { isNew ? last : nil }

        mutating func add(_ key: RecordKey, counting tally: inout BatchTally) -> Bool {
            let before = last ?? known
            if last != nil { tally.changes.repeatedKeys += 1 } else if known != nil { tally.matchedKeys += 1 }
            let isSame = before?.content == key.content.high
            if before == nil {
                tally.changes.new += 1
            } else if isSame {
                tally.changes.unchanged += 1
            } else {
                tally.changes.changed += 1
            }
            guard last == nil || !isSame else { return false }
            // A key that has differed once is written even when it is back to what it was: its last record stands.
            let differs = !isSame || last?.differs == true
            last = StatedKey(id: key.id, content: key.content.high, bodyNumber: key.bodyNumber, differs: differs)
            isNew = true
            return !isSame
        }
    }
}
