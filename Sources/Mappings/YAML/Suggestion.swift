/// Finds the word that was probably meant.
public enum Suggestion {
    /// The candidate nearest to `word`, or nil where none is near enough to be worth naming.
    ///
    /// Near enough is a third of the longer word's characters, at least one; upper and lower case, hyphens and
    /// underscores count as equal, and a swap of neighbours as one change. A word that begins with the other is near,
    /// too.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        guard word.utf8.count <= longestWord else { return nil }
        let folded = fold(word)
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate != word && candidate.utf8.count <= longestWord {
            let other = fold(candidate)
            let longest = max(folded.count, other.count)
            let limit = longest <= 2 ? 1 : max(1, (longest + 1) / 3)
            let distance = self.distance(folded, other)
            guard distance <= limit && distance < longest || isBeginning(folded, other) else { continue }
            if best.map({ (distance, candidate) < ($0.distance, $0.candidate) }) ?? true {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    // Comparing two words takes the product of their lengths. Bytes.
    private static let longestWord = 256

    // `mobile_number` for `mobile`, and the other way round.
    private static func isBeginning(_ left: [Character], _ right: [Character]) -> Bool {
        let shorter = min(left.count, right.count)
        return shorter >= 4 && left.prefix(shorter) == right.prefix(shorter)
    }

    private static func fold(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "-" ? "_" : $0 }
    }

    /// Optimal string alignment distance: insert, delete, replace, swap neighbours.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
