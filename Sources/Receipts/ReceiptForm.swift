import Synchronization

/// The XML of a receipt with four places left open: identity, name, size and time of the filing.
///
/// Most receipts of a source say the same but for these four. XMLCoder makes the form once, in a fifth of a millisecond, and
/// thousands of small filings a second only fill it in.
struct ReceiptForm: Sendable {
    // The bytes before, between and behind the places.
    private let pieces: [ArraySlice<UInt8>]

    // A private-use character and a digit mark a place. U+E000 is 0xEE 0x80 0x80.
    private static let mark: [UInt8] = [0xEE, 0x80, 0x80]
    private static let places = (1...4).map { "\u{E000}\($0)" }

    /// Whether the receipt can be written through a form: nothing in it belongs to this filing alone but the four.
    static func fits(_ receipt: Receipt) -> Bool {
        receipt.findings.isEmpty && receipt.signers.isEmpty && receipt.duplicate == nil && receipt.fileNameBytes == nil
    }

    /// What all receipts of one form have in common, as a receipt.
    static func key(of receipt: Receipt) -> Receipt {
        var key = receipt
        key.filing = places[0]
        key.fileName = places[1]
        key.size = 0
        key.receivedAt = places[3]
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
        guard pieces.count == Self.places.count + 1 else { return nil }
        self.pieces = pieces
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
        return bytes + pieces[pieces.count - 1]
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
