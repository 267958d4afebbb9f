import Findings
import Synchronization

/// The XML of a receipt with places left open: identity, name, size and time of the filing, and its findings where it has some.
///
/// Most receipts of a source say the same but for these. XMLCoder makes the form once, in a fifth of a millisecond, and
/// thousands of small filings a second only fill it in.
struct ReceiptForm: Sendable {
    // The bytes before, between and behind the places.
    private let pieces: [ArraySlice<UInt8>]

    // A private-use character and a digit mark a place. U+E000 is 0xEE 0x80 0x80.
    private static let mark: [UInt8] = [0xEE, 0x80, 0x80]
    private static let places = (1...5).map { "\u{E000}\($0)" }
    // Stands for all findings.
    private static let finding = Finding(FindingKind(places[4], .note, chinese: "。", english: "."))

    /// Whether the receipt can be written through a form: nothing in it belongs to this filing alone but what has a place.
    static func fits(_ receipt: Receipt) -> Bool {
        receipt.signers.isEmpty && receipt.duplicate == nil && receipt.fileNameBytes == nil
            && receipt.findings.allSatisfy(FindingElement.fits)
    }

    /// What all receipts of one form have in common, as a receipt.
    static func key(of receipt: Receipt) -> Receipt {
        var key = receipt
        key.filing = places[0]
        key.fileName = places[1]
        key.size = 0
        key.receivedAt = places[3]
        if !key.findings.isEmpty { key.findings = [finding] }
        return key
    }

    /// Makes a form; nil when the receipt itself holds the marks of places.
    init?(key: Receipt) throws(ReceiptError) {
        let bytes = try key.encoded(size: Self.places[2])
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index + Self.mark.count < bytes.count {
            if bytes[index] == Self.mark[0], bytes[index..<(index + Self.mark.count)].elementsEqual(Self.mark) {
                guard bytes[index + Self.mark.count] == 0x31 + UInt8(truncatingIfNeeded: pieces.count) else {
                    return nil
                }
                pieces.append(bytes[start..<index])
                start = index + Self.mark.count + 1
            }
            index += 1
        }
        pieces.append(bytes[start...])
        guard pieces.count == (key.findings.isEmpty ? 5 : 6) else { return nil }
        if !key.findings.isEmpty {
            // The element around the mark goes with it.
            guard pieces[4].suffix(Self.findingStart.count).elementsEqual(Self.findingStart),
                let end = Self.end(of: Self.findingEnd, in: pieces[5])
            else { return nil }
            pieces[4].removeLast(Self.findingStart.count)
            pieces[5] = pieces[5][end...]
        }
        self.pieces = pieces
    }

    private static let findingStart = Array("    <finding code=\"".utf8)
    private static let findingEnd = Array("</finding>\n".utf8)

    private static func end(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: wanted) }.map { $0 + wanted.count }
    }

    /// The XML of a receipt of this form.
    func filled(for receipt: Receipt) -> [UInt8] {
        let values = [receipt.filing, receipt.fileName, "\(receipt.size)", receipt.receivedAt]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.reduce(512) { $0 + $1.count })
        for (piece, value) in zip(pieces, values) {
            bytes += piece
            XMLText.append(escaped: XMLText.allowed(value), to: &bytes)
        }
        bytes += pieces[4]
        guard pieces.count == 6 else { return bytes }
        for finding in receipt.findings { FindingElement(finding).append(to: &bytes) }
        return bytes + pieces[5]
    }
}

/// The forms that were made, as many as a gateway's sources need.
final class ReceiptForms: Sendable {
    /// For the whole process: a form depends on nothing but its key.
    static let shared = ReceiptForms()

    private static let limit = 256
    private let forms = Mutex<[Receipt: ReceiptForm]>([:])

    func xml(of receipt: Receipt) throws(ReceiptError) -> [UInt8] {
        let key = ReceiptForm.key(of: receipt)
        if let form = forms.withLock({ $0[key] }) { return form.filled(for: receipt) }
        guard let form = try ReceiptForm(key: key) else { return try receipt.encoded() }
        forms.withLock { forms in
            if forms.count >= Self.limit { forms.removeAll(keepingCapacity: true) }
            forms[key] = form
        }
        return form.filled(for: receipt)
    }
}

extension FindingElement {
    /// Whether ``append(to:)`` writes the finding as XMLCoder does, which has its own ways with blank text.
    static func fits(_ finding: Finding) -> Bool {
        [finding.field, finding.value, finding.message.chinese, finding.message.english].allSatisfy { text in
            guard let text else { return true }
            guard let first = text.utf8.first, let last = text.utf8.last else { return false }
            return first > 0x20 && last > 0x20
        }
    }

    /// Appends the element as it stands among the findings of a receipt.
    func append(to bytes: inout [UInt8]) {
        bytes += "    <finding".utf8
        for (name, value) in [("code", code), ("severity", severity)] { append(name, value, to: &bytes) }
        for (name, value) in [("row", row), ("line", line), ("column", column), ("offset", offset)] {
            if let value { append(name, "\(value)", to: &bytes) }
        }
        bytes += ">\n".utf8
        for (name, value) in [("field", field), ("value", value), ("zh", zh), ("en", en)] {
            guard let value else { continue }
            bytes += "      <\(name)>".utf8
            XMLText.append(escaped: value, to: &bytes)
            bytes += "</\(name)>\n".utf8
        }
        bytes += "    </finding>\n".utf8
    }

    private func append(_ attribute: String, _ value: String, to bytes: inout [UInt8]) {
        bytes += " \(attribute)=\"".utf8
        XMLText.append(escaped: value, to: &bytes)
        bytes.append(0x22)
    }
}
