public import Findings

/// The folder that the receipts for a source are put into.
///
/// A receipt is `<name of the filing>.<first 12 digits of its SHA-256>.receipt.xml`, the one for a duplicate ends in
/// `.duplicate.receipt.xml`, and the table of findings in `.findings.csv`. Each file is there whole or not at all, and
/// writing it again gives the same file. None survives a power cut before the system has written it to the disk: whoever
/// relies on that has the file system written out first, for many receipts in one go.
public struct ReceiptFolder: Sendable, Hashable {
    /// The absolute path. It is made when it is needed.
    public var path: String

    /// Names a folder.
    public init(path: String) {
        self.path = path
    }

    /// The files of one receipt.
    public struct Written: Sendable, Hashable {
        /// The path of the receipt.
        public var receipt: String
        /// The path of the findings table; nil when there are no findings, and for duplicates.
        public var findings: String?
        /// The path of the signature over the receipt; nil when it is not signed.
        public var signature: String?
    }

    /// Writes a receipt, and the table of all kept findings beside it.
    ///
    /// The table comes first, so that whoever sees the receipt finds the table. A table or signature that an earlier receipt
    /// of the same name came with, and this one does not, is removed.
    ///
    /// - Parameters:
    ///   - log: All findings; nil writes no table, as for duplicates.
    ///   - sign: Makes a detached signature over the bytes of the receipt; it goes into `….receipt.xml.p7s`, before the
    ///     receipt itself. What it throws is told as ``ReceiptError/Code/notSigned``.
    @discardableResult
    public func write(
        _ receipt: Receipt, findings log: FindingLog? = nil, sign: (([UInt8]) throws -> [UInt8])? = nil
    ) throws(ReceiptError) -> Written {
        let names = ReceiptNames(receipt)
        var written = Written(receipt: "\(path)/\(names.receipt)", findings: nil)
        if let log, log.total > 0 {
            try write(log, as: names.findings)
            written.findings = "\(path)/\(names.findings)"
        } else if log != nil {
            try ReceiptFile.remove(names.findings, in: path)
        }
        let bytes = try receipt.xml()
        if let sign {
            try write(try Self.signature(of: bytes, by: sign), as: names.receipt + ".p7s")
            written.signature = "\(written.receipt).p7s"
        } else {
            try ReceiptFile.remove(names.receipt + ".p7s", in: path)
        }
        try write(bytes, as: names.receipt)
        return written
    }

    private static func signature(
        of bytes: [UInt8], by sign: ([UInt8]) throws -> [UInt8]
    ) throws(ReceiptError) -> [UInt8] {
        do {
            return try sign(bytes)
        } catch {
            throw ReceiptError(
                .notSigned, underlying: "\(error)", retryHelps: false,
                next:
                    "See to the key and certificate under “receipts” in the settings; the receipt is written again from the journal."
            )
        }
    }

    private func write(_ bytes: [UInt8], as name: String) throws(ReceiptError) {
        var file = try ReceiptFile(name, in: path)
        try file.write(bytes)
        try file.finish()
    }

    private func write(_ log: FindingLog, as name: String) throws(ReceiptError) {
        var file = try ReceiptFile(name, in: path)
        var table = FindingsTable()
        var bytes: [UInt8] = []
        for finding in log.findings {
            table.append(finding, to: &bytes)
            if bytes.count >= 1 << 16 {
                try file.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        table.finish(dropped: log.dropped, to: &bytes)
        try file.write(bytes)
        try file.finish()
    }
}

/// The names of the files of a receipt, safe on Linux and Windows whatever the filing is called.
struct ReceiptNames: Equatable {
    let receipt: String
    let findings: String

    // Leaves room within 255 bytes for the identity, the longest ending and what a temporary name adds.
    private static let limit = 180

    init(_ value: Receipt) {
        let name = Self.safe(value.duplicate?.fileName ?? value.fileName)
        let stem = "\(name).\(Self.safe(String(value.filing.prefix(12))))"
        receipt = stem + (value.duplicate == nil ? ".receipt.xml" : ".duplicate.receipt.xml")
        findings = stem + ".findings.csv"
    }

    static func safe(_ name: String) -> String {
        var safe = String.UnicodeScalarView()
        var length = 0
        for scalar in name.unicodeScalars {
            let kept = isSafe(scalar) ? scalar : "_"
            length += UTF8.width(kept)
            guard length <= limit else { break }
            safe.append(kept)
        }
        // Windows drops dots and spaces at the end; a dot at the start would hide the receipt.
        let trimmed = String(safe).trimming { $0 == "." || $0 == " " }
        return trimmed.isEmpty ? "_" : trimmed
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        if "/\\<>:\"|?*".unicodeScalars.contains(scalar) { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return false
        default: return true
        }
    }
}

extension String {
    fileprivate func trimming(_ isDropped: (Character) -> Bool) -> String {
        var text = self[...].drop(while: isDropped)
        while let last = text.last, isDropped(last) { text.removeLast() }
        return String(text)
    }
}
