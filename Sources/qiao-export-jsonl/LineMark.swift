/// What stands before the record on a line: its position, and the epoch of the journal in which it came.
///
///     {"position":"12","epoch":"0b1e64f2a97c3d58","record":
struct LineMark {
    /// The record's position.
    var position: UInt64
    /// Opaque; nil where the gateway told none, and on lines that are older than epochs.
    var epoch: String?

    /// The most bytes that a mark has.
    static let maximumLength = 128

    private static let opening = #"{"position":""#
    private static let middle = #"","epoch":""#
    private static let closing = #"","record":"#

    /// - Parameter epoch: What is empty, or is not made of a few letters and digits, is left out.
    init(position: UInt64, epoch: String) {
        self.position = position
        self.epoch = (1...64).contains(epoch.utf8.count) && epoch.utf8.allSatisfy(Self.isOfEpochs) ? epoch : nil
    }

    /// Reads the mark of a line; nil when there is none.
    init?(_ line: [UInt8]) {
        var rest = line[...]
        guard Self.take(Self.opening, from: &rest) else { return nil }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard let position = UInt64(String(decoding: digits, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(digits.count)
        var epoch = ""
        if Self.take(Self.middle, from: &rest) {
            epoch = String(decoding: rest.prefix(while: Self.isOfEpochs), as: UTF8.self)
            rest = rest.dropFirst(epoch.utf8.count)
        }
        guard Self.take(Self.closing, from: &rest) else { return nil }
        self.init(position: position, epoch: epoch)
    }

    /// Writes it.
    func append(to line: inout [UInt8]) {
        line.append(contentsOf: Self.opening.utf8)
        line.append(contentsOf: String(position).utf8)
        if let epoch {
            line.append(contentsOf: Self.middle.utf8)
            line.append(contentsOf: epoch.utf8)
        }
        line.append(contentsOf: Self.closing.utf8)
    }

    private static func take(_ text: String, from rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func isOfEpochs(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
    }
}
