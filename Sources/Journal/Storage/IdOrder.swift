/// What is put into the order of ids.
protocol Identified {
    var id: Fingerprint { get }
}

extension Fingerprint: Identified {
    var id: Fingerprint { self }
}

/// Puts what has ids into their order.
enum IdOrder {
    // A bucket of more is no matter of chance, and putting it in order one by one would take too long.
    private static let bucketLimit = 32

    /// The elements in the order of their ids, those of one id in their own order.
    ///
    /// Ids are hashes: by their first bits they fall into buckets of one or two.
    ///
    /// - Parameter bits: First bits in which all ids agree.
    static func sorted<Element: Identified>(_ elements: [Element], agreeingIn bits: Int = 0) -> [Element] {
        guard elements.count > 64 else { return sortedByComparing(elements) }
        let shift = UInt64(elements.count.leadingZeroBitCount)
        var ends = [Int32](repeating: 0, count: 1 << (64 - Int(shift)) + 1)
        for element in elements { ends[bucket(element.id, bits, shift) + 1] += 1 }
        guard ends.allSatisfy({ $0 <= bucketLimit }) else { return sortedByComparing(elements) }
        for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
        var sorted = [Element](repeating: elements[0], count: elements.count)
        for element in elements {
            let bucket = bucket(element.id, bits, shift)
            sorted[Int(ends[bucket])] = element
            ends[bucket] += 1
        }
        // Buckets are in order, and what is within each is in its own: what is left is to move ids within their buckets.
        for index in 1..<sorted.count {
            let element = sorted[index]
            var place = index
            while place > 0, Fingerprint.precedes(element.id, sorted[place - 1].id) {
                sorted[place] = sorted[place - 1]
                place -= 1
            }
            if place < index { sorted[place] = element }
        }
        return sorted
    }

    private static func bucket(_ id: Fingerprint, _ bits: Int, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (id.high << UInt64(bits)) >> shift)
    }

    private static func sortedByComparing<Element: Identified>(_ elements: [Element]) -> [Element] {
        let order = elements.indices.sorted { left, right in
            elements[left].id == elements[right].id
                ? left < right : Fingerprint.precedes(elements[left].id, elements[right].id)
        }
        return order.map { elements[$0] }
    }
}
