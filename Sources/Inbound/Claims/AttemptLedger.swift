import Glibc
import Synchronization

/// Which claims are being converted, written down before each conversion begins.
///
/// A file of lines, one slot per attempt that runs: the id of the claim and which attempt it is, or blanks. A line is one
/// write into the page cache, so it outlives the process at the cost of a microsecond; no fsync, since it is about the end
/// of the process and not of the machine.
final class AttemptLedger: Sendable {
    /// Which attempt is running, or was when the process ended.
    enum Attempt: Int, Sendable, Comparable, CaseIterable {
        case none = 0
        case first = 1
        /// The second and the later ones run alone.
        case second = 2
        case third = 3
        case fourth = 4
        case last = 5

        /// The attempt that follows when the process ended in this one.
        var next: Attempt { Attempt(rawValue: rawValue + 1) ?? .last }

        /// What is to be thought of a claim whose attempt the process ended in.
        ///
        /// A process that crashed while it converted this claim alone was ended by it. One that was killed from outside
        /// was not, unless that happens every time: then it is rather the memory that ran out.
        func standing(afterCrash: Bool) -> ClaimedFiling.Standing {
            switch self {
            case .none: .recovered
            case .first: .suspect
            case .second, .third, .fourth: afterCrash ? .culprit : .suspect
            case .last: .culprit
            }
        }

        static func < (left: Attempt, right: Attempt) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Slots {
        var ids: [ClaimID?] = []
        var slot: [ClaimID: Int] = [:]
    }

    private static let lineLength = 34
    /// Slots that have their room on the disk before anything is claimed: more attempts than run at once. A disk that is full of
    /// filings would otherwise keep them from being taken in, and so from leaving it.
    private static let preparedSlots = 120
    /// Bytes that are read of a ledger, whatever damaged it.
    private static let sizeLimit = 1 << 24
    private static let blank = [UInt8](repeating: 0x20, count: lineLength - 1) + [0x0A]
    private let file: Descriptor
    private let slots = Mutex(Slots())
    /// What the ledger said when it was opened.
    let found: [ClaimID: Attempt]

    init(in work: Descriptor) throws(Errno) {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW
        file = try Kernel.open(KernelPath(ClaimLayout.ledger), at: work.number, flags, mode: 0o600)
        let size = min(try Kernel.shape(of: file).size, Self.sizeLimit)
        var bytes = [UInt8](repeating: 0, count: size)
        let count = try Kernel.read(file, into: &bytes, count: size, at: 0)
        found = Self.attempts(in: bytes[..<count])
    }

    // A line that cannot be read, whatever damaged it, accuses nobody.
    static func attempts(in bytes: ArraySlice<UInt8>) -> [ClaimID: Attempt] {
        var attempts: [ClaimID: Attempt] = [:]
        for line in bytes.split(separator: 0x0A) where line.count == lineLength - 1 {
            let text = String(decoding: line, as: UTF8.self)
            guard let id = ClaimID(String(text.dropLast(2))), let number = text.last?.wholeNumberValue,
                let attempt = Attempt(rawValue: number)
            else { continue }
            attempts[id] = max(attempt, attempts[id] ?? .none)
        }
        return attempts
    }

    /// Begins anew with what is still of interest.
    func keep(_ attempts: [ClaimID: Attempt]) throws(Errno) {
        let lines = attempts.filter { $0.value != .none }.sorted { $0.key < $1.key }
        slots.withLock { slots in
            slots.ids = lines.map(\.key)
            slots.slot = Dictionary(uniqueKeysWithValues: zip(lines.map(\.key), 0...))
        }
        let used = (min(try Kernel.shape(of: file).size, Self.sizeLimit) + Self.lineLength - 1) / Self.lineLength
        let blanks = max(0, max(Self.preparedSlots, used) - lines.count)
        // In place and at once, so that it needs no room, and a process that is killed leaves the old or the new.
        let bytes = lines.flatMap { Self.line($0.key, $0.value) } + repeatElement(Self.blank, count: blanks).joined()
        try Kernel.write(file, bytes[...], at: 0)
    }

    private static func line(_ id: ClaimID, _ attempt: Attempt) -> [UInt8] {
        id.characters + [0x20, 0x30 + UInt8(attempt.rawValue), 0x0A]
    }

    /// Writes down that an attempt begins, or with `.none` that it is over.
    func write(_ id: ClaimID, _ attempt: Attempt) throws(Errno) {
        let (slot, line) = slots.withLock { slots -> (Int, [UInt8]) in
            guard attempt != .none else {
                guard let slot = slots.slot.removeValue(forKey: id) else { return (-1, []) }
                slots.ids[slot] = nil
                return (slot, Self.blank)
            }
            let slot = slots.slot[id] ?? slots.ids.firstIndex(of: nil) ?? slots.ids.count
            if slot == slots.ids.count { slots.ids.append(nil) }
            slots.ids[slot] = id
            slots.slot[id] = slot
            return (slot, Self.line(id, attempt))
        }
        guard slot >= 0 else { return }
        try Kernel.write(file, line[...], at: slot * Self.lineLength)
    }
}
